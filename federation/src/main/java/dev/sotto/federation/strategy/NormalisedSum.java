package dev.sotto.federation.strategy;

import dev.sotto.federation.Aggregate;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.RefusedUpdateException;
import dev.sotto.federation.WeightedSum;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;

/**
 * Updates over their lengths, where a length is a function of the number of steps. Weights are counted for each number of
 * steps, in integers, so that the mean length has the same bits in every order too. One thread at a time.
 */
final class NormalisedSum implements Aggregate {
    private final IntToDoubleFunction length;
    private final WeightedSum sum;
    private final Map<Integer, Long> weights = new TreeMap<>();

    NormalisedSum(int size, int round, boolean byExamples, long mostWeight, IntToDoubleFunction length) {
        this(new WeightedSum(size, round, byExamples, mostWeight), length);
    }

    private NormalisedSum(WeightedSum sum, IntToDoubleFunction length) {
        this.sum = sum;
        this.length = length;
    }

    @Override
    public NormalisedSum fresh() {
        return new NormalisedSum(sum.fresh(), length);
    }

    @Override
    public void add(ClientUpdate update) {
        double own = update.steps() < 1 ? 0 : length.applyAsDouble(update.steps());
        if (!(own > 0)) {
            throw RefusedUpdateException.of(
                    update, update.steps() + " steps have no length that an update could be divided by");
        }
        sum.add(update, 1 / own);
        weights.merge(update.steps(), sum.weight(update), Long::sum);
    }

    @Override
    public void merge(Aggregate other) {
        NormalisedSum more = (NormalisedSum) other;
        sum.merge(more.sum);
        more.weights.forEach((steps, weight) -> weights.merge(steps, weight, Long::sum));
    }

    @Override
    public int updates() {
        return sum.updates();
    }

    /** The weighted mean of the updates, each over its length. */
    float[] mean() {
        return sum.mean();
    }

    /** The weighted mean of the lengths. */
    double meanLength() {
        double lengths = 0;
        long total = 0;
        for (Map.Entry<Integer, Long> entry : weights.entrySet()) {
            lengths += entry.getValue() * length.applyAsDouble(entry.getKey());
            total += entry.getValue();
        }
        return lengths / total;
    }
}
