package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.all;
import static dev.sotto.kernels.Lanes.load;

import jdk.incubator.vector.FloatVector;

/**
 * Products of matrices in register tiles of eight rows and two vectors, or four where registers or rows are few; written
 * out for the reason given at {@link VectorCorrelation}.
 */
final class VectorProducts {
    private VectorProducts() {}

    /**
     * {@code sums[r, c] = start[r, c] + sum over k of a[r, k] * b[k, c]}. Matrices start where the index after them says;
     * {@code b} and {@code sums} are row-major, {@code columns} wide.
     *
     * @param startStep from one row of the start to the next; 0 for the same row always
     * @param rowStep from one row of {@code a} to the next
     * @param termStep from one column of {@code a} to the next
     * @param rows a multiple of 4
     * @param columns whole vectors
     */
    static void multiply(
            float[] start,
            int startAt,
            int startStep,
            float[] a,
            int aAt,
            int rowStep,
            int termStep,
            int rows,
            float[] b,
            int bAt,
            int columns,
            int length,
            float[] sums,
            int at) {
        int tile = COUNT == 16 ? 8 : 4;
        for (int r = 0; r < rows; r += tile) {
            int s = startAt + r * startStep;
            int p = aAt + r * rowStep;
            int to = at + r * columns;
            for (int c = 0; c < columns; c += 2 * COUNT) {
                // A last vector without a partner is worked on twice.
                int d = Math.min(c + COUNT, columns - COUNT);
                int q0 = bAt + c;
                int q1 = bAt + d;
                if (tile == 8 && r + 8 <= rows) {
                    eight(
                            start, s + c, startStep, a, p, rowStep, termStep, b, q0, q1, columns, length, sums, to + c,
                            to + d);
                } else {
                    four(
                            start, s + c, startStep, a, p, rowStep, termStep, b, q0, q1, columns, length, sums, to + c,
                            to + d);
                }
            }
        }
    }

    private static void eight(
            float[] start,
            int startAt,
            int startStep,
            float[] a,
            int p,
            int rowStep,
            int termStep,
            float[] b,
            int q0,
            int q1,
            int bStep,
            int length,
            float[] sums,
            int s0,
            int s1) {
        int r1 = rowStep;
        int r2 = 2 * rowStep;
        int r3 = 3 * rowStep;
        int r4 = 4 * rowStep;
        int r5 = 5 * rowStep;
        int r6 = 6 * rowStep;
        int r7 = 7 * rowStep;
        FloatVector a00 = load(start, startAt);
        FloatVector a01 = load(start, startAt + q1 - q0);
        FloatVector a10 = load(start, startAt + startStep);
        FloatVector a11 = load(start, startAt + startStep + q1 - q0);
        FloatVector a20 = load(start, startAt + 2 * startStep);
        FloatVector a21 = load(start, startAt + 2 * startStep + q1 - q0);
        FloatVector a30 = load(start, startAt + 3 * startStep);
        FloatVector a31 = load(start, startAt + 3 * startStep + q1 - q0);
        FloatVector a40 = load(start, startAt + 4 * startStep);
        FloatVector a41 = load(start, startAt + 4 * startStep + q1 - q0);
        FloatVector a50 = load(start, startAt + 5 * startStep);
        FloatVector a51 = load(start, startAt + 5 * startStep + q1 - q0);
        FloatVector a60 = load(start, startAt + 6 * startStep);
        FloatVector a61 = load(start, startAt + 6 * startStep + q1 - q0);
        FloatVector a70 = load(start, startAt + 7 * startStep);
        FloatVector a71 = load(start, startAt + 7 * startStep + q1 - q0);
        for (int k = 0; k < length; k++) {
            int i = p + k * termStep;
            FloatVector x0 = load(b, q0 + k * bStep);
            FloatVector x1 = load(b, q1 + k * bStep);
            FloatVector v = all(a[i]);
            a00 = x0.fma(v, a00);
            a01 = x1.fma(v, a01);
            v = all(a[i + r1]);
            a10 = x0.fma(v, a10);
            a11 = x1.fma(v, a11);
            v = all(a[i + r2]);
            a20 = x0.fma(v, a20);
            a21 = x1.fma(v, a21);
            v = all(a[i + r3]);
            a30 = x0.fma(v, a30);
            a31 = x1.fma(v, a31);
            v = all(a[i + r4]);
            a40 = x0.fma(v, a40);
            a41 = x1.fma(v, a41);
            v = all(a[i + r5]);
            a50 = x0.fma(v, a50);
            a51 = x1.fma(v, a51);
            v = all(a[i + r6]);
            a60 = x0.fma(v, a60);
            a61 = x1.fma(v, a61);
            v = all(a[i + r7]);
            a70 = x0.fma(v, a70);
            a71 = x1.fma(v, a71);
        }
        a00.intoArray(sums, s0);
        a01.intoArray(sums, s1);
        a10.intoArray(sums, s0 + bStep);
        a11.intoArray(sums, s1 + bStep);
        a20.intoArray(sums, s0 + 2 * bStep);
        a21.intoArray(sums, s1 + 2 * bStep);
        a30.intoArray(sums, s0 + 3 * bStep);
        a31.intoArray(sums, s1 + 3 * bStep);
        a40.intoArray(sums, s0 + 4 * bStep);
        a41.intoArray(sums, s1 + 4 * bStep);
        a50.intoArray(sums, s0 + 5 * bStep);
        a51.intoArray(sums, s1 + 5 * bStep);
        a60.intoArray(sums, s0 + 6 * bStep);
        a61.intoArray(sums, s1 + 6 * bStep);
        a70.intoArray(sums, s0 + 7 * bStep);
        a71.intoArray(sums, s1 + 7 * bStep);
    }

