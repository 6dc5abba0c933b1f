package dev.sotto.privacy.clipping;

import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.Require;

/**
 * C g / (|g| + gamma): every gradient is brought to nearly the same length ("automatic clipping", Bu et al. 2023).
 *
 * @param clippingNorm C, the bound that is approached and never reached
 * @param gamma keeps a zero gradient a zero; at least 1e-12, as next to 0 a gradient can be longer than gamma although the
 *     squares of its values are 0 as floats
 */
public record NormalisingClipping(ClippingNorm clippingNorm, double gamma) implements ClippingRule {
    private static final double SMALLEST_GAMMA = 1e-12;

    /** Checks gamma. */
    public NormalisingClipping {
        if (!(Require.positive("gamma of normalising clipping", gamma) >= SMALLEST_GAMMA)) {
            throw new IllegalArgumentException(
                    "gamma of normalising clipping is " + gamma + "; it must be at least " + SMALLEST_GAMMA);
        }
    }

    @Override
    public double norm() {
        return clippingNorm.value();
    }

    @Override
    public NormalisingClipping scaledBy(double factor) {
        return new NormalisingClipping(new ClippingNorm(norm() * factor), gamma);
    }

    @Override
    public ClipFactors factors() {
        return new Factors(norm(), gamma);
    }

    @Override
    public String label() {
        return "normalising";
    }

    private record Factors(double norm, double gamma) implements ClipFactors {
        @Override
        public boolean perLayer() {
            return false;
        }

        @Override
        public float factor(double squaredNorm, int group) {
            if (!(squaredNorm < Double.POSITIVE_INFINITY)) {
                return 0;
            }
            float factor = Math.nextDown((float) (norm / (Math.sqrt(squaredNorm) + gamma)));
            return Math.max(0, Math.min(factor, Float.MAX_VALUE));
        }
    }
}
