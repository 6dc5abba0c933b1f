package dev.sotto.experiment;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.DataSource;
import dev.sotto.data.Examples;
import dev.sotto.data.Grouping;
import dev.sotto.data.Partition;
import dev.sotto.data.PartitionSummary;
import dev.sotto.data.Partitioner;
import dev.sotto.data.partition.GroupPartitioner;
import dev.sotto.data.partition.RangePartitioner;
import dev.sotto.formats.config.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The section {@code data}: where examples come from and how they are dealt out.
 *
 * @param clients how many to deal to; empty for what the data suggests
 * @param seed of generated data, of the split and of what is held out for testing
 */
record DataReader(DataSource source, Partitioner partitioner, Optional<Integer> clients, long seed) {
    static final int MOST_CLIENTS = 1_000_000;
    private static final int FEW = 2;

    /**
     * Reads the section.
     *
     * @param guarded whether examples are protected: then none is set aside for testing, which is exact, unless asked for
     */
    static DataReader read(Section data, boolean guarded) {
        long seed = data.wide("seed").orElse(1L);
        data.resolve("seed", JsonNodeFactory.instance.numberNode(seed));
        DataReader reader = new DataReader(
                SourceReader.read(data, seed, guarded),
                PartitionReader.read(data),
                data.integer("clients", 1, MOST_CLIENTS),
                seed);
        data.end();
        return reader;
    }

    DataSet load(DataContext context) {
        return source.load(context);
    }

    /**
     * Examples dealt out.
     *
     * @param test central test data
     */
    record Dealt(List<ClientData> clients, Optional<Examples> test, PartitionSummary split) {}

    /** Deals a data set out; each client holds the last share of its examples back for evaluation. */
    Dealt deal(DataSet dataSet, double validationFraction) {
        Examples train = dataSet.train();
        Partition partition = split(train);
        List<String> ids = ids(train, partition);
        List<ClientData> dealt = new ArrayList<>();
        for (int i = 0; i < partition.size(); i++) {
            dealt.add(client(ids.get(i), train, partition.clients().get(i), validationFraction));
        }
        return new Dealt(List.copyOf(dealt), dataSet.test(), partition.summary(train));
    }

    private Partition split(Examples train) {
        try {
            return partitioner.split(train, clients.orElseGet(() -> suggested(train)), seed);
        } catch (DataException e) {
            throw new DataException("data: " + e.getMessage(), e);
        }
    }

    private int suggested(Examples train) {
        if (partitioner instanceof RangePartitioner ranges) {
            return ranges.sizes().size();
        }
        return grouping(train).map(groups -> groups.names().size()).orElse(FEW);
    }

    private Optional<Grouping> grouping(Examples train) {
        return partitioner instanceof GroupPartitioner groups ? train.grouping(groups.by()) : Optional.empty();
    }

    /** Clients are called as their group where each is one, else by number. */
    private List<String> ids(Examples train, Partition partition) {
        List<String> numbered = IntStream.range(0, partition.size())
                .mapToObj(i -> "client-" + i)
                .toList();
        Optional<Grouping> grouping = grouping(train);
        if (grouping.isEmpty() || grouping.get().names().size() != partition.size()) {
            return numbered;
        }
        List<String> named = partition.clients().stream()
                .map(own -> grouping.get().names().get(grouping.get().group(own[0])))
                .map(DataReader::id)
                .toList();
        return named.stream().distinct().count() == named.size() ? named : numbered;
    }

    /** A group's name as an id: a file without its folder and endings, and no characters that paths or shells mind. */
    private static String id(String group) {
        String name = group.substring(Math.max(group.lastIndexOf('/'), group.lastIndexOf('\\')) + 1);
        return name.replaceFirst("(\\.(csv|data|txt|tsv))?(\\.gz)?$", "").replaceAll("[^A-Za-z0-9._-]", "-");
    }

    /** A client's own examples, of which it holds back the last share. */
    static ClientData client(String id, Examples all, int[] own, double validationFraction) {
        int held = (int) Math.round(validationFraction * own.length);
        if (held == own.length) {
            throw new DataException("validation-fraction: it leaves " + id + " without training examples");
        }
        Optional<Examples> heldOut = held == 0
                ? Optional.empty()
                : Optional.of(all.select(Arrays.copyOfRange(own, own.length - held, own.length)));
        return new ClientData(id, all.select(Arrays.copyOf(own, own.length - held)), heldOut);
    }
}
