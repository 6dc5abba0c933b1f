package dev.sotto.kernels;

/**
 * A convolution with 3x3 filters at stride 1 by Winograd's minimal filtering, F(2x2, 3x3): 16 products where the definition
 * has 36, in all three passes. Results differ from the definition's by a few roundings. Not thread-safe.
 */
final class WinogradLayer implements ChannelConvolution {
    /** With fewer channels than this on either side, the transforms cost more than the products save: measured. */
    static final int LEAST_CHANNELS = 32;

    private final StackLayer.Convolving layer;
    private final ConvolutionShape shape;
    private final ChannelSlot in;
    private final ChannelSlot out;
    private final WinogradCorrelation outputs;
    private final WinogradGradients weights;
    /** Null where nobody needs the input gradient. */
    private final WinogradCorrelation inputs;

    private final ChannelPlanes values;
    private final ChannelPlanes upstream;
    private final ChannelGradients gradients;

    WinogradLayer(StackLayer.Convolving layer, ChannelSlot in, ChannelSlot out) {
        this.layer = layer;
        this.in = in;
        this.out = out;
        shape = layer.shape();
        outputs = new WinogradCorrelation(shape.inChannels(), out.channels, out.height, out.width);
        weights = new WinogradGradients(shape);
        inputs = layer.inputGradient() ? new WinogradCorrelation(out.channels, in.channels, in.height, in.width) : null;
        values = bordered(in, shape.padding());
        upstream = bordered(out, 2 - shape.padding());
        gradients = new ChannelGradients(9 * out.depth * in.depth, out.depth);
    }

    /** Planes with zeros around, to whole tiles. */
    private static ChannelPlanes bordered(ChannelSlot slot, int border) {
        int rows = (slot.height + 2 * border + 1) / 2 * 2;
        return new ChannelPlanes(slot.depth, slot.height, slot.width, border, rows, (slot.width + 2 * border + 1) / 2);
    }

    static boolean fits(StackLayer.Convolving layer) {
        ConvolutionShape shape = layer.shape();
        return shape.kernel() == 3
                && shape.stride() == 1
                && shape.padding() <= 2
                && Math.min(shape.inChannels(), shape.outChannels()) >= LEAST_CHANNELS;
    }

    @Override
    public void load(float[] parameters) {
        outputs.load(parameters, layer.weight(), shape.taps(), 9, false);
        outputs.loadBias(parameters, layer.bias());
        if (inputs != null) {
            inputs.load(parameters, layer.weight(), 9, shape.taps(), true);
        }
    }

    @Override
    public void forward(int example) {
        values.take(in.values, in.at(example));
        outputs.run(values, shape.padding(), out.values, out.at(example));
    }

    @Override
    public void backward(int example) {
        gradients.takeBiases(out, example);
        values.take(in.values, in.at(example));
        upstream.take(out.gradients, out.gradientsAt(example));
        weights.run(values, upstream, gradients.weights, gradients.at(example));
        if (inputs != null) {
            inputs.run(upstream, 2 - shape.padding(), in.gradients, in.gradientsAt(example));
        }
    }

    @Override
    public double squaredNorm(int example) {
        return gradients.squaredNorm(example, 9 * out.depth * in.depth);
    }

    @Override
    public void addGradients(float[] factors, int examples, float[] sum) {
        float[] total = gradients.total(factors, examples);
        for (int o = 0; o < shape.outChannels(); o++) {
            for (int c = 0; c < shape.inChannels(); c++) {
                int to = layer.weight() + o * shape.taps() + c * 9;
                for (int tap = 0; tap < 9; tap++) {
                    sum[to + tap] += total[(tap * out.depth + o) * in.depth + c];
                }
            }
        }
        float[] biases = gradients.biasTotal(factors, examples);
        for (int o = 0; o < shape.outChannels(); o++) {
            sum[layer.bias() + o] += biases[o];
        }
    }
}
