package dev.sotto.data.partition;

import dev.sotto.data.DataException;
import dev.sotto.data.Examples;
import dev.sotto.data.Partition;
import dev.sotto.data.Partitioner;
import dev.sotto.data.SeededRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Gives each client exactly k classes: a shuffled list of the classes is dealt round and round, k to each client, and
 * the examples of a class are divided evenly among the clients that have it. Classes that nobody has are left out,
 * which happens when clients times k is less than the number of classes.
 *
 * @param classesPerClient k, at least 1 and at most the number of classes
 */
public record PathologicalPartitioner(int classesPerClient) implements Partitioner {
    public PathologicalPartitioner {
        if (classesPerClient < 1) {
            throw new DataException(
                    "partition pathological: classes-per-client is " + classesPerClient + "; it must be at least 1");
        }
    }

    @Override
    public Partition split(Examples examples, int clients, long seed) {
        Deal.check(examples, clients);
        SeededRandom random = SeededRandom.stream(seed, "partition/pathological", 0);
        int[][] all = ClassIndex.of(examples, "pathological", random);
        int[][] byClass = Arrays.stream(all).filter(c -> c.length > 0).toArray(int[][]::new);
        if (classesPerClient > byClass.length) {
            throw new DataException("partition pathological: classes-per-client is " + classesPerClient + ", but only "
                    + byClass.length + " classes have examples");
        }
        int[] order = Deal.shuffled(byClass.length, random);
        List<List<Integer>> holders = new ArrayList<>();
        IntStream.range(0, byClass.length).forEach(k -> holders.add(new ArrayList<>()));
        for (int c = 0; c < clients; c++) {
            for (int j = 0; j < classesPerClient; j++) {
                long dealt = (long) c * classesPerClient + j;
                holders.get(order[(int) (dealt % order.length)]).add(c);
            }
        }
        return divided(byClass, holders, clients);
    }

    private static Partition divided(int[][] byClass, List<List<Integer>> holders, int clients) {
        IntStream.Builder[] dealt = new IntStream.Builder[clients];
        Arrays.setAll(dealt, c -> IntStream.builder());
        for (int k = 0; k < byClass.length; k++) {
            List<Integer> having = holders.get(k);
            if (having.size() > byClass[k].length) {
                throw new DataException("partition pathological: " + having.size() + " clients should share a class"
                        + " that has only " + byClass[k].length + " examples; use fewer clients or classes-per-client");
            }
            for (int i = 0; i < byClass[k].length && !having.isEmpty(); i++) {
                dealt[having.get(i % having.size())].add(byClass[k][i]);
            }
        }
        List<int[]> indices = new ArrayList<>();
        for (IntStream.Builder client : dealt) {
            indices.add(client.build().toArray());
        }
        return new Partition(indices);
    }
}
