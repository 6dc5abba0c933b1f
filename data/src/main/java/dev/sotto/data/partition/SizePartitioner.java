package dev.sotto.data.partition;

import dev.sotto.data.Examples;
import dev.sotto.data.Partition;
import dev.sotto.data.Partitioner;
import dev.sotto.data.SeededRandom;
import java.util.Arrays;

/**
 * Quantity skew: examples are shuffled, and client i (from 1) gets a number in proportion to i, i squared or e to the
 * i. Every client gets at least one.
 */
public record SizePartitioner(Law law) implements Partitioner {
    /** How sizes grow from client to client. */
    public enum Law {
        LINEAR,
        SQUARE,
        EXPONENTIAL
    }

    @Override
    public Partition split(Examples examples, int clients, long seed) {
        Deal.check(examples, clients);
        double[] weights = new double[clients];
        Arrays.setAll(weights, c -> switch (law) {
            case LINEAR -> c + 1.0;
            case SQUARE -> (c + 1.0) * (c + 1.0);
            case EXPONENTIAL -> StrictMath.exp(c + 1.0 - clients);
        });
        int[] order = Deal.shuffled(examples.size(), SeededRandom.stream(seed, "partition/sizes", 0));
        return Deal.cut(order, Deal.sizes(examples.size(), weights));
    }
}
