package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.SPECIES;
import static dev.sotto.kernels.Lanes.all;
import static dev.sotto.kernels.Lanes.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Dense layers: inputs in chunks, twelve outputs at a time; every pass reads the weights in the order they lie in. */
final class VectorDense {
    private static final int TILE = 12;
    private static final int ROWS = 8;
    private static final int CHUNK = 1024;

    private VectorDense() {}

    static void dense(float[] w, int weight, int bias, int outputs, int inputs, float[] x, float[] y) {
        for (int o = 0; o < outputs; o++) {
            all(w[bias + o]).intoArray(y, o * COUNT);
        }
        for (int i = 0; i < inputs; i += CHUNK) {
            int count = Math.min(CHUNK, inputs - i);
            int o = 0;
            for (; o + TILE <= outputs; o += TILE) {
                outputs(w, weight + o * inputs + i, inputs, count, x, i * COUNT, y, o * COUNT);
            }
            for (; o < outputs; o++) {
                output(w, weight + o * inputs + i, count, x, i * COUNT, y, o * COUNT);
            }
        }
    }

    private static void outputs(float[] w, int at, int stride, int inputs, float[] x, int xAt, float[] y, int yAt) {
        int r0 = at;
        int r1 = at + 1 * stride;
        int r2 = at + 2 * stride;
        int r3 = at + 3 * stride;
        int r4 = at + 4 * stride;
        int r5 = at + 5 * stride;
        int r6 = at + 6 * stride;
        int r7 = at + 7 * stride;
        int r8 = at + 8 * stride;
        int r9 = at + 9 * stride;
        int r10 = at + 10 * stride;
        int r11 = at + 11 * stride;
        FloatVector a0 = load(y, yAt);
        FloatVector a1 = load(y, yAt + 1 * COUNT);
        FloatVector a2 = load(y, yAt + 2 * COUNT);
        FloatVector a3 = load(y, yAt + 3 * COUNT);
        FloatVector a4 = load(y, yAt + 4 * COUNT);
        FloatVector a5 = load(y, yAt + 5 * COUNT);
        FloatVector a6 = load(y, yAt + 6 * COUNT);
        FloatVector a7 = load(y, yAt + 7 * COUNT);
        FloatVector a8 = load(y, yAt + 8 * COUNT);
        FloatVector a9 = load(y, yAt + 9 * COUNT);
        FloatVector a10 = load(y, yAt + 10 * COUNT);
        FloatVector a11 = load(y, yAt + 11 * COUNT);
        for (int i = 0; i < inputs; i++) {
            FloatVector v = load(x, xAt + i * COUNT);
            a0 = v.fma(all(w[r0 + i]), a0);
            a1 = v.fma(all(w[r1 + i]), a1);
            a2 = v.fma(all(w[r2 + i]), a2);
            a3 = v.fma(all(w[r3 + i]), a3);
            a4 = v.fma(all(w[r4 + i]), a4);
            a5 = v.fma(all(w[r5 + i]), a5);
            a6 = v.fma(all(w[r6 + i]), a6);
            a7 = v.fma(all(w[r7 + i]), a7);
            a8 = v.fma(all(w[r8 + i]), a8);
            a9 = v.fma(all(w[r9 + i]), a9);
            a10 = v.fma(all(w[r10 + i]), a10);
            a11 = v.fma(all(w[r11 + i]), a11);
        }
        a0.intoArray(y, yAt);
        a1.intoArray(y, yAt + 1 * COUNT);
        a2.intoArray(y, yAt + 2 * COUNT);
        a3.intoArray(y, yAt + 3 * COUNT);
        a4.intoArray(y, yAt + 4 * COUNT);
        a5.intoArray(y, yAt + 5 * COUNT);
        a6.intoArray(y, yAt + 6 * COUNT);
        a7.intoArray(y, yAt + 7 * COUNT);
        a8.intoArray(y, yAt + 8 * COUNT);
        a9.intoArray(y, yAt + 9 * COUNT);
        a10.intoArray(y, yAt + 10 * COUNT);
        a11.intoArray(y, yAt + 11 * COUNT);
    }

    private static void output(float[] w, int at, int inputs, float[] x, int xAt, float[] y, int yAt) {
        FloatVector a = load(y, yAt);
        for (int i = 0; i < inputs; i++) {
            a = load(x, xAt + i * COUNT).fma(all(w[at + i]), a);
        }
        a.intoArray(y, yAt);
    }

