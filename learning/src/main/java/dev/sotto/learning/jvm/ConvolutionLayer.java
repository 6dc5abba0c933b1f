package dev.sotto.learning.jvm;

import dev.sotto.kernels.Convolution;
import dev.sotto.kernels.ConvolutionShape;
import dev.sotto.kernels.Kernels;

/** A convolution; its weight gradients are kept lane by lane until the clip factors are known. */
final class ConvolutionLayer implements ParameterLayer {
    private final Kernels kernels;
    private final ConvolutionShape shape;
    private final Convolution convolution;
    private final Slot in;
    private final Slot out;
    private final int weight;
    private final int bias;
    private final LaneGradients weightGradients;
    private final LaneGradients biasGradients;
    private int examples;

    ConvolutionLayer(
            Kernels kernels, ConvolutionShape shape, Slot in, Slot out, int weight, int bias, boolean inputGradient) {
        this.kernels = kernels;
        this.shape = shape;
        this.in = in;
        this.out = out;
        this.weight = weight;
        this.bias = bias;
        convolution = kernels.convolution(shape, inputGradient);
        weightGradients = new LaneGradients(kernels, shape.weights(), weight);
        biasGradients = new LaneGradients(kernels, shape.outChannels(), bias);
    }

    @Override
    public void load(float[] parameters) {
        convolution.load(parameters, weight, bias);
    }

    @Override
    public void forward(float[] parameters, Group group) {
        examples = group.count();
        convolution.forward(in.values(), out.values(), examples);
    }

    @Override
    public void computeGradients() {
        convolution.weightGradients(in.values(), out.gradients(), weightGradients.values(), examples);
        kernels.rowSums(out.gradients(), shape.outChannels(), shape.outPositions(), biasGradients.values());
    }

    @Override
    public void backward(float[] parameters) {
        convolution.inputGradient(out.gradients(), in.gradients(), examples);
    }

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
