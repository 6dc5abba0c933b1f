package dev.sotto.learning.jvm;

import dev.sotto.kernels.DenseRows;
import dev.sotto.kernels.Kernels;
import java.util.Arrays;

/** What {@link LinearLayer} is, where examples come one after the other. */
final class LinearRowsLayer implements ParameterLayer {
    private final Kernels kernels;
    private final DenseRows dense;
    private final Slot in;
    private final Slot out;
    private final float[] outSquares;
    private final float[] outByExample;
    private final DenseSum gradients;
    private int examples;

    LinearRowsLayer(Kernels kernels, DenseRows dense, Slot in, Slot out, int weight, int bias) {
        this.kernels = kernels;
        this.dense = dense;
        this.in = in;
        this.out = out;
        outSquares = new float[kernels.lanes()];
        outByExample = new float[out.size() * kernels.lanes()];
        gradients = new DenseSum(kernels, out.size(), in.size(), weight, bias);
    }

    @Override
    public void forward(float[] parameters, Group group) {
        examples = group.count();
        dense.forward(parameters, in.values(), examples, out.values());
    }

    @Override
    public void computeGradients() {}

    @Override
    public void backward(float[] parameters) {
        dense.inputGradient(parameters, out.gradients(), examples, in.gradients());
    }

    @Override
    public void addSquaredNorms(double[] perLane) {
        kernels.squares(out.gradients(), out.size(), outSquares);
        for (int n = 0; n < examples; n++) {
            perLane[n] += (dense.squaredNorm(in.values(), n) + 1) * outSquares[n];
        }
    }

    @Override
    public void addGradients(float[] factors, int examples, float[] sum) {
        beginGradients(factors, examples, sum);
        completeGradients(sum, sum.length);
    }

    @Override
    public void beginGradients(float[] factors, int examples, float[] sum) {
        kernels.scale(out.gradients(), out.size(), factors);
        kernels.toExamples(out.gradients(), out.size(), examples, outByExample);
        for (int n = 0; n < examples; n++) {
            if (factors[n] == 0) {
                Arrays.fill(in.values(), n * in.size(), (n + 1) * in.size(), 0f);
            }
        }
        gradients.begin(outByExample, in.values(), examples);
    }

    @Override
    public void completeGradients(float[] sum, int to) {
        gradients.addTo(sum, to);
    }
}
