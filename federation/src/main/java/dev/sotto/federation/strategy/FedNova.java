package dev.sotto.federation.strategy;

import dev.sotto.federation.Aggregate;
import dev.sotto.federation.LocalMethod;
import dev.sotto.federation.Strategy;
import dev.sotto.federation.WeightedSum;
import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * Normalised averaging (Wang et al., "Tackling the Objective Inconsistency Problem in Heterogeneous Federated Optimization",
 * 2020, equations 9 and 10): each update is divided by how many gradients' worth its client moved, |a_i|_1, so that clients
 * with more steps do not pull the model towards their own optimum:
 *
 * <pre>  w = w + eta (sum_i p_i |a_i|_1) sum_i p_i delta_i / |a_i|_1</pre>
 *
 * Without momentum, weight decay and proximal term |a_i|_1 is the client's number of steps. If all are alike, this is {@link
 * FedAvg}. Clients work |a_i|_1 out for themselves and send it; they must train with gradient descent.
 *
 * @param byExamples whether an update weighs its client's examples, or all weigh the same
 * @param learningRate eta of the server; 1 in the paper
 * @param mu of a proximal term at the clients; 0 for none
 */
public record FedNova(boolean byExamples, double learningRate, double mu) implements Strategy {
    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public FedNova {
        Require.positive("server learning rate", learningRate);
        Require.nonNegative("mu of the proximal term", mu);
    }

    @Override
    public String name() {
        return "fednova";
    }

    @Override
    public boolean usesExampleCounts() {
        return byExamples;
    }

    @Override
    public LocalMethod method() {
        return new LocalMethod.Counted(mu);
    }

    @Override
    public Optional<String> unbounded() {
        return Optional.of(
                "updates are divided by their clients' numbers of steps and multiplied by the mean of these, "
                        + "which depends on the clients' data");
    }

    @Override
    public Aggregate begin(int size, int round, long mostWeight) {
        return new NormalisedSum(size, new WeightedSum(size + 1, round, byExamples, mostWeight));
    }

    @Override
    public void update(float[] parameters, Aggregate gathered) {
        NormalisedSum sum = (NormalisedSum) gathered;
        FedAvg.move(parameters, learningRate * sum.meanLength(), sum.mean());
    }
}
