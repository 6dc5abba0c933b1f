package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.all;
import static dev.sotto.kernels.Lanes.load;

import jdk.incubator.vector.FloatVector;

/**
 * The linear maps of Winograd's minimal filtering algorithm F(2x2, 3x3) (Lavin and Gray, "Fast Algorithms for Convolutional
 * Neural Networks", 2015, section 4.1), and their transposes, which give the gradient of the filter. A map of a tile is one
 * along its columns and one along its rows; a call makes one line of the first and all of the second, because a loop over
 * all sixteen values outgrows the registers. Vectors span several tiles ({@link SplitPlanes}).
 */
final class VectorWinograd {
    private static final int[] INPUT_PLUS = {0, 1, 2, 1};
    private static final int[] INPUT_OTHER = {2, 2, 1, 3};
    private static final float[] INPUT_SIGN = {-1, 1, -1, -1};
    private static final float[] UPSTREAM_UPPER = {1, 1, 1, 0};
    private static final float[] UPSTREAM_LOWER = {0, 1, -1, -1};
    private static final int[] FILTER_END = {0, 0, 3};
    private static final float[] FILTER_ENDS = {1, 0, 1};
    private static final float[] FILTER_SIGN = {1, -1, 1};

    private VectorWinograd() {}

    /**
     * A line of {@code B'dB}: of four values, x0 - x2, x1 + x2, x2 - x1, x1 - x3.
     *
     * @param row from one row of a tile to the next
     * @param odd from even columns to odd ones
     * @param next from one tile to the next
     */
    static void input(
            float[] d, int at, int line, int row, int odd, int next, float[] v, int to, int plane, int count) {
        FloatVector sign = all(INPUT_SIGN[line]);
        int a = at + INPUT_PLUS[line] * row;
        int b = at + INPUT_OTHER[line] * row;
        int last = odd + next;
        for (int i = 0; i < count; i += COUNT) {
            FloatVector x0 = load(d, b + i).fma(sign, load(d, a + i));
            FloatVector x1 = load(d, b + odd + i).fma(sign, load(d, a + odd + i));
            FloatVector x2 = load(d, b + next + i).fma(sign, load(d, a + next + i));
            FloatVector x3 = load(d, b + last + i).fma(sign, load(d, a + last + i));
            x0.sub(x2).intoArray(v, to + i);
            x1.add(x2).intoArray(v, to + plane + i);
            x2.sub(x1).intoArray(v, to + 2 * plane + i);
            x1.sub(x3).intoArray(v, to + 3 * plane + i);
        }
    }

    /** A line of {@code A'mA}: of four values, x0 + x1 + x2 and x1 - x2 - x3. */
    static void output(float[] m, int at, int line, int plane, float[] y, int to, int odd, int count) {
        FloatVector sign = all(line == 0 ? 1 : -1);
        int a = at + 4 * plane;
        int b = at + 8 * plane;
        int c = at + 12 * line * plane;
        for (int i = 0; i < count; i += COUNT) {
            int i1 = i + plane;
            int i2 = i1 + plane;
            int i3 = i2 + plane;
            FloatVector x0 = load(m, b + i).add(load(m, c + i)).fma(sign, load(m, a + i));
            FloatVector x1 = load(m, b + i1).add(load(m, c + i1)).fma(sign, load(m, a + i1));
            FloatVector x2 = load(m, b + i2).add(load(m, c + i2)).fma(sign, load(m, a + i2));
            FloatVector x3 = load(m, b + i3).add(load(m, c + i3)).fma(sign, load(m, a + i3));
            x0.add(x1).add(x2).intoArray(y, to + i);
            x1.sub(x2).sub(x3).intoArray(y, to + odd + i);
        }
    }

    /** A line of {@code AgA'}: of two values, x0, x0 + x1, x0 - x1, -x1. */
    static void upstream(float[] g, int at, int line, int row, int odd, float[] v, int to, int plane, int count) {
        FloatVector upper = all(UPSTREAM_UPPER[line]);
        FloatVector lower = all(UPSTREAM_LOWER[line]);
        int b = at + row;
        for (int i = 0; i < count; i += COUNT) {
            FloatVector x0 = load(g, b + i).fma(lower, load(g, at + i).mul(upper));
            FloatVector x1 =
                    load(g, b + odd + i).fma(lower, load(g, at + odd + i).mul(upper));
            x0.intoArray(v, to + i);
            x0.add(x1).intoArray(v, to + plane + i);
            x0.sub(x1).intoArray(v, to + 2 * plane + i);
            x1.neg().intoArray(v, to + 3 * plane + i);
        }
    }

    /** A line of {@code G'uG}: of four values, x0 + (x1 + x2) / 2, (x1 - x2) / 2, x3 + (x1 + x2) / 2. */
    static void filter(float[] u, int line, int plane, float[] w, int at) {
        int c = FILTER_END[line] * 4 * plane;
        int a = 4 * plane;
        int b = 8 * plane;
        int to = at + 3 * line * plane;
        FloatVector sign = all(FILTER_SIGN[line]);
        FloatVector ends = all(FILTER_ENDS[line]);
        FloatVector half = all(0.5f);
        for (int i = 0; i < plane; i += COUNT) {
            int i1 = i + plane;
            int i2 = i1 + plane;
            int i3 = i2 + plane;
            FloatVector x0 = load(u, b + i)
                    .fma(sign, load(u, a + i))
                    .fma(half, load(u, c + i).mul(ends));
            FloatVector x1 = load(u, b + i1)
                    .fma(sign, load(u, a + i1))
                    .fma(half, load(u, c + i1).mul(ends));
            FloatVector x2 = load(u, b + i2)
                    .fma(sign, load(u, a + i2))
                    .fma(half, load(u, c + i2).mul(ends));
            FloatVector x3 = load(u, b + i3)
                    .fma(sign, load(u, a + i3))
                    .fma(half, load(u, c + i3).mul(ends));
            FloatVector middle = x1.add(x2).mul(half);
            x0.add(middle).intoArray(w, to + i);
            x1.sub(x2).mul(half).intoArray(w, to + i1);
            x3.add(middle).intoArray(w, to + i2);
        }
    }
}
