package dev.sotto.federation.strategy;

import dev.sotto.privacy.Require;
import java.util.List;

/**
 * The one update that lies closest to its n - f - 2 nearest neighbours, by the sum of squared distances (Blanchard et al.,
 * "Machine Learning with Adversaries: Byzantine Tolerant Gradient Descent", 2017, section 4). Of two as close, that of the
 * smaller client id.
 *
 * @param malicious f, how many clients may lie; a round needs n of at least 2 f + 3
 * @param learningRate multiplies the update; 1 for none
 */
public record Krum(int malicious, double learningRate) implements RobustStrategy {
    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public Krum {
        Require.atLeast("number of malicious clients", malicious, 0);
        Require.positive("server learning rate", learningRate);
    }

    @Override
    public String name() {
        return "krum";
    }

    @Override
    public int leastUpdates() {
        return Math.addExact(Math.multiplyExact(2, malicious), 3);
    }

    @Override
    public float[] combine(List<float[]> updates) {
        return updates.get(new Neighbours(updates).ranked(malicious).get(0));
    }
}
