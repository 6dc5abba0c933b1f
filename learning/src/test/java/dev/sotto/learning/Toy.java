package dev.sotto.learning;

import dev.sotto.data.Examples;
import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Two overlapping clouds of points. Unlike the data sets, these may hold features that are not finite. */
record Toy(float[][] rows, int[] labels) implements Examples {

    static Toy clouds(int count, int features, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] rows = new float[count][features];
        int[] labels = new int[count];
        for (int n = 0; n < count; n++) {
            labels[n] = random.nextInt(2);
            for (int i = 0; i < features; i++) {
                rows[n][i] = (float) (random.nextDouble(-1, 1) + (labels[n] - 0.5) * (i % 3));
            }
        }
        return new Toy(rows, labels);
    }

    /** The same with one feature of one example replaced. */
    Toy with(int example, float feature) {
        float[][] changed = rows.clone();
        changed[example] = rows[example].clone();
        changed[example][0] = feature;
        return new Toy(changed, labels);
    }

    Batch batch(int... indices) {
        return new Batch(this, indices, 0, indices.length, 0);
    }

    Batch all() {
        return batch(IntStream.range(0, size()).toArray());
    }

    @Override
    public int size() {
        return rows.length;
    }

    @Override
    public Shape shape() {
        return Shape.of(rows[0].length);
    }

    @Override
    public Target target() {
        return Target.Classes.numbered(2);
    }

    @Override
    public void features(int index, float[] into, int offset) {
        System.arraycopy(rows[index], 0, into, offset, rows[index].length);
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public void values(int index, float[] into, int offset) {
        throw new IllegalStateException("these examples have classes");
    }
}
