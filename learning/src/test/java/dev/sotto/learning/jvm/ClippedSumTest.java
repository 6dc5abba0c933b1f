package dev.sotto.learning.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.data.Shape;
import dev.sotto.kernels.Kernels;
import dev.sotto.learning.Batch;
import dev.sotto.learning.LayerSpec.Conv2d;
import dev.sotto.learning.LayerSpec.Dropout;
import dev.sotto.learning.LayerSpec.Embedding;
import dev.sotto.learning.LayerSpec.Flatten;
import dev.sotto.learning.LayerSpec.GroupNorm;
import dev.sotto.learning.LayerSpec.Linear;
import dev.sotto.learning.LayerSpec.MaxPool2d;
import dev.sotto.learning.LayerSpec.Tanh;
import dev.sotto.learning.Layout;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.Network;
import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.clipping.ClipFactors;
import dev.sotto.privacy.clipping.FlatClipping;
import dev.sotto.privacy.clipping.PerLayerClipping;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The clipped sum")
class ClippedSumTest {
    private static final ModelSpec IMAGES = GradientTest.model(
            "images",
            Shape.of(2, 8, 7),
            new Conv2d(6, 3, 1, 1),
            new Tanh(),
            new MaxPool2d(2, 2, 0),
            new GroupNorm(2),
            new Conv2d(5, 2, 2, 1),
            new Tanh(),
            new Flatten(),
            new Dropout(0.25),
            new Linear(14),
            new Tanh(),
            new Linear(4));
    private static final ModelSpec TOKENS =
            GradientTest.model("tokens", Shape.of(6), new Embedding(5, 3), new Flatten(), new Linear(4));

    static Stream<Arguments> cases() {
        return Stream.of(0, 1, 15, 16, 17, 33).flatMap(size -> Stream.of(Kernels.chosen(), Kernels.plain())
                .map(kernels -> Arguments.of(size, kernels.description(), kernels)));
    }

    @ParameterizedTest(name = "{0} examples, {1}")
    @MethodSource("cases")
    @DisplayName("equals a loop over batches of one, flat and per layer")
    void equalsLoopOverExamples(int size, String description, Kernels kernels) {
        check(IMAGES, Samples.of(IMAGES, size, 3), kernels, flat(0.8));
        check(IMAGES, Samples.of(IMAGES, size, 3), kernels, perLayer(IMAGES));
        check(TOKENS, Samples.of(TOKENS, size, 4, 5), kernels, flat(0.5));
        check(TOKENS, Samples.of(TOKENS, size, 4, 5), kernels, perLayer(TOKENS));
    }

    private static ClipFactors flat(double norm) {
        return FlatClipping.of(norm).factors();
    }

    private static ClipFactors perLayer(ModelSpec spec) {
        return new PerLayerClipping(IntStream.range(0, spec.layout().groups())
                        .mapToObj(group -> new ClippingNorm(0.1 + 0.05 * group))
                        .toList())
                .factors();
    }

    private static void check(ModelSpec spec, Samples samples, Kernels kernels, ClipFactors clip) {
        float[] parameters = Samples.parameters(spec, 0.5, 8);
        Network network = new JvmEngine(kernels).compile(spec);
        float[] sum = new float[parameters.length];
        float[] norms = new float[samples.size()];
        double loss = network.sumClippedGradients(parameters, samples.batch(), clip, sum, norms);

        double[] expected = new double[parameters.length];
        double expectedLoss = 0;
        for (int n = 0; n < samples.size(); n++) {
            float[] one = new float[parameters.length];
            expectedLoss += network.sumGradients(parameters, samples.only(n), one);
            assertThat((double) norms[n]).isCloseTo(Math.sqrt(square(one, 0, one.length)), within(1e-5));
            addClipped(one, spec.layout(), clip, expected);
        }
        assertThat(loss).isCloseTo(expectedLoss, within(1e-5 * Math.max(1, samples.size())));
        for (int i = 0; i < sum.length; i++) {
            assertThat((double) sum[i]).isCloseTo(expected[i], within(1e-5));
        }
    }

