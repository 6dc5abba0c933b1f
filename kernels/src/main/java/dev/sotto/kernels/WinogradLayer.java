package dev.sotto.kernels;

import static dev.sotto.kernels.WinogradTiles.SIDE;

/**
 * A convolution with 3x3 filters at stride 1 by Winograd's minimal filtering, F(4x4, 3x3): 36 products where the definition
 * has 144, in all three passes. Results differ from the definition's by some roundings. Not thread-safe.
 */
final class WinogradLayer implements ChannelConvolution {
    /** With fewer channels than this on either side, the transforms cost more than the products save: measured. */
    static final int LEAST_CHANNELS = 32;

    /** Smaller planes leave too much of their tiles empty: measured. */
    static final int LEAST_SIDE = 7;

    private final StackLayer.Convolving layer;
    private final ConvolutionShape shape;
    private final ChannelSlot in;
    private final ChannelSlot out;
    private final WinogradOutputs outputs;
    private final WinogradGradients weights;
    private final ChannelPlanes values;
    private final ChannelPlanes upstream;
    /** Null where nobody needs the input's gradients. */
    private final ChannelPlanes inputs;

    private final ChannelGradients gradients;

    WinogradLayer(StackLayer.Convolving layer, ChannelSlot in, ChannelSlot out) {
        this.layer = layer;
        this.in = in;
        this.out = out;
        shape = layer.shape();
        outputs = new WinogradOutputs(shape);
        weights = new WinogradGradients(shape);
        WinogradTiles tiles = WinogradTiles.of(out.height, out.width, 1);
        values = bordered(in, tiles, shape.padding());
        upstream = new ChannelPlanes(out.depth, out.height, out.width, 0, SIDE * tiles.down(), SIDE * tiles.across());
        inputs = layer.inputGradient() ? bordered(in, tiles, shape.padding()) : null;
        gradients = new ChannelGradients(9 * out.depth * in.depth, out.depth);
    }

    /** Planes with zeros around, to whole tiles. */
    private static ChannelPlanes bordered(ChannelSlot slot, WinogradTiles tiles, int border) {
        int rows = SIDE * tiles.down() + 2;
        int columns = SIDE * tiles.across() + 2;
        return new ChannelPlanes(slot.depth, slot.height, slot.width, border, rows, columns);
    }

    static boolean fits(StackLayer.Convolving layer) {
        ConvolutionShape shape = layer.shape();
        return shape.kernel() == 3
                && shape.stride() == 1
                && shape.padding() <= 2
                && Math.min(shape.outHeight(), shape.outWidth()) >= LEAST_SIDE
                && Math.min(shape.inChannels(), shape.outChannels()) >= LEAST_CHANNELS;
    }

    @Override
    public void load(float[] parameters) {
        outputs.load(parameters, layer.weight(), layer.bias());
        if (inputs != null) {
            weights.load(parameters, layer.weight());
        }
    }

    @Override
    public void forward(int example) {
        int at = in.at(example);
        values.take(in.values, at);
        outputs.run(values.values(in.values), values.at(at), values.row(), out.values, out.at(example));
    }

    @Override
    public void backward(int example) {
        gradients.takeBiases(out, example);
        int at = in.at(example);
        values.take(in.values, at);
        int up = out.gradientsAt(example);
        upstream.take(out.gradients, up);
        int down = in.gradientsAt(example);
        weights.run(
                values.values(in.values),
                values.at(at),
                values.row(),
                upstream.values(out.gradients),
                upstream.at(up),
                upstream.row(),
                gradients.weights,
                gradients.at(example),
                inputs == null ? null : inputs.values(in.gradients),
                inputs == null ? 0 : inputs.at(down));
        if (inputs != null) {
            inputs.give(in.gradients, down);
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
