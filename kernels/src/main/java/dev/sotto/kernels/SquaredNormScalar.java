package dev.sotto.kernels;

import java.util.Objects;

/** One value at a time. */
final class SquaredNormScalar implements SquaredNorm {
    @Override
    public double of(float[] values, int from, int to) {
        Objects.checkFromToIndex(from, to, values.length);
        return rest(values, from, from, to, new double[LANES]);
    }

    /** Adds {@code values[next .. to)} to the partial sums of {@code values[from .. next)}, and them all. */
    static double rest(float[] values, int from, int next, int to, double[] sums) {
        for (int i = next; i < to; i++) {
            double value = values[i];
            sums[(i - from) % LANES] += value * value;
        }
        for (int width = LANES / 2; width > 0; width /= 2) {
            for (int lane = 0; lane < width; lane++) {
                sums[lane] += sums[lane + width];
            }
        }
        return sums[0];
    }
}
