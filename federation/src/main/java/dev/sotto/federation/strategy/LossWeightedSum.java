package dev.sotto.federation.strategy;

import dev.sotto.federation.Aggregate;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.RefusedUpdateException;
import dev.sotto.federation.WeightedSum;
import java.util.Map;
import java.util.TreeMap;

/**
 * Updates times a power of their client's loss, and the terms of what they are divided by. Those are kept by client and
 * added in the order of ids: sums of doubles depend on their order. One thread at a time.
 */
final class LossWeightedSum implements Aggregate {
    /** A loss of zero has no negative powers. */
    private static final double LEAST_LOSS = 1e-10;

    private final int size;
    private final double q;
    private final double lipschitz;
    private final WeightedSum sum;
    private final Map<String, Double> terms = new TreeMap<>();

    LossWeightedSum(int size, int round, long mostWeight, double q, double lipschitz) {
        this(size, new WeightedSum(size + 1, round, false, mostWeight), q, lipschitz);
    }

    private LossWeightedSum(int size, WeightedSum sum, double q, double lipschitz) {
        this.size = size;
        this.sum = sum;
        this.q = q;
        this.lipschitz = lipschitz;
    }

    @Override
    public LossWeightedSum fresh() {
        return new LossWeightedSum(size, sum.fresh(), q, lipschitz);
    }

    @Override
    public void add(ClientUpdate update) {
        RefusedUpdateException.requireWidth(update, size + 1);
        double loss = update.delta()[size];
        if (!(loss >= 0 && loss < Double.POSITIVE_INFINITY)) {
            throw RefusedUpdateException.of(update, "its loss is " + loss);
        }
        RefusedUpdateException.requireFirst(update, terms.keySet());
        double bounded = Math.max(loss, LEAST_LOSS);
        double weight = Math.pow(bounded, q);
        sum.add(update, weight);
        double squares = 0;
        for (int i = 0; i < size; i++) {
            squares += (double) update.delta()[i] * update.delta()[i];
        }
        terms.put(update.client(), weight + q * Math.pow(bounded, q - 1) * lipschitz * squares);
    }

    @Override
    public void merge(Aggregate other) {
        LossWeightedSum more = (LossWeightedSum) other;
        sum.merge(more.sum);
        terms.putAll(more.terms);
    }

    @Override
    public int updates() {
        return sum.updates();
    }

    /** The mean of the weighted updates; what follows them is of no use. */
    float[] mean() {
        return sum.mean();
    }

    /** What the sum of the weighted updates is to be divided by. */
    double denominator() {
        double total = 0;
        for (double term : terms.values()) {
            total += term;
        }
        return total;
    }
}
