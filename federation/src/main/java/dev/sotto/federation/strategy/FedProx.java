package dev.sotto.federation.strategy;

import dev.sotto.federation.LocalMethod;
import dev.sotto.federation.MeanStrategy;
import dev.sotto.privacy.Require;

/**
 * Averages of updates whose clients were held near the round's model by the term mu/2 |w - w_t|^2 (Li et al., "Federated
 * Optimization in Heterogeneous Networks", 2020, algorithm 2). With mu 0 it is {@link FedAvg}.
 *
 * @param byExamples whether an update weighs its client's examples, or all weigh the same
 * @param learningRate of the server; 1 for plain averaging
 * @param mu of the proximal term; 0 or above
 */
public record FedProx(boolean byExamples, double learningRate, double mu) implements MeanStrategy {
    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public FedProx {
        Require.positive("server learning rate", learningRate);
        Require.nonNegative("mu of the proximal term", mu);
    }

    @Override
    public String name() {
        return "fedprox";
    }

    @Override
    public boolean usesExampleCounts() {
        return byExamples;
    }

    @Override
    public LocalMethod method() {
        return new LocalMethod.Proximal(mu);
    }

    @Override
    public void step(float[] parameters, float[] mean, double share) {
        FedAvg.move(parameters, learningRate, mean);
    }
}
