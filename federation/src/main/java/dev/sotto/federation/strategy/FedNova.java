package dev.sotto.federation.strategy;

import dev.sotto.federation.Aggregate;
import dev.sotto.federation.LocalMethod;
import dev.sotto.federation.Strategy;
import dev.sotto.learning.OptimizerSpec.Sgd;
import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * Normalised averaging (Wang et al., "Tackling the Objective Inconsistency Problem in Heterogeneous Federated Optimization",
 * 2020, equations 9 and 10): each update is divided by how many gradients' worth its client moved, |a_i|_1, so that clients
 * with more steps do not pull the model towards their own optimum:
 *
 * <pre>  w = w + eta (sum_i p_i |a_i|_1) sum_i p_i delta_i / |a_i|_1</pre>
 *
 * Without momentum and proximal term |a_i|_1 is the client's number of steps. If all took as many, this is {@link FedAvg}.
 *
 * @param byExamples whether an update weighs its client's examples, or all weigh the same
 * @param learningRate eta of the server; 1 in the paper
 * @param local how clients descend: their steps' weights follow from momentum and weight decay
 * @param rateDecay what multiplies the clients' learning rate after each round
 * @param mu of a proximal term at the clients; 0 for none
 */
public record FedNova(boolean byExamples, double learningRate, Sgd local, double rateDecay, double mu)
        implements Strategy {
    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public FedNova {
        Require.positive("server learning rate", learningRate);
        Require.positive("rate decay", rateDecay);
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
        return mu == 0 ? new LocalMethod.Plain() : new LocalMethod.Proximal(mu);
    }

    @Override
    public Optional<String> unbounded() {
        return Optional.of(
                "updates are divided by their clients' numbers of steps and multiplied by the mean of these, "
                        + "which depends on the clients' data");
    }

    @Override
    public Aggregate begin(int size, int round, long mostWeight) {
        double pull = local.learningRate() * Math.pow(rateDecay, round - 1.0) * (mu + local.weightDecay());
        return new NormalisedSum(size, round, byExamples, mostWeight, steps -> local.accumulated(steps, pull));
    }

    @Override
    public void update(float[] parameters, Aggregate gathered) {
        NormalisedSum sum = (NormalisedSum) gathered;
        FedAvg.move(parameters, learningRate * sum.meanLength(), sum.mean());
    }
}