    private static void four(
            float[] start,
            int startAt,
            int startStep,
            float[] a,
            int p,
            int rowStep,
            int termStep,
            float[] b,
            int q0,
            int q1,
            int bStep,
            int length,
            float[] sums,
            int s0,
            int s1) {
        int r1 = rowStep;
        int r2 = 2 * rowStep;
        int r3 = 3 * rowStep;
        FloatVector a00 = load(start, startAt);
        FloatVector a01 = load(start, startAt + q1 - q0);
        FloatVector a10 = load(start, startAt + startStep);
        FloatVector a11 = load(start, startAt + startStep + q1 - q0);
        FloatVector a20 = load(start, startAt + 2 * startStep);
        FloatVector a21 = load(start, startAt + 2 * startStep + q1 - q0);
        FloatVector a30 = load(start, startAt + 3 * startStep);
        FloatVector a31 = load(start, startAt + 3 * startStep + q1 - q0);
        for (int k = 0; k < length; k++) {
            int i = p + k * termStep;
            FloatVector x0 = load(b, q0 + k * bStep);
            FloatVector x1 = load(b, q1 + k * bStep);
            FloatVector v = all(a[i]);
            a00 = x0.fma(v, a00);
            a01 = x1.fma(v, a01);
            v = all(a[i + r1]);
            a10 = x0.fma(v, a10);
            a11 = x1.fma(v, a11);
            v = all(a[i + r2]);
            a20 = x0.fma(v, a20);
            a21 = x1.fma(v, a21);
            v = all(a[i + r3]);
            a30 = x0.fma(v, a30);
            a31 = x1.fma(v, a31);
        }
        a00.intoArray(sums, s0);
        a01.intoArray(sums, s1);
        a10.intoArray(sums, s0 + bStep);
        a11.intoArray(sums, s1 + bStep);
        a20.intoArray(sums, s0 + 2 * bStep);
        a21.intoArray(sums, s1 + 2 * bStep);
        a30.intoArray(sums, s0 + 3 * bStep);
        a31.intoArray(sums, s1 + 3 * bStep);
    }
}
