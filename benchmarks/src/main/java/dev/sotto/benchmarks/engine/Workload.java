package dev.sotto.benchmarks.engine;

import dev.sotto.data.Shape;
import dev.sotto.data.TableExamples;
import dev.sotto.data.Target;
import dev.sotto.learning.Batch;
import dev.sotto.learning.CompletedSum;
import dev.sotto.learning.Descent;
import dev.sotto.learning.Engine;
import dev.sotto.learning.GradientCorrection;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.Network;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.Presets;
import dev.sotto.privacy.GaussianRelease;
import dev.sotto.privacy.clipping.ClipFactors;
import dev.sotto.privacy.clipping.FlatClipping;
import dev.sotto.privacy.random.Randomness;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** One model at one batch size on random data, ready to step. Not thread-safe. */
final class Workload {
    /** So small that the model does not wander off while it is measured. */
    private static final double LEARNING_RATE = 1e-8;

    private static final double NOISE = 1;

    private final ModelSpec spec;
    private final float[] parameters;
    private final Network network;
    private final Batch batch;
    private final float[] sum;
    private final float[] norms;
    private final ClipFactors clip = FlatClipping.of(1).factors();
    private final GaussianRelease release = new GaussianRelease(Randomness.secret().stream("noise"));
    private final Descent descent;
    private final CompletedSum next;

    private Workload(ModelSpec spec, int batchSize) {
        this.spec = spec;
        network = Engine.named("jvm").compile(spec);
        SplittableRandom random = new SplittableRandom(1);
        int size = spec.input().size();
        float[] features = new float[batchSize * size];
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) random.nextDouble() - 0.5f;
        }
        int[] labels = IntStream.range(0, batchSize).map(i -> i % 10).toArray();
        TableExamples examples =
                TableExamples.classified("random", spec.input(), Target.Classes.numbered(10), features, labels);
        batch = new Batch(examples, IntStream.range(0, batchSize).toArray(), 0, batchSize, 0);
        parameters = new float[spec.layout().size()];
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] = (float) (0.1 * (random.nextDouble() - 0.5));
        }
        descent = new Descent(
                OptimizerSpec.sgd(LEARNING_RATE).create(parameters.length), GradientCorrection.NONE, parameters);
        next = new CompletedSum(network, descent);
        sum = new float[parameters.length];
        norms = new float[batchSize];
    }

    /** A preset on the shape it was made for. */
    static Workload of(String preset, int batchSize) {
        Shape shape = preset.startsWith("mnist") ? Shape.of(1, 28, 28) : Shape.of(3, 32, 32);
        return new Workload(Presets.named(preset, shape, 10, Loss.CROSS_ENTROPY), batchSize);
    }

    ModelSpec spec() {
        return spec;
    }

    int batchSize() {
        return batch.size();
    }

    /** DP-SGD: clipped sum, noise from the cryptographic generator, update. */
    void privateStep() {
        network.beginClippedSum(parameters, batch, clip, sum, norms);
        descent.begin(1);
        release.apply(sum, NOISE, batch.size(), next);
    }

    /** The private step up to the noise. */
    void clippedStep() {
        network.sumClippedGradients(parameters, batch, clip, sum, norms);
        descent.begin(1);
        descent.takeMean(sum, batch.size());
    }

    /** SGD. */
    void plainStep() {
        network.sumGradients(parameters, batch, sum);
        descent.begin(1);
        descent.takeMean(sum, batch.size());
    }
}
