package dev.sotto.learning.jvm;

import dev.sotto.data.Examples;
import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import dev.sotto.learning.Batch;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelSpec;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Random examples and parameters that fit a model. Unlike the data sets, these may hold values that are not finite. */
record Samples(Shape shape, Target target, float[][] rows, int[] labels, float[][] wanted) implements Examples {

    static Samples of(ModelSpec spec, int count, long seed) {
        return of(spec, count, seed, 0);
    }

    /**
     * Random rows.
     *
     * @param tokens if above 0, features are whole numbers below it
     */
    static Samples of(ModelSpec spec, int count, long seed, int tokens) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean classes = spec.loss() == Loss.CROSS_ENTROPY;
        float[][] rows = new float[count][spec.input().size()];
        float[][] wanted = new float[count][spec.outputs()];
        int[] labels = new int[count];
        for (int n = 0; n < count; n++) {
            for (int i = 0; i < rows[n].length; i++) {
                rows[n][i] = tokens > 0 ? random.nextInt(tokens) : (float) (2 * random.nextDouble() - 1);
            }
            for (int k = 0; k < wanted[n].length; k++) {
                wanted[n][k] = (float) (2 * random.nextDouble() - 1);
            }
            labels[n] = random.nextInt(spec.outputs());
        }
        Target target = classes ? Target.Classes.numbered(spec.outputs()) : new Target.Values(spec.outputs());
        return new Samples(spec.input(), target, rows, labels, wanted);
    }

    static float[] parameters(ModelSpec spec, double scale, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] parameters = new float[spec.layout().size()];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = (float) (scale * (2 * random.nextDouble() - 1));
        }
        return parameters;
    }

    Batch batch() {
        return new Batch(this, IntStream.range(0, size()).toArray(), 0, size(), 7);
    }

    Batch only(int index) {
        return new Batch(this, new int[] {index}, 0, 1, 7);
    }

    @Override
    public int size() {
        return rows.length;
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
        System.arraycopy(wanted[index], 0, into, offset, wanted[index].length);
    }
}
