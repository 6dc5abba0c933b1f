package dev.sotto.kernels;

/**
 * A convolution as its definition says: any kernel, stride and padding.
 *
 * <p>Padding is real zeros around a private copy, so tiles have no branches; taps that only meet those zeros are left out
 * of the tables where a whole row of positions agrees. Groups that do not fill the lanes are packed closely where that
 * pays ({@link ConvolutionPlan}); their empty lanes then hold copies of other lanes' values.
 */
final class DirectConvolution implements Convolution {
    private final Kernels kernels;
    private final ConvolutionShape shape;
    private final int lanes;
    private final boolean inputGradient;
    /** By pitch; all but the last are made when first needed. */
    private final ConvolutionPlan[] plans;

    private final TapGradients weights;
    private final float[] forwardWeights;
    private final float[] bias;
    private final float[] backwardWeights;
    private final float[] noBias;
    private final float[] bordered;
    private final float[] borderedUpstream;
    private float[] packed;
    private float[] packedResult;

    DirectConvolution(Kernels kernels, ConvolutionShape shape, boolean inputGradient) {
        this.kernels = kernels;
        this.shape = shape;
        this.inputGradient = inputGradient;
        lanes = kernels.lanes();
        plans = new ConvolutionPlan[lanes + 1];
        ConvolutionPlan plan = new ConvolutionPlan(kernels, shape, lanes, inputGradient);
        plans[lanes] = plan;
        weights = weightGradients(plan);
        forwardWeights = new float[plan.forward.packedSize()];
        bias = new float[plan.forward.paddedRows()];
        backwardWeights = new float[inputGradient ? plan.backward.packedSize() : 0];
        noBias = new float[inputGradient ? plan.backward.paddedRows() : 0];
        bordered = new float[plan.in.isEmpty() ? 0 : plan.in.size()];
        borderedUpstream = new float[!inputGradient || plan.upstream.isEmpty() ? 0 : plan.upstream.size()];
    }

    private TapGradients weightGradients(ConvolutionPlan plan) {
        int[] positions = new int[shape.outPositions()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = plan.window(i / shape.outWidth(), i % shape.outWidth());
        }
        return new TapGradients(kernels, shape.outChannels(), plan.tapOffsets(), positions);
    }

    @Override
    public void load(float[] parameters, int weight, int biasAt) {
        plans[lanes].forward.pack(parameters, weight, shape.taps(), shape.taps(), 0, forwardWeights);
        for (int r = 0; r < bias.length; r++) {
            bias[r] = parameters[biasAt + Math.min(r, shape.outChannels() - 1)];
        }
        if (inputGradient) {
            int area = shape.kernel() * shape.kernel();
            plans[lanes].backward.pack(parameters, weight, area, area, shape.taps(), backwardWeights);
        }
    }

    @Override
    public void forward(float[] in, float[] out, int examples) {
        ConvolutionPlan plan = plan(examples);
        if (plan == plans[lanes]) {
            kernels.correlate(plan.forward, around(plan.in, in, bordered), forwardWeights, bias, out);
        } else {
            plan.in.copy(kernels, in, packed);
            kernels.correlate(plan.forward, packed, forwardWeights, bias, packedResult);
            kernels.respace(packedResult, 0, examples, out, 0, lanes, shape.outSize());
        }
    }

    @Override
    public void weightGradients(float[] in, float[] upstream, float[] gradients, int examples) {
        kernels.weightGradients(weights, around(plans[lanes].in, in, bordered), upstream, gradients);
    }

    @Override
    public void inputGradient(float[] upstream, float[] din, int examples) {
        ConvolutionPlan plan = plan(examples);
        if (plan == plans[lanes]) {
            float[] up = around(plan.upstream, upstream, borderedUpstream);
            kernels.correlate(plan.backward, up, backwardWeights, noBias, din);
        } else {
            plan.upstream.copy(kernels, upstream, packed);
            kernels.correlate(plan.backward, packed, backwardWeights, noBias, packedResult);
            kernels.respace(packedResult, 0, examples, din, 0, lanes, shape.inSize());
        }
    }

    private float[] around(Border border, float[] x, float[] copy) {
        if (border.isEmpty()) {
            return x;
        }
        border.copy(kernels, x, copy);
        return copy;
    }

    /** Packing costs a pass over input and output, and saves the empty lanes' share of the taps. */
    private boolean packingPays(int examples) {
        int shorter = Math.min(shape.inWidth(), shape.outWidth());
        return shape.stride() == 1 && shorter * examples >= lanes && (lanes - examples) * shape.taps() >= 16 * lanes;
    }

    private ConvolutionPlan plan(int examples) {
        if (!packingPays(examples)) {
            return plans[lanes];
        }
        if (plans[examples] == null) {
            plans[examples] = new ConvolutionPlan(kernels, shape, examples, inputGradient);
            if (packed == null) {
                ConvolutionPlan full = plans[lanes];
                packed = new float[Math.max(full.in.size(), full.upstream.size()) + lanes];
                packedResult = new float[Math.max(shape.inSize(), shape.outSize()) * lanes + lanes];
            }
        }
        return plans[examples];
    }
}
