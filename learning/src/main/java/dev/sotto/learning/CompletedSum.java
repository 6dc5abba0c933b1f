package dev.sotto.learning;

import dev.sotto.privacy.ReleasedValues;

/**
 * Has a network complete the sum it began, stretch by stretch, before noise is added to it, and then descends along it: each
 * stretch of a large model comes from memory once.
 *
 * @param network that began the sum
 * @param descent along what is released
 */
public record CompletedSum(Network network, Descent descent) implements ReleasedValues {
    @Override
    public void complete(float[] values, int to) {
        network.completeSum(values, to);
    }

    @Override
    public void take(float[] values, int from, int to) {
        descent.take(values, from, to);
    }
}
