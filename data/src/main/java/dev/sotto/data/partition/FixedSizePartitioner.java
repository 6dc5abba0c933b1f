package dev.sotto.data.partition;

import dev.sotto.data.DataException;
import dev.sotto.data.Examples;
import dev.sotto.data.Partition;
import dev.sotto.data.Partitioner;
import dev.sotto.data.SeededRandom;
import java.util.Arrays;

/**
 * Shuffles, and gives every client the same fixed number of examples; the rest is left out.
 *
 * @param examplesPerClient at least 1
 */
public record FixedSizePartitioner(int examplesPerClient) implements Partitioner {
    public FixedSizePartitioner {
        if (examplesPerClient < 1) {
            throw new DataException(
                    "partition fixed: examples-per-client is " + examplesPerClient + "; it must be at least 1");
        }
    }

    @Override
    public Partition split(Examples examples, int clients, long seed) {
        Deal.check(examples, clients);
        long needed = (long) clients * examplesPerClient;
        if (needed > examples.size()) {
            throw new DataException("partition fixed: " + clients + " clients with " + examplesPerClient
                    + " examples each need " + needed + ", there are only " + examples.size());
        }
        int[] sizes = new int[clients];
        Arrays.fill(sizes, examplesPerClient);
        return Deal.cut(Deal.shuffled(examples.size(), SeededRandom.stream(seed, "partition/fixed", 0)), sizes);
    }
}
