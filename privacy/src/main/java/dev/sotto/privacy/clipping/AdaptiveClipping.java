package dev.sotto.privacy.clipping;

import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.Require;

/**
 * Flat clipping to a norm that follows a quantile of the gradients' norms (Andrew et al. 2021). The share of gradients
 * within the norm is estimated with noise; sum and count together are one Gaussian event of the plan's noise multiplier z,
 * so the sum gets the larger multiplier z_delta = (z^-2 - (2 countStddev)^-2)^(-1/2).
 *
 * @param initial the norm of the first step
 * @param targetQuantile the share of gradients that should lie within the norm, in [0, 1]
 * @param learningRate eta of the update C exp(-eta (share - target)); 0 keeps the norm
 * @param countStddev standard deviation of the noise on the count; z must stay below twice this
 */
public record AdaptiveClipping(ClippingNorm initial, double targetQuantile, double learningRate, double countStddev)
        implements ClippingRule {
    /** Further down a gradient can be longer than the norm although the squares of its values are 0 as floats. */
    private static final double SMALLEST_NORM = 1e-12;

    private static final double LARGEST_NORM = 1e12;

    /** Checks the ranges. */
    public AdaptiveClipping {
        Require.probability("target quantile of adaptive clipping", targetQuantile);
        Require.nonNegative("learning rate of adaptive clipping", learningRate);
        Require.positive("count noise of adaptive clipping", countStddev);
    }

    @Override
    public double norm() {
        return initial.value();
    }

    @Override
    public AdaptiveClipping scaledBy(double factor) {
        return startingAt(norm() * factor);
    }

    /** The same rule, beginning with another norm. */
    public AdaptiveClipping startingAt(double norm) {
        return new AdaptiveClipping(new ClippingNorm(norm), targetQuantile, learningRate, countStddev);
    }

    /**
     * The noise multiplier of the sum, given that of sum and count together.
     *
     * @throws IllegalArgumentException if the count alone would spend more than the whole
     */
    public double sumNoiseMultiplier(double noiseMultiplier) {
        if (!(noiseMultiplier < 2 * countStddev)) {
            throw new IllegalArgumentException("noise multiplier is " + noiseMultiplier
                    + "; with adaptive clipping it must be below twice the count noise, " + 2 * countStddev);
        }
        return 1 / Math.sqrt(1 / (noiseMultiplier * noiseMultiplier) - 1 / (4 * countStddev * countStddev));
    }

    /** The norm of the next step, from the noised share of gradients that lay within this one. */
    public double nextNorm(double norm, double noisedShare) {
        double next = norm * Math.exp(-learningRate * (noisedShare - targetQuantile));
        return Math.min(Math.max(next, SMALLEST_NORM), LARGEST_NORM);
    }

    @Override
    public ClipFactors factors() {
        return FlatClipping.of(norm()).factors();
    }

    @Override
    public String label() {
        return "adaptive";
    }
}
