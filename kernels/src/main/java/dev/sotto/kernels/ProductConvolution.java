package dev.sotto.kernels;

import java.util.Arrays;

/**
 * The first convolution of a stack, of any kernel, stride and padding: the values under each position's window are written
 * side by side, and the rest is products of matrices. For windows of few values, since that copies each of them as often as
 * windows overlap. It has no input gradient. Not thread-safe.
 */
final class ProductConvolution implements ChannelConvolution {
    /** More than this, and windows take too much memory beside what they are multiplied with. */
    static final int MOST_TAPS = 128;

    private static final int CHUNK_FLOATS = 4096;

    private final StackLayer.Convolving layer;
    private final ConvolutionShape shape;
    private final ChannelSlot in;
    private final ChannelSlot out;
    /** Rows of windows that are worked on together. */
    private final int rows;
    /** From one window to the next. */
    private final int step;

    private final int borderedWidth;
    private final float[] bordered;
    private final float[] windows;
    private final float[] weights;
    private final float[] bias;
    private final ChannelGradients gradients;

    ProductConvolution(StackLayer.Convolving layer, ChannelSlot in, ChannelSlot out) {
        this.layer = layer;
        this.in = in;
        this.out = out;
        shape = layer.shape();
        step = (shape.taps() + 3) / 4 * 4;
        rows = Math.max(1, CHUNK_FLOATS / (shape.outWidth() * step));
        borderedWidth = shape.inWidth() + 2 * shape.padding();
        bordered = new float[(shape.inHeight() + 2 * shape.padding()) * borderedWidth * in.depth + Lanes.COUNT];
        windows = new float[(rows * shape.outWidth() + 4) * step + Lanes.COUNT];
        weights = new float[shape.taps() * out.depth];
        bias = new float[out.depth];
        gradients = new ChannelGradients(step * out.depth, out.depth);
    }

    static boolean fits(StackLayer.Convolving layer) {
        return !layer.inputGradient()
                && layer.shape().taps() <= MOST_TAPS
                && layer.shape().outChannels() >= WinogradLayer.LEAST_CHANNELS;
    }

    /** Where a weight lies in the flat tensor: windows have their channels innermost. */
    private int tensorAt(int output, int tap) {
        int channel = tap % shape.inChannels();
        int position = tap / shape.inChannels();
        return layer.weight() + output * shape.taps() + channel * shape.kernel() * shape.kernel() + position;
    }

    @Override
    public void load(float[] parameters) {
        for (int o = 0; o < shape.outChannels(); o++) {
            for (int tap = 0; tap < shape.taps(); tap++) {
                weights[VectorProducts.packed(tap, o, shape.taps())] = parameters[tensorAt(o, tap)];
            }
        }
        System.arraycopy(parameters, layer.bias(), bias, 0, shape.outChannels());
    }

    @Override
    public void forward(int example) {
        surround(example);
        for (int y = 0; y < shape.outHeight(); y += rows) {
            int count = openWindows(y);
            int padded = (count + 3) / 4 * 4;
            int to = out.at(example) + y * shape.outWidth() * out.depth;
            VectorProducts.multiply(
                    bias, windows, 0, step, padded, weights, 0, out.depth, shape.taps(), out.values, to);
        }
    }

    @Override
    public void backward(int example) {
        gradients.takeBiases(out, example);
        surround(example);
        Arrays.fill(gradients.weights, gradients.at(example), gradients.at(example + 1), 0f);
        for (int y = 0; y < shape.outHeight(); y += rows) {
            int count = openWindows(y);
            int from = out.gradientsAt(example) + y * shape.outWidth() * out.depth;
            VectorOuterProducts.add(
                    windows,
                    0,
                    step,
                    step,
                    out.gradients,
                    from,
                    out.depth,
                    out.depth,
                    count,
                    gradients.weights,
                    gradients.at(example));
        }
    }

    /** Copies an example to where there are zeros around it. */
    private void surround(int example) {
        int row = shape.inWidth() * in.depth;
        for (int y = 0; y < shape.inHeight(); y++) {
            int to = ((y + shape.padding()) * borderedWidth + shape.padding()) * in.depth;
            System.arraycopy(in.values, in.at(example) + y * row, bordered, to, row);
        }
    }

    /** Writes the windows of the rows from {@code first} on and returns their number. */
    private int openWindows(int first) {
        int end = Math.min(first + rows, shape.outHeight());
        int line = shape.kernel() * in.depth;
        for (int y = first; y < end; y++) {
            int to = (y - first) * shape.outWidth() * step;
            for (int x = 0; x < shape.outWidth(); x++) {
                int from = (y * borderedWidth + x) * shape.stride() * in.depth;
                VectorChannels.copy(
                        bordered, from, borderedWidth * in.depth, windows, to + x * step, line, line, shape.kernel());
            }
        }
        return (end - first) * shape.outWidth();
    }

    @Override
    public double squaredNorm(int example) {
        return gradients.squaredNorm(example, shape.taps() * out.depth);
    }

    @Override
    public void addGradients(float[] factors, int examples, float[] sum) {
        float[] total = gradients.total(factors, examples);
        for (int o = 0; o < shape.outChannels(); o++) {
            for (int tap = 0; tap < shape.taps(); tap++) {
                sum[tensorAt(o, tap)] += total[tap * out.depth + o];
            }
        }
        float[] biases = gradients.biasTotal(factors, examples);
        for (int o = 0; o < shape.outChannels(); o++) {
            sum[layer.bias() + o] += biases[o];
        }
    }
}
