package dev.sotto.kernels;

/**
 * A convolution with 3x3 filters at stride 1 by Winograd's minimal filtering, F(2x2, 3x3): 16 products where the definition
 * has 36, in all three passes. Results differ from the definition's by a few roundings.
 *
 * <p>Inside, lanes are channels and examples come one after the other: the sixteen sums that each pair of channels needs for
 * a gradient stay in cache for one example, not for sixteen at once, and no lane idles where examples are few.
 */
final class WinogradConvolution implements Convolution {
    /** With fewer channels than this on either side, the transforms cost more than the products save: measured. */
    static final int LEAST_CHANNELS = 32;

    private final ConvolutionShape shape;
    private final WinogradCorrelation outputs;
    private final WinogradGradients gradients;
    /** Null where nobody needs the input gradient. */
    private final WinogradCorrelation inputs;

    private final ChannelPlanes in;
    private final ChannelPlanes upstream;

    WinogradConvolution(ConvolutionShape shape, boolean inputGradient) {
        this.shape = shape;
        int ins = shape.inChannels();
        int outs = shape.outChannels();
        outputs = new WinogradCorrelation(ins, outs, shape.outHeight(), shape.outWidth());
        gradients = new WinogradGradients(shape);
        inputs = inputGradient ? new WinogradCorrelation(outs, ins, shape.inHeight(), shape.inWidth()) : null;
        in = bordered(ins, shape.inHeight(), shape.inWidth(), shape.padding());
        upstream = bordered(outs, shape.outHeight(), shape.outWidth(), 2 - shape.padding());
    }

    /** Planes with zeros around, to whole tiles. */
    private static ChannelPlanes bordered(int channels, int height, int width, int border) {
        int rows = (height + 2 * border + 1) / 2 * 2;
        return new ChannelPlanes(channels, height, width, border, rows, (width + 2 * border + 1) / 2);
    }

    static boolean paysFor(ConvolutionShape shape) {
        return shape.kernel() == 3
                && shape.stride() == 1
                && shape.padding() <= 2
                && Math.min(shape.inChannels(), shape.outChannels()) >= LEAST_CHANNELS;
    }

    @Override
    public void load(float[] parameters, int weight, int bias) {
        outputs.load(parameters, weight, shape.taps(), 9, false);
        outputs.loadBias(parameters, bias);
        if (inputs != null) {
            inputs.load(parameters, weight, 9, shape.taps(), true);
        }
    }

    @Override
    public void forward(float[] from, float[] to, int examples) {
        in.take(from, examples);
        outputs.run(in, shape.padding(), to, examples);
    }

    @Override
    public void weightGradients(float[] from, float[] gradient, float[] weights, int examples) {
        upstream.take(gradient, examples);
        gradients.run(in, upstream, weights, examples);
    }

    @Override
    public void inputGradient(float[] gradient, float[] to, int examples) {
        inputs.run(upstream, 2 - shape.padding(), to, examples);
    }
}
