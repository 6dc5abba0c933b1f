package dev.sotto.kernels;

import java.util.Arrays;

/** The gradients of one convolution for each example: weights in the order of whoever computes them, and biases. */
final class ChannelGradients {
    private final int weightSize;
    private final int biasSize;
    final float[] weights;
    final float[] biases;
    private final float[] total;
    private final float[] biasTotal;
    private final float[] sums = new float[Lanes.COUNT];

    /**
     * Room for as many examples as there are lanes.
     *
     * @param weights of an example, padding included: whole vectors
     * @param biases of an example, padding included: whole vectors
     */
    ChannelGradients(int weights, int biases) {
        weightSize = weights;
        biasSize = biases;
        this.weights = new float[Lanes.COUNT * weights];
        this.biases = new float[Lanes.COUNT * biases];
        total = new float[weights];
        biasTotal = new float[biases];
    }

    int at(int example) {
        return example * weightSize;
    }

    /** Sums the gradients of an output's positions. */
    void takeBiases(ChannelSlot out, int example) {
        VectorChannels.sumRows(
                out.gradients, out.gradientsAt(example), out.positions(), biasSize, biases, example * biasSize);
    }

    /** The square of an example's norm, over its first {@code weights}. */
    double squaredNorm(int example, int weights) {
        return VectorChannels.squares(this.weights, at(example), weights, sums)
                + VectorChannels.squares(biases, example * biasSize, biasSize, sums);
    }

    /** The sum of the weights' gradients, each example's times its factor. */
    float[] total(float[] factors, int examples) {
        return total(weights, factors, examples, total);
    }

    /** The same of the biases. */
    float[] biasTotal(float[] factors, int examples) {
        return total(biases, factors, examples, biasTotal);
    }

    private static float[] total(float[] gradients, float[] factors, int examples, float[] total) {
        Arrays.fill(total, 0f);
        for (int n = 0; n < examples; n++) {
            if (factors[n] != 0) {
                VectorChannels.addScaled(factors[n], gradients, n * total.length, total, total.length);
            }
        }
        return total;
    }
}
