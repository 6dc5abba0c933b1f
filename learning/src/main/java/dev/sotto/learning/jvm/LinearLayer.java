package dev.sotto.learning.jvm;

import dev.sotto.kernels.Kernels;
import java.util.Arrays;

/**
 * Fully connected. A per-example gradient is the outer product of upstream gradient and input, so its norm is the product
 * of their norms (Goodfellow, "Efficient Per-Example Gradient Computations", 2015) and it is never written down.
 */
final class LinearLayer implements ParameterLayer {
    private final Kernels kernels;
    private final Slot in;
    private final Slot out;
    private final int weight;
    private final int bias;
    private final float[] inSquares;
    private final float[] outSquares;
    private final float[] inByExample;
    private final float[] outByExample;
    private final DenseSum gradients;

    LinearLayer(Kernels kernels, Slot in, Slot out, int weight, int bias) {
        this.kernels = kernels;
        this.in = in;
        this.out = out;
        this.weight = weight;
        this.bias = bias;
        inSquares = new float[kernels.lanes()];
        outSquares = new float[kernels.lanes()];
        inByExample = new float[in.size() * kernels.lanes()];
        outByExample = new float[out.size() * kernels.lanes()];
        gradients = new DenseSum(kernels, out.size(), in.size(), weight, bias);
    }

    @Override
    public void forward(float[] parameters, Group group) {
        kernels.dense(parameters, weight, bias, out.size(), in.size(), in.values(), out.values());
    }

    @Override
    public void computeGradients() {}

    @Override
    public void backward(float[] parameters) {
        kernels.denseInput(parameters, weight, out.size(), in.size(), out.gradients(), in.gradients());
    }

    @Override
    public void addSquaredNorms(double[] perLane) {
        kernels.squares(in.values(), in.size(), inSquares);
        kernels.squares(out.gradients(), out.size(), outSquares);
        for (int lane = 0; lane < perLane.length; lane++) {
            // Squares of values next to 0 are 0 as floats, and large inputs would make long gradients of those values.
            perLane[lane] += (inSquares[lane] + 1.0) * Math.max(outSquares[lane], Float.MIN_NORMAL);
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
        kernels.toExamples(in.values(), in.size(), examples, inByExample);
        for (int n = 0; n < examples; n++) {
            if (factors[n] == 0) {
                Arrays.fill(inByExample, n * in.size(), (n + 1) * in.size(), 0f);
            }
        }
        gradients.begin(outByExample, inByExample, examples);
    }

    @Override
    public void completeGradients(float[] sum, int to) {
        gradients.addTo(sum, to);
    }
}
