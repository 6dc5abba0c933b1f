package dev.sotto.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A partition in numbers.
 *
 * @param sizes examples per client
 * @param classNames names of the classes; empty if the target is real values
 * @param classCounts for each client, examples per class; empty lists if the target is real values
 */
public record PartitionSummary(List<Integer> sizes, List<String> classNames, List<List<Integer>> classCounts) {
    private static final int LISTED_CLIENTS = 20;
    private static final int LISTED_CLASSES = 20;

    public PartitionSummary {
        sizes = List.copyOf(sizes);
        classNames = List.copyOf(classNames);
        classCounts = classCounts.stream().map(List::copyOf).toList();
    }

    static PartitionSummary of(Partition partition, Examples examples) {
        List<Integer> sizes = new ArrayList<>();
        List<List<Integer>> counts = new ArrayList<>();
        List<String> names = examples.target() instanceof Target.Classes classes ? classes.names() : List.of();
        for (int[] indices : partition.clients()) {
            sizes.add(indices.length);
            int[] count = new int[names.size()];
            if (!names.isEmpty()) {
                for (int index : indices) {
                    count[examples.label(index)]++;
                }
            }
            counts.add(Arrays.stream(count).boxed().toList());
        }
        return new PartitionSummary(sizes, names, counts);
    }

    public int clients() {
        return sizes.size();
    }

    public int min() {
        return sizes.stream().mapToInt(Integer::intValue).min().orElseThrow();
    }

    public int max() {
        return sizes.stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    /** The middle size; of an even number of clients, the mean of the two in the middle. */
    public double median() {
        int[] sorted = sizes.stream().mapToInt(Integer::intValue).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + (double) sorted[half]) / 2;
    }

    /** One line on how many clients there are and how many examples they hold. */
    public String sizesText() {
        StringBuilder text = new StringBuilder();
        text.append(clients())
                .append(clients() == 1 ? " client" : " clients")
                .append(", examples per client: min ")
                .append(min())
                .append(", median ")
                .append(median() == Math.rint(median()) ? String.valueOf((long) median()) : String.valueOf(median()))
                .append(", max ")
                .append(max());
        return text.toString();
    }

    /** One line on the sizes, then for up to 20 classes a row of class counts for each of the first 20 clients. */
    public String text() {
        StringBuilder text = new StringBuilder(sizesText()).append('\n');
        if (classNames.isEmpty() || classNames.size() > LISTED_CLASSES) {
            return text.toString();
        }
        int width =
                Math.max(6, classNames.stream().mapToInt(String::length).max().orElse(0) + 1);
        text.append("  client");
        classNames.forEach(name -> text.append(String.format(Locale.ROOT, "%" + width + "s", name)));
        text.append('\n');
        for (int c = 0; c < Math.min(clients(), LISTED_CLIENTS); c++) {
            text.append(String.format(Locale.ROOT, "%8d", c));
            classCounts.get(c).forEach(n -> text.append(String.format(Locale.ROOT, "%" + width + "d", n)));
            text.append('\n');
        }
        if (clients() > LISTED_CLIENTS) {
            text.append("  and ").append(clients() - LISTED_CLIENTS).append(" more clients\n");
        }
        return text.toString();
    }
}
