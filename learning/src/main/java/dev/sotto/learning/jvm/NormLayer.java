package dev.sotto.learning.jvm;

import dev.sotto.kernels.Kernels;
import dev.sotto.kernels.Normalisation;

/** Group or layer normalisation. */
final class NormLayer implements ParameterLayer {
    private final Kernels kernels;
    private final Normalisation shape;
    private final Slot in;
    private final Slot out;
    private final int weight;
    private final int bias;
    private final float[] normalised;
    private final float[] inverse;
    private final LaneGradients weightGradients;
    private final LaneGradients biasGradients;
    private float[] parameters;

    NormLayer(Kernels kernels, Normalisation shape, Slot in, Slot out, int weight, int bias) {
        this.kernels = kernels;
        this.shape = shape;
        this.in = in;
        this.out = out;
        this.weight = weight;
        this.bias = bias;
        normalised = new float[in.values().length];
        inverse = new float[shape.segments() * kernels.lanes()];
        weightGradients = new LaneGradients(kernels, shape.parameters(), weight);
        biasGradients = new LaneGradients(kernels, shape.parameters(), bias);
    }

    @Override
    public void forward(float[] parameters, Group group) {
        this.parameters = parameters;
        kernels.normalise(shape, parameters, weight, bias, in.values(), out.values(), normalised, inverse);
    }

    /** Also computes the input gradient: both come from the same sums. */
    @Override
    public void computeGradients() {
        kernels.normaliseGradient(
                shape,
                parameters,
                weight,
                normalised,
                inverse,
                out.gradients(),
                in.gradients(),
                weightGradients.values(),
                biasGradients.values());
    }

    @Override
    public void backward(float[] parameters) {}

    @Override
    public void addSquaredNorms(double[] perLane) {
        weightGradients.addSquaredNorms(perLane);
        biasGradients.addSquaredNorms(perLane);
    }

    @Override
    public void addGradients(float[] factors, int examples, float[] sum) {
        weightGradients.addTo(sum, factors);
        biasGradients.addTo(sum, factors);
    }
}
