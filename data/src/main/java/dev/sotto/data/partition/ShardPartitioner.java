package dev.sotto.data.partition;

import dev.sotto.data.DataException;
import dev.sotto.data.Examples;
import dev.sotto.data.Partition;
import dev.sotto.data.Partitioner;
import dev.sotto.data.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sorts the examples by label, cuts them into equal shards and deals each client the same number of shards at random
 * (McMahan et al. 2017, section 3: two shards each).
 *
 * @param shardsPerClient at least 1
 */
public record ShardPartitioner(int shardsPerClient) implements Partitioner {
    public ShardPartitioner {
        if (shardsPerClient < 1) {
            throw new DataException(
                    "partition shards: shards-per-client is " + shardsPerClient + "; it must be at least 1");
        }
    }

    @Override
    public Partition split(Examples examples, int clients, long seed) {
        Deal.check(examples, clients);
        long shards = (long) clients * shardsPerClient;
        if (shards > examples.size()) {
            throw new DataException("partition shards: " + clients + " clients with " + shardsPerClient
                    + " shards each need " + shards + " examples, there are only " + examples.size());
        }
        SeededRandom random = SeededRandom.stream(seed, "partition/shards", 0);
        int[] sorted = Arrays.stream(ClassIndex.of(examples, "shards", random))
                .flatMapToInt(Arrays::stream)
                .toArray();
        double[] equal = new double[(int) shards];
        Arrays.fill(equal, 1);
        List<int[]> cut = Deal.cut(sorted, Deal.sizes(sorted.length, equal)).clients();
        int[] order = Deal.shuffled((int) shards, random);
        List<int[]> dealt = new ArrayList<>();
        for (int c = 0; c < clients; c++) {
            dealt.add(Arrays.stream(order, c * shardsPerClient, (c + 1) * shardsPerClient)
                    .mapToObj(cut::get)
                    .flatMapToInt(Arrays::stream)
                    .toArray());
        }
        return new Partition(dealt);
    }
}
