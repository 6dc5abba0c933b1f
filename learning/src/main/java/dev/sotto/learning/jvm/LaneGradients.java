package dev.sotto.learning.jvm;

import dev.sotto.kernels.Kernels;

/** The gradients of one parameter tensor, written down for each lane. */
final class LaneGradients {
    private final Kernels kernels;
    private final int size;
    private final int offset;
    private final float[] values;
    private final float[] squares;

    /**
     * Room for a tensor.
     *
     * @param offset where it lies in the flat parameters
     */
    LaneGradients(Kernels kernels, int size, int offset) {
        this.kernels = kernels;
        this.size = size;
        this.offset = offset;
        values = new float[size * kernels.lanes()];
        squares = new float[kernels.lanes()];
    }

    float[] values() {
        return values;
    }

    void addSquaredNorms(double[] perLane) {
        kernels.squares(values, size, squares);
        for (int lane = 0; lane < perLane.length; lane++) {
            perLane[lane] += squares[lane];
        }
    }

    void addTo(float[] sum, float[] factors) {
        kernels.reduce(values, size, factors, sum, offset);
    }
}
