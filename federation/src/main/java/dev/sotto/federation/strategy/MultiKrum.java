package dev.sotto.federation.strategy;

import dev.sotto.privacy.Require;
import java.util.List;
import java.util.OptionalInt;

/**
 * The mean of the updates with the m best scores of {@link Krum} (Blanchard et al., "Machine Learning with Adversaries:
 * Byzantine Tolerant Gradient Descent", 2017, section 5).
 *
 * @param malicious f, how many clients may lie; a round needs n of at least 2 f + 3
 * @param keep m; empty for n - f
 * @param learningRate multiplies the mean; 1 for none
 */
public record MultiKrum(int malicious, OptionalInt keep, double learningRate) implements RobustStrategy {
    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public MultiKrum {
        Require.atLeast("number of malicious clients", malicious, 0);
        keep.ifPresent(count -> Require.atLeast("number of updates that are kept", count, 1));
        Require.positive("server learning rate", learningRate);
    }

    @Override
    public String name() {
        return "multikrum";
    }

    /** More than n - f cannot be kept: they would hold a lie. */
    @Override
    public int leastUpdates() {
        return Math.max(2 * malicious + 3, malicious + keep.orElse(1));
    }

    @Override
    public float[] combine(List<float[]> updates) {
        int kept = keep.orElse(updates.size() - malicious);
        List<float[]> best = new Neighbours(updates)
                .ranked(malicious).stream().limit(kept).map(updates::get).toList();
        return Coordinates.combine(best, sorted -> Coordinates.mean(sorted, 0, sorted.length));
    }
}
