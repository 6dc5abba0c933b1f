package dev.sotto.learning.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.sotto.data.Shape;
import dev.sotto.kernels.Kernels;
import dev.sotto.learning.Batch;
import dev.sotto.learning.Engine;
import dev.sotto.learning.Evaluation;
import dev.sotto.learning.LayerSpec.Conv2d;
import dev.sotto.learning.LayerSpec.Dropout;
import dev.sotto.learning.LayerSpec.Embedding;
import dev.sotto.learning.LayerSpec.Flatten;
import dev.sotto.learning.LayerSpec.LayerNorm;
import dev.sotto.learning.LayerSpec.Linear;
import dev.sotto.learning.LayerSpec.MaxPool2d;
import dev.sotto.learning.LayerSpec.Relu;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelException;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.Network;
import dev.sotto.learning.Presets;
import dev.sotto.privacy.clipping.ClipFactors;
import dev.sotto.privacy.clipping.FlatClipping;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A network of the jvm engine")
class NetworkTest {
    private static final ModelSpec SPEC = GradientTest.model(
            "small",
            Shape.of(2, 6, 6),
            new Conv2d(4, 3, 1, 1),
            new Relu(),
            new MaxPool2d(2, 1, 0),
            new Flatten(),
            new Linear(13),
            new LayerNorm(1),
            new Relu(),
            new Dropout(0.5),
            new Linear(3));

    private final float[] parameters = Samples.parameters(SPEC, 0.5, 2);
    private final Network network = new JvmEngine().compile(SPEC);

    @Test
    @DisplayName("is found by the engine's name and says what it runs on")
    void isFoundByName() {
        Engine engine = Engine.named("jvm");
        assertThat(engine.description()).contains("lanes").contains("Java");
        assertThat(engine.compile(SPEC).layout()).isEqualTo(SPEC.layout());
    }

    @ParameterizedTest
    @CsvSource({
        "lenet, 3x32x32, 62006",
        "lenet-groupnorm-tanh, 3x32x32, 62050",
        "mnist-cnn, 1x28x28, 26010",
        "mnist-cnn-tanh, 1x28x28, 26010",
        "mlp-784-64-32-10, 784, 52650",
        "mlp-784-128-10, 784, 101770",
        "pfl-cnn, 3x32x32, 1626442",
        "logistic, 784, 7850"
    })
    @DisplayName("has the preset's number of parameters and computes the preset's gradients on both kernels")
    void computesPresets(String name, String shape, int size) {
        Shape input = new Shape(
                List.of(shape.split("x")).stream().map(Integer::valueOf).toList());
        ModelSpec spec = Presets.named(name, input, 10, Loss.CROSS_ENTROPY);
        assertThat(spec.layout().size()).isEqualTo(size);
        Samples samples = Samples.of(spec, name.equals("pfl-cnn") ? 1 : 3, 5);
        float[] start = Samples.parameters(spec, 0.05, 6);
        float[] vector = new float[size];
        float[] plain = new float[size];
        ClipFactors clip = FlatClipping.of(1).factors();
        new JvmEngine(Kernels.chosen())
                .compile(spec)
                .sumClippedGradients(start, samples.batch(), clip, vector, new float[3]);
        new JvmEngine(Kernels.plain())
                .compile(spec)
                .sumClippedGradients(start, samples.batch(), clip, plain, new float[3]);
        assertThat(Differences.largest(vector, plain)).isLessThan(1e-5);
    }

    @Test
    @DisplayName("computes the same on both kernels for batches of 1 to 33, where examples follow each other")
    void computesAnyBatch() {
        ModelSpec spec = GradientTest.model(
                "wide",
                Shape.of(32, 8, 9),
                new Conv2d(32, 3, 1, 1),
                new MaxPool2d(2, 2, 0),
                new Flatten(),
                new Linear(7));
        ModelSpec flat = GradientTest.model("flat", Shape.of(1, 7, 11), new Flatten(), new Linear(6), new Linear(3));
        for (ModelSpec model : List.of(spec, flat)) {
            float[] start = Samples.parameters(model, 0.1, 11);
            Network vector = new JvmEngine(Kernels.chosen()).compile(model);
            Network plain = new JvmEngine(Kernels.plain()).compile(model);
            ClipFactors clip = FlatClipping.of(0.5).factors();
            for (int size = 1; size <= 33; size++) {
                Samples samples = Samples.of(model, size, size);
                float[] actual = new float[start.length];
                float[] expected = new float[start.length];
                vector.sumClippedGradients(start, samples.batch(), clip, actual, new float[size]);
                plain.sumClippedGradients(start, samples.batch(), clip, expected, new float[size]);
                assertThat(Differences.largest(actual, expected)).isLessThan(1e-5);
            }
        }
    }

