package dev.sotto.privacy.accounting;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * One pair for losses of 0 and above, another below: sampling without replacement under replace-one (Zhu, Dong, Wang 2022,
 * theorem 11). Both must have the same total variation.
 */
record SplitPair(LossPair positive, LossPair negative) implements LossPair {
    @Override
    public void masses(double loss, double[] into) {
        (loss >= 0 ? positive : negative).masses(loss, into);
        if (loss >= 0) {
            into[2] = 1 - into[0];
            into[3] = 1 - into[1];
        } else {
            into[0] = 1 - into[2];
            into[1] = 1 - into[3];
        }
    }

    @Override
    public double[] points(double tail) {
        DoubleStream up = Arrays.stream(positive.points(tail)).filter(x -> x > 0);
        DoubleStream down = Arrays.stream(negative.points(tail)).filter(x -> x < 0);
        return DoubleStream.concat(down, DoubleStream.concat(DoubleStream.of(0), up))
                .toArray();
    }

    @Override
    public LossPair flipped() {
        return this;
    }

    @Override
    public boolean symmetric() {
        return true;
    }
}
