package dev.sotto.federation.strategy;

import dev.sotto.federation.Aggregate;
import dev.sotto.federation.Strategy;
import java.util.List;
import java.util.Optional;

/**
 * A strategy that must see each update by itself, so that a few malicious ones cannot move the model at will. Keeps all
 * updates of a round: memory is cohort times model. All clients weigh the same, since how many examples a client claims is
 * nothing to trust.
 *
 * <p>None of these has a bounded sensitivity that shrinks with the cohort, and the coordinator reads every update, so neither
 * client-level privacy nor secure aggregation goes with them.
 */
public interface RobustStrategy extends Strategy {
    /** Multiplies what was made of the updates. */
    double learningRate();

    /**
     * Makes one update of many.
     *
     * @param updates in the order of their clients' ids, at least {@link #leastUpdates}, all finite and of one length; not
     *     to be changed
     */
    float[] combine(List<float[]> updates);

    @Override
    default boolean usesExampleCounts() {
        return false;
    }

    @Override
    default Optional<String> unbounded() {
        return Optional.of(
                "one client can decide which of the others' updates count, "
                        + "so no bound on its influence shrinks with the cohort; robust strategies read every update by itself");
    }

    @Override
    default Aggregate begin(int size, int round, long mostWeight) {
        return new GatheredUpdates(size, round);
    }

    @Override
    default void update(float[] parameters, Aggregate gathered) {
        FedAvg.move(parameters, learningRate(), combine(((GatheredUpdates) gathered).inOrder()));
    }
}
