package dev.sotto.data.partition;

import dev.sotto.data.DataException;
import dev.sotto.data.Examples;
import dev.sotto.data.Partition;
import dev.sotto.data.Partitioner;
import java.util.List;

/**
 * Contiguous ranges in the order of the data: the first client holds the first examples, and so on. Nothing is
 * shuffled and the seed is not used.
 *
 * @param sizes one per client, each at least 1
 * @param proportional false: sizes are exact, and what is left over belongs to nobody; true: only their proportion
 *     counts and all examples are dealt
 */
public record RangePartitioner(List<Integer> sizes, boolean proportional) implements Partitioner {
    public RangePartitioner {
        sizes = List.copyOf(sizes);
        if (sizes.isEmpty() || sizes.stream().anyMatch(size -> size < 1)) {
            throw new DataException("partition ranges: sizes are " + sizes + "; each must be at least 1");
        }
    }

    public static RangePartitioner exactly(Integer... sizes) {
        return new RangePartitioner(List.of(sizes), false);
    }

    public static RangePartitioner inProportion(Integer... sizes) {
        return new RangePartitioner(List.of(sizes), true);
    }

    @Override
    public Partition split(Examples examples, int clients, long seed) {
        Deal.check(examples, clients);
        if (clients != sizes.size()) {
            throw new DataException("partition ranges: " + sizes.size() + " sizes for " + clients + " clients");
        }
        long sum = sizes.stream().mapToLong(Integer::longValue).sum();
        int[] order = Deal.ordered(examples.size());
        if (proportional) {
            double[] weights = sizes.stream().mapToDouble(Integer::doubleValue).toArray();
            return Deal.cut(order, Deal.sizes(examples.size(), weights));
        }
        if (sum > examples.size()) {
            throw new DataException("partition ranges: the sizes " + sizes + " need " + sum
                    + " examples, there are only " + examples.size());
        }
        return Deal.cut(order, sizes.stream().mapToInt(Integer::intValue).toArray());
    }
}