    @Test
    @DisplayName("gives the same bits for the same call, whatever was computed before")
    void isDeterministic() {
        Samples samples = Samples.of(SPEC, 37, 9);
        ClipFactors clip = FlatClipping.of(0.3).factors();
        float[] first = new float[parameters.length];
        network.sumClippedGradients(parameters, samples.batch(), clip, first, new float[37]);
        Samples other = Samples.of(SPEC, 50, 10);
        other.rows()[3][1] = Float.NaN;
        network.sumGradients(parameters, other.batch(), new float[parameters.length]);
        for (int repeat = 0; repeat < 300; repeat++) {
            float[] again = new float[parameters.length];
            network.sumClippedGradients(parameters, samples.batch(), clip, again, new float[37]);
            assertThat(Differences.largest(again, first)).isZero();
        }
    }

    @Test
    @DisplayName("adds to the sum it is given")
    void addsToSum() {
        Samples samples = Samples.of(SPEC, 5, 9);
        float[] sum = new float[parameters.length];
        network.sumGradients(parameters, samples.batch(), sum);
        float[] twice = sum.clone();
        network.sumGradients(parameters, samples.batch(), twice);
        for (int i = 0; i < sum.length; i++) {
            assertThat(twice[i]).isCloseTo(2 * sum[i], within(1e-5f));
        }
    }

