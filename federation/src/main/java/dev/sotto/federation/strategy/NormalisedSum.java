package dev.sotto.federation.strategy;

import dev.sotto.federation.Aggregate;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.RefusedUpdateException;
import dev.sotto.federation.WeightedSum;
import java.util.Map;
import java.util.TreeMap;

/**
 * Updates over the length that follows each in its vector. Lengths are kept by client and added in the order of ids: sums of
 * doubles depend on their order. One thread at a time.
 */
final class NormalisedSum implements Aggregate {
    private final int size;
    private final WeightedSum sum;
    private final Map<String, Length> lengths = new TreeMap<>();

    private record Length(long weight, double value) {}

    /**
     * An empty one.
     *
     * @param size parameters of the model
     * @param sum for vectors of one value more
     */
    NormalisedSum(int size, WeightedSum sum) {
        this.size = size;
        this.sum = sum;
    }

    @Override
    public NormalisedSum fresh() {
        return new NormalisedSum(size, sum.fresh());
    }

    @Override
    public void add(ClientUpdate update) {
        RefusedUpdateException.requireWidth(update, size + 1);
        double length = update.delta()[size];
        if (!(length > 0 && length < Double.POSITIVE_INFINITY)) {
            throw RefusedUpdateException.of(update, "it claims to be worth " + length + " gradients");
        }
        RefusedUpdateException.requireFirst(update, lengths.keySet());
        sum.add(update, 1 / length);
        lengths.put(update.client(), new Length(sum.weight(update), length));
    }

    @Override
    public void merge(Aggregate other) {
        NormalisedSum more = (NormalisedSum) other;
        sum.merge(more.sum);
        lengths.putAll(more.lengths);
    }

    @Override
    public int updates() {
        return sum.updates();
    }

    /** The weighted mean of the updates, each over its length; what follows them is of no use. */
    float[] mean() {
        return sum.mean();
    }

    /** The weighted mean of the lengths. */
    double meanLength() {
        double total = 0;
        long weights = 0;
        for (Length length : lengths.values()) {
            total += length.weight() * length.value();
            weights += length.weight();
        }
        return total / weights;
    }
}