    private static void addClipped(float[] one, Layout layout, ClipFactors clip, double[] expected) {
        double[] squares = new double[layout.groups()];
        for (Layout.Tensor tensor : layout.tensors()) {
            squares[clip.perLayer() ? tensor.group() : 0] += square(one, tensor.offset(), tensor.end());
        }
        for (Layout.Tensor tensor : layout.tensors()) {
            int group = clip.perLayer() ? tensor.group() : 0;
            for (int i = tensor.offset(); i < tensor.end(); i++) {
                expected[i] += one[i] * clip.factor(squares[group], group);
            }
        }
    }

    private static double square(float[] x, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += (double) x[i] * x[i];
        }
        return sum;
    }

    @Test
    @DisplayName("has no gradient longer than its norm, also of values whose squares are 0 as floats")
    void squaresThatVanishAreClippedToo() {
        ModelSpec values = GradientTest.model("values", Shape.of(3), new Linear(2));
        Samples samples = Samples.of(values, 1, 3);
        for (Kernels kernels : List.of(Kernels.chosen(), Kernels.plain())) {
            Arrays.fill(samples.rows()[0], 1e19f);
            float[] parameters = new float[values.layout().size()];
            Network network = new JvmEngine(kernels).compile(values);
            float[] plain = new float[parameters.length];
            // Scores 52 apart: the classes' gradients are about 3e-23, and exactly opposite.
            parameters[parameters.length - 2 + samples.label(0)] = 52;
            network.sumGradients(parameters, samples.batch(), plain);
            double norm = 1e-9;
            float[] sum = new float[parameters.length];
            network.sumClippedGradients(parameters, samples.batch(), flat(norm), sum, new float[1]);
            assertThat(Math.sqrt(square(plain, 0, plain.length))).isGreaterThan(100 * norm);
            assertThat(Math.sqrt(square(sum, 0, sum.length))).isLessThanOrEqualTo(norm * (1 + 1e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, 3e38f})
    @DisplayName("has nothing of an example whose gradient is not finite")
    void nonFiniteExampleAddsNothing(float poison) {
        for (Kernels kernels : List.of(Kernels.chosen(), Kernels.plain())) {
            for (ClipFactors clip : List.of(flat(0.8), perLayer(IMAGES))) {
                Samples clean = Samples.of(IMAGES, 20, 3);
                Samples poisoned = Samples.of(IMAGES, 20, 3);
                Arrays.fill(poisoned.rows()[5], poison);
                poisoned.rows()[18][0] = Float.NaN;
                int[] others =
                        IntStream.range(0, 20).filter(n -> n != 5 && n != 18).toArray();
                float[] parameters = Samples.parameters(IMAGES, 0.5, 8);
                Network network = new JvmEngine(kernels).compile(IMAGES);
                float[] norms = new float[20];
                float[] sum = new float[parameters.length];
                double loss = network.sumClippedGradients(parameters, poisoned.batch(), clip, sum, norms);
                float[] expected = new float[parameters.length];
                double expectedLoss = network.sumClippedGradients(
                        parameters, new Batch(clean, others, 0, others.length, 7), clip, expected, new float[20]);

                assertThat(norms[18]).isNotEqualTo(norms[18]);
                if (!Float.isFinite(norms[5])) {
                    assertThat(loss).isCloseTo(expectedLoss, within(1e-5));
                    assertThat(Differences.largest(sum, expected)).isLessThan(1e-5);
                }
                assertThat(sum).doesNotContain(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
            }
        }
    }

    @Test
    @DisplayName("leaves every example out when the parameters are not finite")
    void nonFiniteParametersAddNothing() {
        float[] parameters = Samples.parameters(IMAGES, 0.5, 8);
        parameters[3] = Float.NaN;
        float[] sum = new float[parameters.length];
        float[] norms = new float[17];
        double loss = new JvmEngine()
                .compile(IMAGES)
                .sumClippedGradients(parameters, Samples.of(IMAGES, 17, 3).batch(), flat(1), sum, norms);
        assertThat(loss).isZero();
        assertThat(sum).containsOnly(0f);
    }
}
