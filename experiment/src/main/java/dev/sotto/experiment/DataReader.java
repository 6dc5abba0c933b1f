package dev.sotto.experiment;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.DataSource;
import dev.sotto.data.Examples;
import dev.sotto.data.Partition;
import dev.sotto.data.PartitionSummary;
import dev.sotto.data.Partitioner;
import dev.sotto.data.generated.DigitsSource;
import dev.sotto.data.partition.IidPartitioner;
import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The section {@code data}: where examples come from and how they are dealt out.
 *
 * @param clients how many to deal to
 * @param seed of generated data, and of the split
 * @param testFraction of the training examples, taken for central testing where the source brings none
 */
record DataReader(DataSource source, Partitioner partitioner, int clients, long seed, double testFraction) {

    static DataReader read(Section data) {
        long seed = data.wide("seed").orElse(1L);
        String name = data.choice("source", List.of("digits"), "digits");
        DataSource source = new DigitsSource(
                data.integer("train", 10_000, 1, 10_000_000),
                data.integer("test", 2_000, 1, 10_000_000),
                seed,
                dev.sotto.data.PixelScaling.unit());
        if (name.isEmpty()) {
            throw data.error("source", "it is required");
        }
        DataReader reader = new DataReader(
                source,
                new IidPartitioner(),
                data.integer("clients", 2, 1, 1_000_000),
                seed,
                data.number("test-fraction", 0.2, new Interval(0, 0.9, false)));
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

    Dealt deal(DataSet dataSet, double validationFraction, long runSeed) {
        Partition partition = partitioner.split(dataSet.train(), clients, seed);
        List<ClientData> dealt = new ArrayList<>();
        for (int i = 0; i < partition.size(); i++) {
            dealt.add(client("client-" + i, dataSet.train(), partition.clients().get(i), validationFraction));
        }
        return new Dealt(List.copyOf(dealt), dataSet.test(), partition.summary(dataSet.train()));
    }

    private static ClientData client(String id, Examples all, int[] own, double validationFraction) {
        int held = (int) Math.round(validationFraction * own.length);
        if (held == own.length) {
            throw new DataException("evaluation.validation-fraction: it leaves " + id + " without training examples");
        }
        Optional<Examples> heldOut = held == 0
                ? Optional.empty()
                : Optional.of(all.select(Arrays.copyOfRange(own, own.length - held, own.length)));
        return new ClientData(id, all.select(Arrays.copyOf(own, own.length - held)), heldOut);
    }
}
