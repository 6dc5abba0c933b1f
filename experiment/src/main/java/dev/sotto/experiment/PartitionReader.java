package dev.sotto.experiment;

import dev.sotto.data.Partitioner;
import dev.sotto.data.partition.DirichletPartitioner;
import dev.sotto.data.partition.FixedSizePartitioner;
import dev.sotto.data.partition.GroupPartitioner;
import dev.sotto.data.partition.IidPartitioner;
import dev.sotto.data.partition.PathologicalPartitioner;
import dev.sotto.data.partition.RangePartitioner;
import dev.sotto.data.partition.ShardPartitioner;
import dev.sotto.data.partition.SizePartitioner;
import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Section;
import java.util.List;
import java.util.Locale;

/** Reads {@code data.partition}: {@code iid}, or the one key that names another way of dealing. */
final class PartitionReader {
    private static final List<String> WAYS =
            List.of("dirichlet", "shards", "pathological", "sizes", "ranges", "proportions", "per-client", "by");

    private PartitionReader() {}

    static Partitioner read(Section data) {
        if (!data.isSection("partition")) {
            data.choice("partition", List.of("iid"), "iid");
            return new IidPartitioner();
        }
        Section partition = data.section("partition");
        List<String> given = WAYS.stream().filter(partition::has).toList();
        partition.end();
        if (given.size() != 1) {
            throw partition.error("give one of " + String.join(", ", WAYS) + ", or write partition: iid");
        }
        return read(partition, given.get(0));
    }

    private static Partitioner read(Section partition, String way) {
        int most = Integer.MAX_VALUE;
        return switch (way) {
            case "dirichlet" -> new DirichletPartitioner(partition.number(way, 1, Interval.POSITIVE));
            case "shards" -> new ShardPartitioner(partition.integer(way, 2, 1, most));
            case "pathological" -> new PathologicalPartitioner(partition.integer(way, 2, 1, most));
            case "sizes" ->
                new SizePartitioner(SizePartitioner.Law.valueOf(partition
                        .choice(way, List.of("linear", "square", "exponential"), "linear")
                        .toUpperCase(Locale.ROOT)));
            case "ranges" -> new RangePartitioner(partition.integers(way), false);
            case "proportions" -> new RangePartitioner(partition.integers(way), true);
            case "per-client" -> new FixedSizePartitioner(partition.integer(way, 50, 1, most));
            default -> new GroupPartitioner(partition.text(way));
        };
    }
}
