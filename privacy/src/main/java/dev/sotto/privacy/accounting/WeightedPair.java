package dev.sotto.privacy.accounting;

import java.util.stream.DoubleStream;

/** One of two pairs, drawn at random and known to all: the losses mix. */
record WeightedPair(LossPair first, double weight, LossPair second) implements LossPair {
    @Override
    public void masses(double loss, double[] into) {
        double[] other = new double[4];
        first.masses(loss, into);
        second.masses(loss, other);
        for (int i = 0; i < 4; i++) {
            into[i] = weight * into[i] + (1 - weight) * other[i];
        }
    }

    @Override
    public double[] points(double tail) {
        return DoubleStream.concat(DoubleStream.of(first.points(tail)), DoubleStream.of(second.points(tail)))
                .sorted()
                .distinct()
                .toArray();
    }

    @Override
    public LossPair flipped() {
        return new WeightedPair(first.flipped(), weight, second.flipped());
    }
}
