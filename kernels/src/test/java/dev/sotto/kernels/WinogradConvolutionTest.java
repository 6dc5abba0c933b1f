package dev.sotto.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Winograd's convolution")
class WinogradConvolutionTest {
    private static final int LANES = VectorKernels.INSTANCE.lanes();

    static Stream<ConvolutionShape> shapes() {
        return Stream.of(
                new ConvolutionShape(3, 8, 8, 5, 3, 1, 0),
                new ConvolutionShape(8, 5, 7, 9, 3, 1, 0),
                new ConvolutionShape(9, 4, 4, 8, 3, 1, 1),
                new ConvolutionShape(8, 7, 19, 33, 3, 1, 2),
                new ConvolutionShape(12, 3, 3, 1, 3, 1, 0),
                new ConvolutionShape(1, 1, 5, 8, 3, 1, 1),
                new ConvolutionShape(17, 6, 40, 20, 3, 1, 1),
                new ConvolutionShape(32, 30, 29, 40, 3, 1, 0));
    }

    /** All three passes of a convolution on random numbers. */
    private record Passes(float[] out, float[] weights, float[] din) {
        static Passes of(Convolution convolution, ConvolutionShape shape, float[] in, int examples) {
            float[] parameters = random(shape.weights() + shape.outChannels(), 0.5 / Math.sqrt(shape.taps()), 1);
            float[] upstream = random(shape.outSize() * LANES, 1.0 / shape.outPositions(), 3);
            float[] out = new float[shape.outSize() * LANES];
            float[] weights = new float[(shape.weights() + 1) * LANES];
            float[] din = new float[shape.inSize() * LANES];
            convolution.load(parameters, 0, shape.weights());
            convolution.forward(in, out, examples);
            convolution.weightGradients(in, upstream, weights, examples);
            convolution.inputGradient(upstream, din, examples);
            return new Passes(out, weights, din);
        }

        void assertCloseTo(Passes expected, int from, int to) {
            assertThat(distance(out, expected.out, from, to)).isLessThan(1e-5);
            assertThat(distance(weights, expected.weights, from, to)).isLessThan(1e-5);
            assertThat(distance(din, expected.din, from, to)).isLessThan(1e-5);
        }
    }

    private static float[] random(int length, double scale, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (scale * (2 * random.nextDouble() - 1));
        }
        return values;
    }

    private static double distance(float[] actual, float[] expected, int from, int to) {
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            if (i % LANES >= from && i % LANES < to) {
                double difference = Math.abs((double) actual[i] - expected[i]);
                worst = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(worst, difference);
            }
        }
        return worst;
    }

    @ParameterizedTest
    @MethodSource("shapes")
    @DisplayName("equals the direct one in all three passes, however many examples there are")
    void equalsDirectConvolution(ConvolutionShape shape) {
        float[] in = random(shape.inSize() * LANES, 1, 2);
        Convolution winograd = new WinogradConvolution(shape, true);
        Convolution direct = new DirectConvolution(VectorKernels.INSTANCE, shape, true);
        for (int examples = LANES; examples > 0; examples--) {
            Passes.of(winograd, shape, in, examples).assertCloseTo(Passes.of(direct, shape, in, examples), 0, examples);
        }
    }

    @Test
    @DisplayName("gives an example the same bits in whatever company, and NaN stays with its example")
    void examplesKeepToThemselves() {
        ConvolutionShape shape = new ConvolutionShape(9, 7, 7, 18, 3, 1, 1);
        Convolution convolution = new WinogradConvolution(shape, true);
        float[] in = random(shape.inSize() * LANES, 1, 2);
        Passes all = Passes.of(convolution, shape, in, LANES);
        for (int i = 1; i < in.length; i += LANES) {
            in[i] = i % 3 == 0 ? Float.NaN : Float.POSITIVE_INFINITY;
        }
        Passes poisoned = Passes.of(convolution, shape, in, LANES);
        assertThat(distance(poisoned.weights, all.weights, 1, 2)).isInfinite();
        Passes two = Passes.of(convolution, shape, random(shape.inSize() * LANES, 1, 2), 2);
        for (Passes other : new Passes[] {poisoned, two}) {
            assertThat(distance(other.out, all.out, 0, 1)).isZero();
            assertThat(distance(other.weights, all.weights, 0, 1)).isZero();
            assertThat(distance(other.din, all.din, 0, 1)).isZero();
        }
        assertThat(distance(poisoned.out, all.out, 2, LANES)).isZero();
        assertThat(distance(poisoned.weights, all.weights, 2, LANES)).isZero();
    }

    @Test
    @DisplayName("is chosen for wide layers of 3x3 filters at stride 1, and for no others")
    void choice() {
        assertThat(chosen(32, 64, 3, 1, 0)).isInstanceOf(WinogradConvolution.class);
        assertThat(chosen(3, 64, 3, 1, 0)).isInstanceOf(DirectConvolution.class);
        assertThat(chosen(32, 64, 5, 1, 0)).isInstanceOf(DirectConvolution.class);
        assertThat(chosen(32, 64, 3, 2, 0)).isInstanceOf(DirectConvolution.class);
        assertThat(chosen(32, 64, 3, 1, 3)).isInstanceOf(DirectConvolution.class);
    }

    private static Convolution chosen(int in, int out, int kernel, int stride, int padding) {
        return VectorKernels.INSTANCE.convolution(new ConvolutionShape(in, 9, 9, out, kernel, stride, padding), false);
    }
}
