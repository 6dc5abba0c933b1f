package dev.sotto.federation;

import java.util.Optional;

/**
 * A strategy that depends on the updates through their mean alone. One client's influence on a mean of clipped updates is
 * bounded, so these are the strategies that client-level privacy can be put around: it then clips, sums and adds noise, and
 * the strategy sees only what was released.
 */
public interface MeanStrategy extends Strategy {
    /**
     * Moves the parameters in place.
     *
     * @param mean of the updates' vectors, {@code method().width(parameters.length)} values; may be changed
     * @param share of all clients that the mean speaks for, by weight; under client-level privacy the public constant
     */
    void step(float[] parameters, float[] mean, double share);

    @Override
    default Optional<String> unbounded() {
        return Optional.empty();
    }

    @Override
    default Aggregate begin(int size, int round, long mostWeight) {
        return new WeightedSum(method().width(size), round, usesExampleCounts(), mostWeight);
    }

    @Override
    default void update(float[] parameters, Aggregate gathered) {
        WeightedSum sum = (WeightedSum) gathered;
        step(parameters, sum.mean(), sum.share());
    }
}
