package dev.sotto.federation.strategy;

import dev.sotto.federation.Aggregate;
import dev.sotto.federation.LocalMethod;
import dev.sotto.federation.Strategy;
import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * Fair averaging (Li et al., "Fair Resource Allocation in Federated Learning", 2020, algorithm 2): clients whose loss F_k is
 * large count for more. With delta_k what training changed and L an estimate of the loss's Lipschitz constant,
 *
 * <pre>  w = w + sum_k F_k^q delta_k / sum_k (F_k^q + q F_k^(q-1) L |delta_k|^2)</pre>
 *
 * (the paper's update with L divided out). With q = 0 it is the plain mean. Clients send the received model's loss on their
 * training examples.
 *
 * @param q how fair; 0 or above
 * @param lipschitz L, above 0; the paper takes one over the clients' learning rate
 */
public record QFedAvg(double q, double lipschitz) implements Strategy {
    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public QFedAvg {
        Require.nonNegative("q", q);
        Require.positive("lipschitz", lipschitz);
    }

    @Override
    public String name() {
        return "qfedavg";
    }

    @Override
    public boolean usesExampleCounts() {
        return false;
    }

    @Override
    public LocalMethod method() {
        return new LocalMethod.StartLoss();
    }

    @Override
    public Optional<String> unbounded() {
        return Optional.of("updates are weighted by powers of the clients' losses, which have no bound");
    }

    @Override
    public Aggregate begin(int size, int round, long mostWeight) {
        return new LossWeightedSum(size, round, mostWeight, q, lipschitz);
    }

    @Override
    public void update(float[] parameters, Aggregate gathered) {
        LossWeightedSum sum = (LossWeightedSum) gathered;
        FedAvg.move(parameters, sum.updates() / sum.denominator(), sum.mean());
    }
}
