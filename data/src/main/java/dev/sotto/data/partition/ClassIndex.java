package dev.sotto.data.partition;

import dev.sotto.data.DataException;
import dev.sotto.data.Examples;
import dev.sotto.data.SeededRandom;
import dev.sotto.data.Target;
import java.util.Arrays;

/** The examples of each class, for partitioners that look at labels. */
final class ClassIndex {
    private ClassIndex() {}

    /** For each class its examples, shuffled. */
    static int[][] of(Examples examples, String partitioner, SeededRandom random) {
        if (!(examples.target() instanceof Target.Classes classes)) {
            throw new DataException("partition " + partitioner + " needs class labels, but the target is real values;"
                    + " use iid, sizes, ranges or a column");
        }
        int[] counts = new int[classes.count()];
        for (int i = 0; i < examples.size(); i++) {
            counts[examples.label(i)]++;
        }
        int[][] index = new int[classes.count()][];
        Arrays.setAll(index, k -> new int[counts[k]]);
        Arrays.fill(counts, 0);
        for (int i = 0; i < examples.size(); i++) {
            int label = examples.label(i);
            index[label][counts[label]++] = i;
        }
        for (int[] members : index) {
            random.shuffle(members);
        }
        return index;
    }
}