    @Test
    @DisplayName("drops the same values of an example however the batch is cut, and none in evaluation")
    void dropoutDependsOnSeedAndExample() {
        Samples samples = Samples.of(SPEC, 40, 9);
        float[] whole = new float[parameters.length];
        network.sumGradients(parameters, samples.batch(), whole);
        float[] cut = new float[parameters.length];
        for (int from = 0; from < 40; from += 8) {
            network.sumGradients(parameters, new Batch(samples, samples.batch().indices(), from, from + 8, 7), cut);
        }
        assertThat(Differences.largest(cut, whole)).isLessThan(1e-4);

        float[] otherSeed = new float[parameters.length];
        network.sumGradients(parameters, new Batch(samples, samples.batch().indices(), 0, 40, 8), otherSeed);
        assertThat(Differences.largest(otherSeed, whole)).isGreaterThan(1e-3);

        Evaluation once = network.evaluate(parameters, samples.batch());
        assertThat(network.evaluate(
                        parameters, new Batch(samples, samples.batch().indices(), 0, 40, 8)))
                .isEqualTo(once);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 0.9})
    @DisplayName("drops the share that the rate says")
    void dropoutRate(double rate) {
        ModelSpec spec = new ModelSpec(
                "dropout", Shape.of(1000), List.of(new Dropout(rate), new Linear(1)), Loss.MEAN_SQUARED_ERROR);
        float[][] rows = new float[100][1000];
        for (float[] row : rows) {
            java.util.Arrays.fill(row, 1f);
        }
        float[][] wanted = new float[100][1];
        for (float[] value : wanted) {
            value[0] = -0.5f;
        }
        Samples samples = new Samples(spec.input(), new dev.sotto.data.Target.Values(1), rows, new int[100], wanted);
        float[] sum = new float[1001];
        new JvmEngine().compile(spec).sumGradients(new float[1001], samples.batch(), sum);
        double kept = 0;
        for (int i = 0; i < 1000; i++) {
            kept += sum[i] * (1 - rate);
        }
        // 100,000 Bernoulli draws: five standard deviations are passed by chance less than once in a million.
        assertThat(kept / 100_000).isCloseTo(1 - rate, within(5 * Math.sqrt(rate * (1 - rate) / 100_000)));
    }

    @Test
    @DisplayName("predicts and evaluates as the reference does")
    void predicts() {
        Samples samples = Samples.of(SPEC, 19, 9);
        float[] outputs = new float[19 * 3];
        network.predict(parameters, samples.batch(), outputs);
        double[] p = new double[parameters.length];
        for (int i = 0; i < p.length; i++) {
            p[i] = parameters[i];
        }
        int correct = 0;
        for (int n = 0; n < 19; n++) {
            double[] expected = new ReferenceModel(SPEC).outputs(p, samples.rows()[n]);
            int best = 0;
            for (int k = 0; k < 3; k++) {
                assertThat((double) outputs[3 * n + k]).isCloseTo(expected[k], within(1e-5));
                best = expected[k] > expected[best] ? k : best;
            }
            correct += best == samples.labels()[n] ? 1 : 0;
        }
        Evaluation evaluation = network.evaluate(parameters, samples.batch());
        assertThat(evaluation.correct()).isEqualTo(correct);
        assertThat(evaluation.examples()).isEqualTo(19);
    }

    @Test
    @DisplayName("evaluates nothing to nothing, and NaN to wrong")
    void evaluatesCornerCases() {
        Samples samples = Samples.of(SPEC, 2, 9);
        assertThat(network.evaluate(parameters, new Batch(samples, new int[0], 0, 0, 0)))
                .isEqualTo(Evaluation.NONE);
        float[] broken = parameters.clone();
        java.util.Arrays.fill(broken, Float.NaN);
        Evaluation evaluation = network.evaluate(broken, samples.batch());
        assertThat(evaluation.correct()).isZero();
        assertThat(evaluation.lossSum()).isNaN();
    }

    @Test
    @DisplayName("allocates nothing that grows with the batch")
    void allocatesNothingPerStep() {
        Samples samples = Samples.of(SPEC, 512, 9);
        ClipFactors clip = FlatClipping.of(0.3).factors();
        float[] sum = new float[parameters.length];
        float[] norms = new float[512];
        Batch small = new Batch(samples, samples.batch().indices(), 0, 16, 0);
        Batch large = samples.batch();
        // Compilers work in the background, on a busy machine for long: until they have come to every kernel.
        long more = Long.MAX_VALUE;
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        // Per step, 31 more groups: a boxed vector alone would take 80 bytes in each of their thousands of tiles.
        while (more >= 20_000 && System.nanoTime() < patience) {
            for (int i = 0; i < 200; i++) {
                network.sumClippedGradients(parameters, large, clip, sum, norms);
            }
            more = allocated(() -> network.sumClippedGradients(parameters, large, clip, sum, norms))
                    - allocated(() -> network.sumClippedGradients(parameters, small, clip, sum, norms));
        }
        assertThat(more).isLessThan(20_000);
    }

    private static long allocated(Runnable step) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            step.run();
            least = Math.min(
                    least,
                    threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before);
        }
        return least;
    }

    @Test
    @DisplayName("refuses what does not fit with one line that says why")
    void refuses() {
        Samples samples = Samples.of(SPEC, 2, 9);
        assertThatThrownBy(() -> network.evaluate(new float[3], samples.batch()))
                .hasMessageContaining("parameters, not 3");
        ModelSpec other = GradientTest.model("other", Shape.of(4), new Linear(2));
        assertThatThrownBy(() ->
                        network.evaluate(parameters, Samples.of(other, 2, 1).batch()))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("its input is 2x6x6, but the data is 4");
        assertThatThrownBy(() -> new JvmEngine()
                        .compile(GradientTest.model(
                                "late", Shape.of(2), new Linear(2), new Embedding(3, 2), new Flatten())))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("only flatten may come before it");
        ModelSpec values = new ModelSpec("v", SPEC.input(), SPEC.layers(), Loss.MEAN_SQUARED_ERROR);
        assertThatThrownBy(() ->
                        network.evaluate(parameters, Samples.of(values, 1, 1).batch()))
                .hasMessageContaining("use mean-squared-error");
        assertThatThrownBy(() -> new JvmEngine().compile(values).evaluate(parameters, samples.batch()))
                .hasMessageContaining("use cross-entropy");
    }

    /** Whether one example can be read must not decide whether training goes on, so an unknown token is nothing. */
    @Test
    void anUnknownTokenReadsAsZerosAndMovesNothing() {
        ModelSpec tokens = GradientTest.model("tokens", Shape.of(3), new Embedding(4, 2), new Flatten(), new Linear(2));
        Network network = new JvmEngine().compile(tokens);
        float[] parameters = Samples.parameters(tokens, 1, 5);
        int row = tokens.layout().tensors().get(0).offset() + 3 * 2;
        parameters[row] = 0;
        parameters[row + 1] = 0;
        Samples known = Samples.of(tokens, 1, 9, 3);
        known.rows()[0][0] = 3;
        known.rows()[0][2] = 3;
        float[] expected = new float[parameters.length];
        double loss = network.sumGradients(parameters, known.batch(), expected);
        expected[row] = 0;
        expected[row + 1] = 0;
        for (float unknown : new float[] {4, -1, 0.5f, 1e30f}) {
            known.rows()[0][0] = unknown;
            known.rows()[0][2] = unknown;
            float[] sum = new float[parameters.length];
            assertThat(network.sumGradients(parameters, known.batch(), sum)).isEqualTo(loss);
            assertThat(sum).isEqualTo(expected);
            float[] clipped = new float[parameters.length];
            float[] norms = new float[1];
            network.sumClippedGradients(
                    parameters, known.batch(), FlatClipping.of(1e6).factors(), clipped, norms);
            assertThat(clipped).containsExactly(expected, within(1e-6f));
            double square = 0;
            for (float each : expected) {
                square += (double) each * each;
            }
            assertThat((double) norms[0]).isCloseTo(Math.sqrt(square), within(1e-6));
        }
    }
}
