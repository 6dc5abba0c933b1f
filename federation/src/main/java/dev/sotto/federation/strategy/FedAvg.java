package dev.sotto.federation.strategy;

import dev.sotto.federation.MeanStrategy;
import dev.sotto.privacy.Require;

/**
 * The (weighted) mean of the updates, times a server learning rate (McMahan et al., "Communication-Efficient Learning of
 * Deep Networks from Decentralized Data", 2017, algorithm 1).
 *
 * @param byExamples whether an update weighs its client's examples, or all weigh the same
 * @param learningRate 1 for plain averaging
 */
public record FedAvg(boolean byExamples, double learningRate) implements MeanStrategy {
    /** Checks the range; an {@link IllegalArgumentException} names the value and the range. */
    public FedAvg {
        Require.positive("server learning rate", learningRate);
    }

    @Override
    public String name() {
        return "fedavg";
    }

    @Override
    public boolean usesExampleCounts() {
        return byExamples;
    }

    @Override
    public void step(float[] parameters, float[] mean, double share) {
        move(parameters, learningRate, mean);
    }

    /** Moves the parameters by so much of a vector that is at least as long. */
    static void move(float[] parameters, double rate, float[] by) {
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] += (float) (rate * by[i]);
        }
    }
}
