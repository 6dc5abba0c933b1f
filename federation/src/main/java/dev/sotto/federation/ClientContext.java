package dev.sotto.federation;

import dev.sotto.data.Examples;
import dev.sotto.learning.GradientCorrection;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.ExampleMechanism;
import dev.sotto.privacy.random.RandomStream;
import java.util.Optional;

/**
 * One client in one round, as its training code sees it.
 *
 * @param id the client
 * @param round from 1
 * @param examples its training examples
 * @param settings how to train
 * @param rate multiplies the learning rate in this round
 * @param random for shuffling and dropout
 * @param correction what the round's strategy adds to each gradient, after the noise if there is any; training code that
 *     leaves it out trains as if the strategy did not ask
 * @param privacy with example-level privacy: how many steps are reserved, and the mechanism that every gradient passes
 */
public record ClientContext(
        String id,
        int round,
        Examples examples,
        TrainingSettings settings,
        double rate,
        RandomStream random,
        GradientCorrection correction,
        Optional<Private> privacy) {

    /** The same client in the same round with other examples. */
    public ClientContext on(Examples others) {
        return new ClientContext(id, round, others, settings, rate, random, correction, privacy);
    }

    /**
     * The reserved part of the plan.
     *
     * @param steps exactly how often {@code mechanism.release} is to be called
     * @param mechanism draws batches, clips, adds noise
     */
    public record Private(int steps, ExampleMechanism mechanism) {}
}
