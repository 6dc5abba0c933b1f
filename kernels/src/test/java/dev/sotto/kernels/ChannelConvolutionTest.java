package dev.sotto.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A convolution whose lanes are channels")
class ChannelConvolutionTest {
    private static final int LANES = VectorKernels.INSTANCE.lanes();

    static Stream<ConvolutionShape> winogradShapes() {
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

    static Stream<ConvolutionShape> productShapes() {
        return Stream.of(
                new ConvolutionShape(3, 8, 8, 5, 3, 1, 0),
                new ConvolutionShape(3, 33, 31, 32, 3, 1, 1),
                new ConvolutionShape(1, 5, 7, 40, 5, 2, 2),
                new ConvolutionShape(2, 4, 4, 3, 1, 1, 0),
                new ConvolutionShape(5, 9, 40, 17, 4, 3, 1),
                new ConvolutionShape(1, 11, 11, 33, 11, 1, 0));
    }

    /** All passes of a convolution on random numbers; gradients of inputs only where it has them. */
    private record Passes(float[] out, float[] weights, float[] biases, float[] din, double[] norms) {
        static Passes direct(ConvolutionShape shape, float[] in, int examples) {
            Passes passes = empty(shape);
            Convolution convolution = new DirectConvolution(VectorKernels.INSTANCE, shape, true);
            float[] upstream = upstream(shape);
            convolution.load(parameters(shape), 0, shape.weights());
            convolution.forward(in, passes.out, examples);
            convolution.weightGradients(in, upstream, passes.weights, examples);
            VectorKernels.INSTANCE.rowSums(upstream, shape.outChannels(), shape.outPositions(), passes.biases);
            convolution.inputGradient(upstream, passes.din, examples);
            for (int n = 0; n < examples; n++) {
                for (float[] gradients : new float[][] {passes.weights, passes.biases}) {
                    for (int i = n; i < gradients.length; i += LANES) {
                        passes.norms[n] += (double) gradients[i] * gradients[i];
                    }
                }
            }
            return passes;
        }

        static Passes channels(
                BiFunction<ChannelSlot, ChannelSlot, ChannelConvolution> layer,
                ConvolutionShape shape,
                float[] in,
                int examples) {
            Passes passes = empty(shape);
            int depth = VectorProducts.padded(shape.inChannels());
            ChannelSlot from = new ChannelSlot(shape.inChannels(), shape.inHeight(), shape.inWidth(), depth, true);
            int outDepth = VectorProducts.padded(shape.outChannels());
            ChannelSlot to = new ChannelSlot(shape.outChannels(), shape.outHeight(), shape.outWidth(), outDepth, true);
            ChannelConvolution convolution = layer.apply(from, to);
            convolution.load(parameters(shape));
            from.take(in, examples, from.values);
            to.take(upstream(shape), examples, to.gradients);
            for (int n = 0; n < examples; n++) {
                convolution.forward(n);
            }
            for (int n = 0; n < examples; n++) {
                convolution.backward(n);
                passes.norms[n] = convolution.squaredNorm(n);
            }
            to.give(to.values, examples, passes.out);
            from.give(from.gradients, examples, passes.din);
            for (int n = 0; n < examples; n++) {
                float[] factors = new float[LANES];
                factors[n] = 1;
                float[] sum = new float[shape.weights() + shape.outChannels()];
                convolution.addGradients(factors, examples, sum);
                for (int i = 0; i < sum.length; i++) {
                    boolean weight = i < shape.weights();
                    float[] gradients = weight ? passes.weights : passes.biases;
                    gradients[(weight ? i : i - shape.weights()) * LANES + n] = sum[i];
                }
            }
            return passes;
        }

        static Passes winograd(ConvolutionShape shape, float[] in, int examples) {
            StackLayer.Convolving layer = new StackLayer.Convolving(shape, 0, shape.weights(), true);
            return channels((from, to) -> new WinogradLayer(layer, from, to), shape, in, examples);
        }

        static Passes product(ConvolutionShape shape, float[] in, int examples) {
            StackLayer.Convolving layer = new StackLayer.Convolving(shape, 0, shape.weights(), false);
            ChannelInputs inputs = new ChannelInputs(shape.inChannels(), shape.inHeight() * shape.inWidth());
            inputs.take(in, examples);
            return channels((from, to) -> new ProductConvolution(layer, inputs, to), shape, in, examples);
        }

        private static Passes empty(ConvolutionShape shape) {
            return new Passes(
                    new float[shape.outSize() * LANES],
                    new float[(shape.weights() + 1) * LANES],
                    new float[shape.outChannels() * LANES],
                    new float[shape.inSize() * LANES],
                    new double[LANES]);
        }

        private static float[] parameters(ConvolutionShape shape) {
            return random(shape.weights() + shape.outChannels(), 0.5 / Math.sqrt(shape.taps()), 1);
        }

        private static float[] upstream(ConvolutionShape shape) {
            return random(shape.outSize() * LANES, 1.0 / shape.outPositions(), 3);
        }

        void assertCloseTo(Passes expected, boolean inputGradients, int examples) {
            assertThat(distance(out, expected.out, 0, examples)).isLessThan(1e-5);
            assertThat(distance(weights, expected.weights, 0, examples)).isLessThan(1e-5);
            assertThat(distance(biases, expected.biases, 0, examples)).isLessThan(1e-5);
            if (inputGradients) {
                assertThat(distance(din, expected.din, 0, examples)).isLessThan(1e-5);
            }
            for (int n = 0; n < examples; n++) {
                assertThat(Math.abs(norms[n] / expected.norms[n] - 1)).isLessThan(1e-5);
            }
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
    @MethodSource("winogradShapes")
    @DisplayName("equals the direct one in all passes by Winograd's algorithm, however many examples there are")
    void winogradEqualsDirect(ConvolutionShape shape) {
        float[] in = random(shape.inSize() * LANES, 1, 2);
        for (int examples = LANES; examples > 0; examples -= 3) {
            Passes expected = Passes.direct(shape, in, examples);
            Passes.winograd(shape, in, examples).assertCloseTo(expected, true, examples);
        }
    }

    @ParameterizedTest
    @MethodSource("productShapes")
    @DisplayName("equals the direct one by products of matrices, for any kernel, stride and padding")
    void productEqualsDirect(ConvolutionShape shape) {
        float[] in = random(shape.inSize() * LANES, 1, 2);
        for (int examples = LANES; examples > 0; examples -= 3) {
            Passes expected = Passes.direct(shape, in, examples);
            Passes.product(shape, in, examples).assertCloseTo(expected, false, examples);
        }
    }

    @Test
    @DisplayName("gives an example the same bits in whatever company, and NaN stays with its example")
    void examplesKeepToThemselves() {
        ConvolutionShape shape = new ConvolutionShape(9, 7, 7, 18, 3, 1, 1);
        float[] in = random(shape.inSize() * LANES, 1, 2);
        Passes all = Passes.winograd(shape, in, LANES);
        Passes two = Passes.winograd(shape, in, 2);
        for (int i = 1; i < in.length; i += LANES) {
            in[i] = i % 3 == 0 ? Float.NaN : Float.POSITIVE_INFINITY;
        }
        Passes poisoned = Passes.winograd(shape, in, LANES);
        assertThat(distance(poisoned.weights, all.weights, 1, 2)).isInfinite();
        assertThat(poisoned.norms[1]).isNaN();
        for (Passes other : new Passes[] {poisoned, two}) {
            assertThat(distance(other.out, all.out, 0, 1)).isZero();
            assertThat(distance(other.weights, all.weights, 0, 1)).isZero();
            assertThat(distance(other.din, all.din, 0, 1)).isZero();
            assertThat(other.norms[0]).isEqualTo(all.norms[0]);
        }
        assertThat(distance(poisoned.out, all.out, 2, LANES)).isZero();
        assertThat(distance(poisoned.weights, all.weights, 2, LANES)).isZero();
    }
}
