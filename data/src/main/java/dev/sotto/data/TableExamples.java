package dev.sotto.data;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Examples whose features are floats in memory, with class labels or real values. Immutable; the arrays are taken over
 * and must not be changed afterwards. Every feature and value is finite.
 */
public final class TableExamples implements Examples {
    private final String origin;
    private final Shape shape;
    private final Target target;
    private final float[] features;
    private final int[] labels;
    private final float[] values;
    private final int size;
    private final List<Grouping> groupings;

    private TableExamples(
            String origin,
            Shape shape,
            Target target,
            float[] features,
            int[] labels,
            float[] values,
            List<Grouping> groupings) {
        this.origin = origin;
        this.shape = shape;
        this.target = target;
        this.features = features;
        this.labels = labels;
        this.values = values;
        this.size = target instanceof Target.Values v ? values.length / v.size() : labels.length;
        this.groupings = List.copyOf(groupings);
        if (features.length != (long) size * shape.size()) {
            throw new DataException(origin + ": " + size + " targets and " + features.length / shape.size()
                    + " rows of " + shape + " features; there must be one target for each row");
        }
        checkFinite("feature", features, shape.size());
        for (Grouping grouping : groupings) {
            if (grouping.size() != size) {
                throw new IllegalArgumentException(origin + ": " + size + " examples, but the groups by "
                        + grouping.by() + " are of " + grouping.size());
            }
        }
    }

    /**
     * Rows with class labels.
     *
     * @param origin where the rows come from, for error messages
     * @throws DataException on a feature that is not finite, or a label outside the classes
     */
    public static TableExamples classified(
            String origin, Shape shape, Target.Classes target, float[] features, int[] labels) {
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= target.count()) {
                throw new DataException(origin + ": label " + labels[i] + " of example " + i + " is outside the "
                        + target.count() + " classes (0 to " + (target.count() - 1) + ")");
            }
        }
        return new TableExamples(origin, shape, target, features, labels, new float[0], List.of());
    }

    /** Rows with real target values, {@code target.size()} each; every value must be finite. */
    public static TableExamples valued(
            String origin, Shape shape, Target.Values target, float[] features, float[] values) {
        if (values.length % target.size() != 0) {
            throw new IllegalArgumentException(
                    origin + ": " + values.length + " values do not make rows of " + target.size());
        }
        TableExamples table = new TableExamples(origin, shape, target, features, new int[0], values, List.of());
        table.checkFinite("target value", values, target.size());
        return table;
    }

    /** The same rows, which now also know these groups. */
    public TableExamples withGroupings(List<Grouping> groupings) {
        return new TableExamples(origin, shape, target, features, labels, values, groupings);
    }

    private void checkFinite(String what, float[] numbers, int width) {
        for (int i = 0; i < numbers.length; i++) {
            if (!Float.isFinite(numbers[i])) {
                throw new DataException(origin + ": " + what + " " + i % width + " of example " + i / width + " is "
                        + numbers[i] + "; every " + what + " must be a finite number");
            }
        }
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public Target target() {
        return target;
    }

    @Override
    public void features(int index, float[] into, int offset) {
        System.arraycopy(features, index * shape.size(), into, offset, shape.size());
    }

    @Override
    public int label(int index) {
        if (target instanceof Target.Values) {
            throw new IllegalStateException(origin + " has target values, not class labels");
        }
        return labels[index];
    }

    @Override
    public void values(int index, float[] into, int offset) {
        if (!(target instanceof Target.Values v)) {
            throw new IllegalStateException(origin + " has class labels, not target values");
        }
        System.arraycopy(values, index * v.size(), into, offset, v.size());
    }

    @Override
    public Optional<Grouping> grouping(String by) {
        return groupings.stream().filter(g -> g.by().equals(by)).findFirst();
    }

    @Override
    public String toString() {
        return origin + ": " + size + " rows of " + Arrays.toString(shape.dims().toArray());
    }
}
