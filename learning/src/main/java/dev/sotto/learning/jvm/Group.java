package dev.sotto.learning.jvm;

import dev.sotto.data.Examples;
import dev.sotto.kernels.Kernels;
import dev.sotto.learning.Batch;

/** The examples that are in the lanes now. Lanes from {@code count} on are empty. */
final class Group {
    private final Kernels kernels;
    private final int[] indices;
    private final float[] byExample;
    private final int features;

    private Examples examples;
    private int count;
    private long dropoutSeed;
    private boolean training;

    Group(Kernels kernels, int features) {
        this.kernels = kernels;
        this.features = features;
        indices = new int[kernels.lanes()];
        byExample = new float[kernels.lanes() * features];
    }

    /** Reads the next examples of a batch into {@code input}. */
    void load(Batch batch, int from, boolean train, Slot input) {
        examples = batch.examples();
        count = Math.min(indices.length, batch.to() - from);
        dropoutSeed = batch.dropoutSeed();
        training = train;
        float[] to = input.byExample() ? input.values() : byExample;
        for (int n = 0; n < count; n++) {
            indices[n] = batch.indices()[from + n];
            examples.features(indices[n], to, n * features);
        }
        if (!input.byExample()) {
            kernels.toLanes(byExample, features, count, input.values());
        }
    }

    Examples examples() {
        return examples;
    }

    /** How many lanes hold an example. */
    int count() {
        return count;
    }

    /** Position in {@link #examples} of the example in a lane. */
    int index(int lane) {
        return indices[lane];
    }

    boolean training() {
        return training;
    }

    long dropoutSeed() {
        return dropoutSeed;
    }
}
