package dev.sotto.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.kernels.StackLayer.Convolving;
import dev.sotto.kernels.StackLayer.MaxPooling;
import dev.sotto.kernels.StackLayer.Rectifying;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A stack of layers")
class ChannelStackTest {
    private static final Kernels KERNELS = VectorKernels.INSTANCE;
    private static final int LANES = KERNELS.lanes();
    private static final ConvolutionShape NARROW = new ConvolutionShape(3, 12, 14, 32, 3, 1, 1);
    private static final ConvolutionShape WIDE = new ConvolutionShape(32, 12, 14, 35, 3, 1, 0);
    private static final int SIZE = NARROW.weights() + 32 + WIDE.weights() + 35;

    private static float[] random(int length, double scale, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (scale * (2 * random.nextDouble() - 1));
        }
        return values;
    }

    private static Convolving convolving(ConvolutionShape shape, boolean inputGradient) {
        return new Convolving(shape, 0, shape.weights(), inputGradient);
    }

    @ParameterizedTest
    @CsvSource({"3, 2, 1", "2, 2, 0", "2, 2, 1", "2, 3, 0"})
    @DisplayName("gives the outputs and the clipped sum of the same layers one by one, whatever is pooled")
    void equalsLayersOneByOne(int pool, int stride, int padding) {
        int examples = LANES - LANES / 4;
        int second = NARROW.weights() + 32;
        float[] parameters = random(SIZE, 0.2, 1);
        float[] in = random(NARROW.inSize() * LANES, 1, 2);
        PoolWindows windows = new PoolWindows(KERNELS, 35, 10, 12, pool, stride, padding);
        int outSize = 35 * pooled(10, pool, stride, padding) * pooled(12, pool, stride, padding);
        float[] upstream = random(outSize * LANES, 0.02, 3);
        float[] factors = random(LANES, 1, 4);
        factors[1] = 0;

        ChannelStack stack = KERNELS.stack(List.of(
                        new Convolving(NARROW, 0, NARROW.weights(), false),
                        new Rectifying(),
                        new Convolving(WIDE, second, second + WIDE.weights(), true),
                        new Rectifying(),
                        new MaxPooling(pool, stride, padding),
                        new Rectifying()))
                .orElseThrow();
        assertThat(stack.length()).isEqualTo(6);
        stack.load(parameters);
        float[] out = new float[outSize * LANES];
        stack.forward(in, out, false, examples);
        stack.backward(upstream, false, null, examples);
        float[] sum = new float[SIZE];
        stack.addGradients(0, factors, examples, sum);
        stack.addGradients(1, factors, examples, sum);

        Convolution narrow = KERNELS.convolution(NARROW, false);
        Convolution wide = KERNELS.convolution(WIDE, true);
        narrow.load(parameters, 0, NARROW.weights());
        wide.load(parameters, second, second + WIDE.weights());
        float[] x = new float[NARROW.outSize() * LANES];
        float[] y = new float[WIDE.outSize() * LANES];
        float[] pooled = new float[out.length];
        narrow.forward(in, x, LANES);
        KERNELS.relu(x, x, x.length);
        wide.forward(x, y, LANES);
        KERNELS.relu(y, y, y.length);
        KERNELS.maxPool(windows, y, pooled);
        float[] dpooled = upstream.clone();
        KERNELS.reluGradient(pooled, dpooled, dpooled, dpooled.length);
        float[] dy = new float[y.length];
        KERNELS.maxPoolGradient(windows, y, pooled, dpooled, dy);
        KERNELS.reluGradient(y, dy, dy, dy.length);
        float[] dx = new float[x.length];
        wide.inputGradient(dy, dx, LANES);
        KERNELS.reluGradient(x, dx, dx, dx.length);
        float[] used = new float[LANES];
        System.arraycopy(factors, 0, used, 0, examples);
        float[] expected = new float[SIZE];
        float[] gradients = new float[SIZE * LANES];
        wide.weightGradients(x, dy, gradients, LANES);
        KERNELS.reduce(gradients, WIDE.weights(), used, expected, second);
        KERNELS.rowSums(dy, 35, WIDE.outPositions(), gradients);
        KERNELS.reduce(gradients, 35, used, expected, second + WIDE.weights());
        narrow.weightGradients(in, dx, gradients, LANES);
        KERNELS.reduce(gradients, NARROW.weights(), used, expected, 0);
        KERNELS.rowSums(dx, 32, NARROW.outPositions(), gradients);
        KERNELS.reduce(gradients, 32, used, expected, NARROW.weights());

        for (int i = 0; i < out.length; i++) {
            assertThat(i % LANES < examples ? Math.abs(out[i] - pooled[i]) : 0).isLessThan(1e-5f);
        }
        for (int i = 0; i < SIZE; i++) {
            assertThat(sum[i]).as("gradient %d", i).isCloseTo(expected[i], within(2e-5f));
        }
    }

    private static int pooled(int size, int pool, int stride, int padding) {
        return (size + 2 * padding - pool) / stride + 1;
    }

    @Test
    @DisplayName("gives the same bits example by example as lane by lane, on large planes and small")
    void equalsByExample() {
        for (int kernel : new int[] {3, 5}) {
            ChannelStack stack = KERNELS.stack(
                            List.of(convolving(WIDE, true), new MaxPooling(kernel, kernel - 1, kernel / 2)))
                    .orElseThrow();
            stack.load(random(WIDE.weights() + 35, 0.2, 1));
            int size = 35 * (kernel == 3 ? 30 : 9);
            float[] in = random(WIDE.inSize() * LANES, 1, 2);
            float[] up = random(size * LANES, 1, 3);
            int examples = LANES - 1;
            float[] lanes = new float[size * LANES];
            float[] dinOfLanes = new float[in.length];
            stack.forward(in, lanes, false, examples);
            stack.backward(up, false, dinOfLanes, examples);
            float[] out = new float[size * LANES];
            float[] upByExample = new float[size * LANES];
            float[] din = new float[in.length];
            KERNELS.toExamples(up, size, examples, upByExample);
            stack.forward(in, out, true, examples);
            stack.backward(upByExample, true, din, examples);
            float[] expected = new float[size * LANES];
            KERNELS.toExamples(lanes, size, examples, expected);
            assertThat(out).containsExactly(expected);
            for (int i = 0; i < din.length; i++) {
                assertThat(i % LANES < examples ? din[i] - dinOfLanes[i] : 0).isZero();
            }
        }
    }

    @Test
    @DisplayName("is made where there are wide 3x3 filters at stride 1, and of as many layers as fit")
    void choice() {
        Convolving wide = convolving(WIDE, true);
        Convolving first = convolving(NARROW, false);
        Convolving strided = convolving(new ConvolutionShape(32, 9, 9, 64, 3, 2, 0), true);
        Convolving large = convolving(new ConvolutionShape(32, 9, 9, 64, 5, 1, 0), true);
        assertThat(length(wide)).isEqualTo(1);
        assertThat(length(first, new Rectifying(), wide, new MaxPooling(2, 2, 0), strided))
                .isEqualTo(4);
        assertThat(length(wide, large)).isEqualTo(1);
        assertThat(length(first, new Rectifying(), strided)).isZero();
        assertThat(length(convolving(NARROW, true), wide)).isZero();
        assertThat(length(new Rectifying(), wide)).isZero();
        assertThat(length(convolving(new ConvolutionShape(3, 12, 13, 16, 3, 1, 1), false), wide))
                .isZero();
        assertThat(length(convolving(new ConvolutionShape(32, 9, 9, 64, 3, 1, 3), true)))
                .isZero();
        assertThat(length(convolving(new ConvolutionShape(32, 8, 9, 64, 3, 1, 0), true)))
                .isZero();
        assertThat(length()).isZero();
        assertThat(Kernels.plain().stack(List.of(wide))).isEmpty();
    }

    private static int length(StackLayer... layers) {
        return KERNELS.stack(List.of(layers)).map(ChannelStack::length).orElse(0);
    }
}
