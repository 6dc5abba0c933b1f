package dev.sotto.learning;

import dev.sotto.privacy.Require;

/**
 * How a client trains between two rounds. All of it is public.
 *
 * @param optimizer fresh at the start of each round: no state stays at a client
 * @param epochs passes over the client's examples per round; ignored if {@code steps} is positive
 * @param steps optimizer steps per round; 0 to go by {@code epochs}
 * @param batchSize examples per step: exactly, or under privacy on average
 * @param physicalBatchSize how many examples are handed to the engine at once; changes memory and speed, never results
 *     beyond rounding
 * @param rateDecay the learning rate is multiplied by this after each round; 1 keeps it
 */
public record TrainingSettings(
        OptimizerSpec optimizer, int epochs, int steps, int batchSize, int physicalBatchSize, double rateDecay) {

    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public TrainingSettings {
        Require.atLeast("steps", steps, 0);
        Require.atLeast("epochs", epochs, steps > 0 ? 0 : 1);
        Require.atLeast("batch size", batchSize, 1);
        Require.atLeast("physical batch size", physicalBatchSize, 1);
        Require.positive("rate decay", rateDecay);
    }

    /** One epoch a round at a constant rate. */
    public static TrainingSettings of(OptimizerSpec optimizer, int batchSize) {
        return new TrainingSettings(optimizer, 1, 0, batchSize, Math.max(1, Math.min(batchSize, 256)), 1);
    }

    /** The same for that many epochs a round. */
    public TrainingSettings withEpochs(int count) {
        return new TrainingSettings(optimizer, count, 0, batchSize, physicalBatchSize, rateDecay);
    }

    /** The same with its learning rate multiplied. */
    public TrainingSettings withRateTimes(double factor) {
        OptimizerSpec changed = optimizer.withLearningRate(factor * optimizer.learningRate());
        return new TrainingSettings(changed, epochs, steps, batchSize, physicalBatchSize, rateDecay);
    }

    /** Steps that a client with that many examples takes in a round without privacy: every example once an epoch. */
    public int stepsPerRound(int examples) {
        return steps > 0 ? steps : epochs * ceilDiv(examples, batchSize);
    }

    /** Steps in a round under privacy: an epoch is round(1/q) steps with q = batchSize / examples. */
    public int privateStepsPerRound(int examples) {
        return steps > 0 ? steps : epochs * Math.max(1, (int) Math.round((double) examples / batchSize));
    }

    private static int ceilDiv(int a, int b) {
        return (a + b - 1) / b;
    }
}
