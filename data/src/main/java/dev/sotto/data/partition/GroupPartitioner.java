package dev.sotto.data.partition;

import dev.sotto.data.DataException;
import dev.sotto.data.Examples;
import dev.sotto.data.Grouping;
import dev.sotto.data.Partition;
import dev.sotto.data.Partitioner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Natural partition: all examples with the same value of a column, or from the same file, are with one client. With as
 * many clients as groups, client k holds group k; with fewer clients, groups go, largest first, to the client that has
 * least so far. Empty groups are left out. The seed is not used.
 *
 * @param by "file", or the name of a column
 */
public record GroupPartitioner(String by) implements Partitioner {
    /** Each file's examples stay together. */
    public static GroupPartitioner byFile() {
        return new GroupPartitioner("file");
    }

    @Override
    public Partition split(Examples examples, int clients, long seed) {
        Deal.check(examples, clients);
        Grouping grouping = examples.grouping(by)
                .orElseThrow(() -> new DataException("partition by " + by + ": the data have no column '" + by
                        + "' whose values are groups (and \"file\" needs data from files)"));
        List<int[]> groups = groups(grouping);
        if (clients > groups.size()) {
            throw new DataException("partition by " + by + ": " + clients + " clients, but only " + groups.size()
                    + " groups have examples");
        }
        if (clients == groups.size()) {
            return new Partition(groups);
        }
        groups.sort(Comparator.comparingInt((int[] group) -> -group.length));
        IntStream.Builder[] dealt = new IntStream.Builder[clients];
        Arrays.setAll(dealt, c -> IntStream.builder());
        int[] sizes = new int[clients];
        for (int[] group : groups) {
            int least = 0;
            for (int c = 1; c < clients; c++) {
                least = sizes[c] < sizes[least] ? c : least;
            }
            Arrays.stream(group).forEach(dealt[least]::add);
            sizes[least] += group.length;
        }
        List<int[]> indices = new ArrayList<>();
        for (IntStream.Builder client : dealt) {
            indices.add(client.build().toArray());
        }
        return new Partition(indices);
    }

    private static List<int[]> groups(Grouping grouping) {
        IntStream.Builder[] members = new IntStream.Builder[grouping.names().size()];
        Arrays.setAll(members, g -> IntStream.builder());
        for (int i = 0; i < grouping.size(); i++) {
            members[grouping.group(i)].add(i);
        }
        List<int[]> groups = new ArrayList<>();
        for (IntStream.Builder group : members) {
            int[] indices = group.build().toArray();
            if (indices.length > 0) {
                groups.add(indices);
            }
        }
        return groups;
    }
}
