package dev.sotto.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Each implementation of the kernels")
class KernelsTest {

    static Stream<Kernels> implementations() {
        return Stream.of(Kernels.plain(), Kernels.chosen());
    }

    private static float[] random(int length, double scale, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (scale * (2 * random.nextDouble() - 1));
        }
        return values;
    }

    @ParameterizedTest
    @MethodSource("implementations")
    @DisplayName("takes examples into lanes and back, with zeros in empty lanes")
    void transposes(Kernels kernels) {
        int rows = 71;
        for (int examples = 0; examples <= kernels.lanes(); examples++) {
            float[] byExample = random(rows * examples, 1, 1);
            float[] lanes = random(rows * kernels.lanes(), 1, 2);
            kernels.toLanes(byExample, rows, examples, lanes);
            float[] back = new float[byExample.length];
            kernels.toExamples(lanes, rows, examples, back);
            assertThat(back).containsExactly(byExample);
            for (int lane = examples; lane < kernels.lanes(); lane++) {
                assertThat(lanes[(rows - 1) * kernels.lanes() + lane]).isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    @DisplayName("sums a million squares to within three units in the last place")
    void squaresAreExact(Kernels kernels) {
        int rows = 1 << 20;
        float[] x = random(rows * kernels.lanes(), 1, 3);
        float[] actual = new float[kernels.lanes()];
        kernels.squares(x, rows, actual);
        for (int lane = 0; lane < kernels.lanes(); lane++) {
            double expected = 0;
            for (int i = 0; i < rows; i++) {
                double v = x[i * kernels.lanes() + lane];
                expected += v * v;
            }
            assertThat((double) actual[lane]).isCloseTo(expected, within(3.0 * Math.ulp((float) expected)));
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    @DisplayName("adds nothing of a lane whose factor is zero, even if it holds NaN")
    void reducesOnlyUsedLanes(Kernels kernels) {
        for (int rows : new int[] {1, 2, 3, 5, 16, 37, 64, 65, 131}) {
            int lanes = kernels.lanes();
            float[] x = random((rows + 1) * lanes, 1, 4);
            float[] factors = random(lanes, 1, 5);
            factors[1] = 0;
            factors[lanes - 1] = 0;
            float[] expected = random(rows + 3, 1, 6);
            float[] sum = expected.clone();
            for (int i = 0; i < rows; i++) {
                for (int lane = 0; lane < lanes; lane++) {
                    expected[3 + i] += x[i * lanes + lane] * factors[lane];
                }
                x[i * lanes + 1] = Float.NaN;
                x[(i + 1) * lanes - 1] = Float.NEGATIVE_INFINITY;
            }
            float[] kept = x.clone();
            kernels.reduce(x, rows, factors, sum, 3);
            for (int i = 0; i < sum.length; i++) {
                assertThat(sum[i]).isCloseTo(expected[i], within(1e-6f * lanes));
            }
            kernels.scale(kept, rows, factors);
            assertThat(kept[1]).isZero();
            assertThat(kept[rows * lanes - 1]).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("implementations")
    @DisplayName("computes the logistic function to float precision, and saturates without NaN")
    void sigmoidIsAccurate(Kernels kernels) {
        float[] x = random(4096, 30, 7);
        float[] edges = {0, -0f, 200, -200, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e-20f, 88.5f};
        System.arraycopy(edges, 0, x, 0, edges.length);
        float[] y = new float[x.length];
        kernels.sigmoid(1, 1, 0, x, y, x.length);
        for (int i = 0; i < x.length; i++) {
            double expected = 1 / (1 + Math.exp(-x[i]));
            assertThat((double) y[i]).isCloseTo(expected, within(3e-7 * expected + 1e-37));
        }
        Arrays.fill(x, Float.NaN);
        kernels.sigmoid(1, 1, 0, x, y, x.length);
        assertThat(y[17]).isNaN();
        kernels.relu(x, y, x.length);
        assertThat(y[17]).isNaN();
    }

    @ParameterizedTest
    @MethodSource("implementations")
    @DisplayName("gives the same convolution whether or not the examples fill the lanes")
    void packedConvolutionEqualsFullOne(Kernels kernels) {
        int lanes = kernels.lanes();
        ConvolutionShape shape = new ConvolutionShape(16, 7, 19, 5, 3, 1, 1);
        Convolution convolution = kernels.convolution(shape, true);
        float[] parameters = random(shape.weights() + 5, 0.3, 8);
        convolution.load(parameters, 0, shape.weights());
        float[] in = random(shape.inSize() * lanes, 1, 9);
        float[] up = random(shape.outSize() * lanes, 1, 10);
        float[] out = new float[shape.outSize() * lanes];
        float[] din = new float[shape.inSize() * lanes];
        convolution.forward(in, out, lanes);
        convolution.inputGradient(up, din, lanes);
        for (int examples = 1; examples < lanes; examples++) {
            float[] packedOut = new float[out.length];
            float[] packedDin = new float[din.length];
            convolution.forward(in, packedOut, examples);
            convolution.inputGradient(up, packedDin, examples);
            assertClose(packedOut, out, lanes, examples);
            assertClose(packedDin, din, lanes, examples);
        }
    }

    private static void assertClose(float[] actual, float[] expected, int lanes, int examples) {
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            worst = i % lanes < examples ? Math.max(worst, Math.abs(actual[i] - expected[i])) : worst;
        }
        assertThat(worst).isLessThan(1e-5);
    }

    @Test
    @DisplayName("is chosen by name; another name is refused with the valid ones")
    void choice() {
        assertThat(KernelChoice.choose("java")).isSameAs(Kernels.plain());
        assertThat(KernelChoice.choose("").lanes()).isPositive();
        assertThatThrownBy(() -> KernelChoice.choose("gpu"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unknown kernels 'gpu'; valid: java, vector");
    }
}
