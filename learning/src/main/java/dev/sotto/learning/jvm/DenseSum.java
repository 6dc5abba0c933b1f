package dev.sotto.learning.jvm;

import dev.sotto.kernels.Kernels;

/**
 * The sum of a dense layer's gradients over a group of examples, added a stretch after the other: a large one does not stay in
 * cache, so that who goes through it next had better do so before the next stretch is added.
 */
final class DenseSum {
    /** Values that are added at once, about: half of what a second-level cache holds. */
    private static final int STRETCH = 1 << 17;

    /** Outputs are added in multiples of so many, which fill the kernels' tiles. */
    private static final int TILE = 8;

    private final Kernels kernels;
    private final int outputs;
    private final int inputs;
    private final int weight;
    private final int bias;
    private final int rows;
    private float[] upstream;
    private float[] input;
    private int examples;
    private int next;

    /** Of a layer whose biases lie behind its weights. */
    DenseSum(Kernels kernels, int outputs, int inputs, int weight, int bias) {
        this.kernels = kernels;
        this.outputs = outputs;
        this.inputs = inputs;
        this.weight = weight;
        this.bias = bias;
        rows = Math.max(TILE, STRETCH / inputs / TILE * TILE);
        next = outputs;
    }

    /** Begins; both arrays are example-major and must stay as they are until all is added. */
    void begin(float[] upstream, float[] input, int examples) {
        this.upstream = upstream;
        this.input = input;
        this.examples = examples;
        next = 0;
    }

    /** Adds what is still to be added to {@code sum[0 .. to)}, and maybe more. */
    void addTo(float[] sum, int to) {
        while (next < outputs && weight + next * inputs < to) {
            int end = Math.min(outputs, next + rows);
            kernels.denseWeights(upstream, input, examples, outputs, inputs, next, end, sum, weight, bias);
            next = end;
        }
    }
}
