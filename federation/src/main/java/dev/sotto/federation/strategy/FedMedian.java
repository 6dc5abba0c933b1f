package dev.sotto.federation.strategy;

import dev.sotto.privacy.Require;
import java.util.List;

/**
 * The coordinate-wise median of the updates (Yin et al., "Byzantine-Robust Distributed Learning: Towards Optimal Statistical
 * Rates", 2018, option I); of an even number, the mean of the two in the middle. Withstands fewer than half of the clients.
 *
 * @param learningRate multiplies the median; 1 for none
 */
public record FedMedian(double learningRate) implements RobustStrategy {
    /** Checks the range; an {@link IllegalArgumentException} names the value and the range. */
    public FedMedian {
        Require.positive("server learning rate", learningRate);
    }

    @Override
    public String name() {
        return "fedmedian";
    }

    @Override
    public float[] combine(List<float[]> updates) {
        return Coordinates.combine(updates, Coordinates::median);
    }
}
