package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.SPECIES;
import static dev.sotto.kernels.Lanes.all;
import static dev.sotto.kernels.Lanes.load;

import jdk.incubator.vector.FloatVector;

/** Dense layers: twelve sums at a time in registers, inputs in chunks that stay in the first-level cache. */
final class VectorDense {
    private static final int TILE = 12;
    private static final int CHUNK = 256;

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

    static void denseInput(float[] w, int weight, int outputs, int inputs, float[] dy, float[] dx) {
        int i = 0;
        for (; i + TILE <= inputs; i += TILE) {
            inputs(w, weight + i, inputs, outputs, dy, dx, i * COUNT);
        }
        for (; i < inputs; i++) {
            input(w, weight + i, inputs, outputs, dy, dx, i * COUNT);
        }
    }

    private static void inputs(float[] w, int at, int stride, int outputs, float[] dy, float[] dx, int dxAt) {
        FloatVector a0 = all(0),
                a1 = a0,
                a2 = a0,
                a3 = a0,
                a4 = a0,
                a5 = a0,
                a6 = a0,
                a7 = a0,
                a8 = a0,
                a9 = a0,
                a10 = a0,
                a11 = a0;
        for (int o = 0; o < outputs; o++) {
            FloatVector v = load(dy, o * COUNT);
            int r = at + o * stride;
            a0 = v.fma(all(w[r]), a0);
            a1 = v.fma(all(w[r + 1]), a1);
            a2 = v.fma(all(w[r + 2]), a2);
            a3 = v.fma(all(w[r + 3]), a3);
            a4 = v.fma(all(w[r + 4]), a4);
            a5 = v.fma(all(w[r + 5]), a5);
            a6 = v.fma(all(w[r + 6]), a6);
            a7 = v.fma(all(w[r + 7]), a7);
            a8 = v.fma(all(w[r + 8]), a8);
            a9 = v.fma(all(w[r + 9]), a9);
            a10 = v.fma(all(w[r + 10]), a10);
            a11 = v.fma(all(w[r + 11]), a11);
        }
        a0.intoArray(dx, dxAt);
        a1.intoArray(dx, dxAt + 1 * COUNT);
        a2.intoArray(dx, dxAt + 2 * COUNT);
        a3.intoArray(dx, dxAt + 3 * COUNT);
        a4.intoArray(dx, dxAt + 4 * COUNT);
        a5.intoArray(dx, dxAt + 5 * COUNT);
        a6.intoArray(dx, dxAt + 6 * COUNT);
        a7.intoArray(dx, dxAt + 7 * COUNT);
        a8.intoArray(dx, dxAt + 8 * COUNT);
        a9.intoArray(dx, dxAt + 9 * COUNT);
        a10.intoArray(dx, dxAt + 10 * COUNT);
        a11.intoArray(dx, dxAt + 11 * COUNT);
    }

    private static void input(float[] w, int at, int stride, int outputs, float[] dy, float[] dx, int dxAt) {
        FloatVector a = all(0);
        for (int o = 0; o < outputs; o++) {
            a = load(dy, o * COUNT).fma(all(w[at + o * stride]), a);
        }
        a.intoArray(dx, dxAt);
    }

    static void weights(
            float[] dy, float[] x, int examples, int outputs, int inputs, float[] sum, int weight, int bias) {
        for (int o = 0; o < outputs; o++) {
            float total = 0;
            for (int n = 0; n < examples; n++) {
                total += dy[o * COUNT + n];
            }
            sum[bias + o] += total;
        }
        int whole = inputs - inputs % COUNT;
        int o = 0;
        for (; o + 4 <= outputs; o += 4) {
            for (int i = 0; i < whole; i += COUNT) {
                weightsOfFour(dy, o * COUNT, x, i, examples, inputs, sum, weight + o * inputs + i);
            }
        }
        for (; o < outputs; o++) {
            for (int i = 0; i < whole; i += COUNT) {
                weightsOfOne(dy, o * COUNT, x, i, examples, inputs, sum, weight + o * inputs + i);
            }
        }
        for (o = 0; o < outputs; o++) {
            for (int i = whole; i < inputs; i++) {
                float total = 0;
                for (int n = 0; n < examples; n++) {
                    total += dy[o * COUNT + n] * x[n * inputs + i];
                }
                sum[weight + o * inputs + i] += total;
            }
        }
    }

    private static void weightsOfFour(
            float[] dy, int d, float[] x, int i, int examples, int inputs, float[] sum, int at) {
        FloatVector a0 = load(sum, at);
        FloatVector a1 = load(sum, at + inputs);
        FloatVector a2 = load(sum, at + 2 * inputs);
        FloatVector a3 = load(sum, at + 3 * inputs);
        for (int n = 0; n < examples; n++) {
            FloatVector v = load(x, n * inputs + i);
            a0 = v.fma(all(dy[d + n]), a0);
            a1 = v.fma(all(dy[d + COUNT + n]), a1);
            a2 = v.fma(all(dy[d + 2 * COUNT + n]), a2);
            a3 = v.fma(all(dy[d + 3 * COUNT + n]), a3);
        }
        a0.intoArray(sum, at);
        a1.intoArray(sum, at + inputs);
        a2.intoArray(sum, at + 2 * inputs);
        a3.intoArray(sum, at + 3 * inputs);
    }

    private static void weightsOfOne(
            float[] dy, int d, float[] x, int i, int examples, int inputs, float[] sum, int at) {
        FloatVector a = FloatVector.fromArray(SPECIES, sum, at);
        for (int n = 0; n < examples; n++) {
            a = load(x, n * inputs + i).fma(all(dy[d + n]), a);
        }
        a.intoArray(sum, at);
    }
}
