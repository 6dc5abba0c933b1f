package dev.sotto.kernels;

/**
 * The first convolution of a stack, of any kernel, stride and padding: for each tap the values under it are written side by
 * side, and the rest is products of matrices. For windows of few values, since that copies each of them as often as windows
 * overlap. It has no input gradient. Not thread-safe.
 */
final class ProductConvolution implements ChannelConvolution {
    /** More than this, and windows take too much memory beside what they are multiplied with. */
    static final int MOST_TAPS = 128;

    private static final int CHUNK_FLOATS = 4096;

    private final StackLayer.Convolving layer;
    private final ConvolutionShape shape;
    private final ChannelInputs in;
    private final ChannelSlot out;
    /** Padded to whole register tiles. */
    private final int taps;
    /** Rows of positions that are worked on together. */
    private final int rows;
    /** From one tap's values to the next's. */
    private final int step;

    private final int borderedHeight;
    private final int borderedWidth;
    /** Null without padding. */
    private final float[] bordered;

    private final float[] windows;
    private final float[] weights;
    private final float[] bias;
    private final ChannelGradients gradients;

    ProductConvolution(StackLayer.Convolving layer, ChannelInputs in, ChannelSlot out) {
        this.layer = layer;
        this.in = in;
        this.out = out;
        shape = layer.shape();
        taps = (shape.taps() + 3) / 4 * 4;
        rows = Math.max(1, CHUNK_FLOATS / (shape.outWidth() * taps));
        step = rows * shape.outWidth() + Lanes.COUNT;
        borderedHeight = shape.inHeight() + 2 * shape.padding();
        borderedWidth = shape.inWidth() + 2 * shape.padding();
        bordered = shape.padding() == 0
                ? null
                : new float[shape.inChannels() * borderedHeight * borderedWidth + Lanes.COUNT];
        windows = new float[taps * step + Lanes.COUNT];
        weights = new float[shape.taps() * out.depth];
        bias = new float[out.depth];
        gradients = new ChannelGradients(taps * out.depth, out.depth);
    }

    static boolean fits(StackLayer.Convolving layer) {
        return !layer.inputGradient()
                && layer.shape().taps() <= MOST_TAPS
                && layer.shape().outChannels() >= WinogradLayer.LEAST_CHANNELS;
    }

    @Override
    public void load(float[] parameters) {
        for (int o = 0; o < shape.outChannels(); o++) {
            for (int tap = 0; tap < shape.taps(); tap++) {
                weights[tap * out.depth + o] = parameters[layer.weight() + o * shape.taps() + tap];
            }
        }
        System.arraycopy(parameters, layer.bias(), bias, 0, shape.outChannels());
    }

    @Override
    public void forward(int example) {
        surround(example);
        for (int y = 0; y < shape.outHeight(); y += rows) {
            int count = openWindows(example, y);
            int padded = (count + 3) / 4 * 4;
            int to = out.at(example) + y * shape.outWidth() * out.depth;
            VectorOuterProducts.multiply(
                    bias, windows, 0, step, padded, weights, 0, out.depth, out.depth, shape.taps(), out.values, to);
        }
    }

    @Override
    public void backward(int example) {
        gradients.takeBiases(out, example);
        surround(example);
        for (int y = 0; y < shape.outHeight(); y += rows) {
            int count = openWindows(example, y);
            int from = out.gradientsAt(example) + y * shape.outWidth() * out.depth;
            VectorProducts.sum(
                    windows,
                    0,
                    step,
                    taps,
                    out.gradients,
                    from,
                    out.depth,
                    out.depth,
                    count,
                    gradients.weights,
                    gradients.at(example),
                    y > 0);
        }
    }

    /** Copies an example to where there are zeros around it. */
    private void surround(int example) {
        for (int line = 0; bordered != null && line < shape.inChannels() * shape.inHeight(); line++) {
            int channel = line / shape.inHeight();
            int y = channel * borderedHeight + shape.padding() + line % shape.inHeight();
            int from = in.at(example) + line * shape.inWidth();
            System.arraycopy(in.values, from, bordered, y * borderedWidth + shape.padding(), shape.inWidth());
        }
    }

    /** Writes the values under each tap for the rows from {@code first} on, and returns the number of positions. */
    private int openWindows(int example, int first) {
        float[] from = bordered == null ? in.values : bordered;
        int start = bordered == null ? in.at(example) : 0;
        int count = Math.min(rows, shape.outHeight() - first);
        int kernel = shape.kernel();
        for (int tap = 0; tap < shape.taps(); tap++) {
            int channel = tap / (kernel * kernel);
            int y = channel * borderedHeight + first * shape.stride() + tap / kernel % kernel;
            int at = start + y * borderedWidth + tap % kernel;
            if (shape.stride() == 1) {
                int width = shape.outWidth();
                VectorChannels.copy(from, at, borderedWidth, windows, tap * step, width, width, count);
            } else {
                copySpaced(from, at, tap * step, count);
            }
        }
        return count * shape.outWidth();
    }

    private void copySpaced(float[] from, int at, int to, int count) {
        int stride = shape.stride();
        for (int y = 0; y < count; y++) {
            int row = at + y * stride * borderedWidth;
            for (int x = 0; x < shape.outWidth(); x++) {
                windows[to + y * shape.outWidth() + x] = from[row + x * stride];
            }
        }
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
                sum[layer.weight() + o * shape.taps() + tap] += total[tap * out.depth + o];
            }
        }
        float[] biases = gradients.biasTotal(factors, examples);
        for (int o = 0; o < shape.outChannels(); o++) {
            sum[layer.bias() + o] += biases[o];
        }
    }
}
