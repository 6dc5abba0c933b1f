package dev.sotto.federation.strategy;

import dev.sotto.privacy.Require;
import java.util.List;

/**
 * The coordinate-wise trimmed mean (Yin et al., "Byzantine-Robust Distributed Learning: Towards Optimal Statistical Rates",
 * 2018, option II): of n values the floor(beta n) largest and as many of the smallest are left out. Withstands a share beta
 * of the clients.
 *
 * @param beta left out at each end; at least 0 and below 0.5
 * @param learningRate multiplies the mean; 1 for none
 */
public record FedTrimmedAvg(double beta, double learningRate) implements RobustStrategy {
    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public FedTrimmedAvg {
        if (!(beta >= 0 && beta < 0.5)) {
            throw new IllegalArgumentException(
                    "beta of the trimmed mean is " + beta + "; it must be at least 0 and below 0.5");
        }
        Require.positive("server learning rate", learningRate);
    }

    @Override
    public String name() {
        return "fedtrimmedavg";
    }

    @Override
    public float[] combine(List<float[]> updates) {
        int cut = (int) (beta * updates.size() + 1e-9);
        return Coordinates.combine(updates, sorted -> Coordinates.mean(sorted, cut, sorted.length - cut));
    }
}
