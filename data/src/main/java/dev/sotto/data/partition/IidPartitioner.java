package dev.sotto.data.partition;

import dev.sotto.data.Examples;
import dev.sotto.data.Partition;
import dev.sotto.data.Partitioner;
import dev.sotto.data.SeededRandom;
import java.util.Arrays;

/** Shuffles all examples and deals them out evenly: sizes differ by at most one. */
public record IidPartitioner() implements Partitioner {
    @Override
    public Partition split(Examples examples, int clients, long seed) {
        Deal.check(examples, clients);
        double[] equal = new double[clients];
        Arrays.fill(equal, 1);
        int[] order = Deal.shuffled(examples.size(), SeededRandom.stream(seed, "partition/iid", 0));
        return Deal.cut(order, Deal.sizes(examples.size(), equal));
    }
}