    /** Rows of W are read as they lie, eight at a time, adding to a chunk of the result. */
    static void denseInput(float[] w, int weight, int outputs, int inputs, float[] dy, float[] dx) {
        Arrays.fill(dx, 0, inputs * COUNT, 0f);
        for (int i = 0; i < inputs; i += CHUNK) {
            int end = Math.min(inputs, i + CHUNK);
            int o = 0;
            for (; o + ROWS <= outputs; o += ROWS) {
                addRows(w, weight + o * inputs, inputs, i, end, dy, o * COUNT, dx);
            }
            for (; o < outputs; o++) {
                addRow(w, weight + o * inputs, i, end, dy, o * COUNT, dx);
            }
        }
    }

    private static void addRows(float[] w, int row, int stride, int first, int end, float[] dy, int dyAt, float[] dx) {
        FloatVector g0 = load(dy, dyAt);
        FloatVector g1 = load(dy, dyAt + 1 * COUNT);
        FloatVector g2 = load(dy, dyAt + 2 * COUNT);
        FloatVector g3 = load(dy, dyAt + 3 * COUNT);
        FloatVector g4 = load(dy, dyAt + 4 * COUNT);
        FloatVector g5 = load(dy, dyAt + 5 * COUNT);
        FloatVector g6 = load(dy, dyAt + 6 * COUNT);
        FloatVector g7 = load(dy, dyAt + 7 * COUNT);
        int r0 = row;
        int r1 = row + 1 * stride;
        int r2 = row + 2 * stride;
        int r3 = row + 3 * stride;
        int r4 = row + 4 * stride;
        int r5 = row + 5 * stride;
        int r6 = row + 6 * stride;
        int r7 = row + 7 * stride;
        for (int i = first; i < end; i++) {
            FloatVector a = load(dx, i * COUNT);
            FloatVector b = g0.mul(all(w[r0 + i]));
            a = g1.fma(all(w[r1 + i]), a);
            b = g2.fma(all(w[r2 + i]), b);
            a = g3.fma(all(w[r3 + i]), a);
            b = g4.fma(all(w[r4 + i]), b);
            a = g5.fma(all(w[r5 + i]), a);
            b = g6.fma(all(w[r6 + i]), b);
            a = g7.fma(all(w[r7 + i]), a);
            a.add(b).intoArray(dx, i * COUNT);
        }
    }

    private static void addRow(float[] w, int row, int first, int end, float[] dy, int dyAt, float[] dx) {
        FloatVector g = load(dy, dyAt);
        for (int i = first; i < end; i++) {
            g.fma(all(w[row + i]), load(dx, i * COUNT)).intoArray(dx, i * COUNT);
        }
    }

    static void weights(
            float[] dy,
            float[] x,
            int examples,
            int outputs,
            int inputs,
            int first,
            int end,
            float[] sum,
            int weight,
            int bias) {
        for (int o = first; o < end; o++) {
            float total = 0;
            for (int n = 0; n < examples; n++) {
                total += dy[n * outputs + o];
            }
            sum[bias + o] += total;
        }
        int tiles = end - (end - first) % 4;
        int pairs = inputs - inputs % (2 * COUNT);
        int whole = inputs - inputs % COUNT;
        VectorOuterProducts.add(
                dy, first, outputs, tiles - first, x, 0, inputs, pairs, examples, sum, weight + first * inputs);
        for (int o = first; o < end; o++) {
            int at = weight + o * inputs;
            for (int i = o < tiles ? pairs : 0; i < whole; i += COUNT) {
                weightsOfOne(dy, o, outputs, x, i, examples, inputs, sum, at + i);
            }
            for (int i = whole; i < inputs; i++) {
                float total = 0;
                for (int n = 0; n < examples; n++) {
                    total += dy[n * outputs + o] * x[n * inputs + i];
                }
                sum[at + i] += total;
            }
        }
    }

    private static void weightsOfOne(
            float[] dy, int d, int step, float[] x, int i, int examples, int inputs, float[] sum, int at) {
        // Not load and all: where few rows come here, compilers take the calls for rare, and box every vector.
        FloatVector a = FloatVector.fromArray(SPECIES, sum, at);
        for (int n = 0; n < examples; n++) {
            a = FloatVector.fromArray(SPECIES, x, n * inputs + i)
                    .fma(FloatVector.broadcast(SPECIES, dy[d + n * step]), a);
        }
        a.intoArray(sum, at);
    }
}
