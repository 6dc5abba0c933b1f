package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * Products of matrices in register tiles of eight rows and two vectors, or four where registers or rows are few; written
 * out for the reason given at {@link VectorCorrelation}. An index that the loop moves by a constant is checked once, before
 * it; any other in every turn, and that takes as long as the products. So terms of a row follow each other, and the right
 * side lies in panels.
 */
final class VectorProducts {
    /** Columns of a panel. */
    static final int PANEL = 2 * COUNT;

    private VectorProducts() {}

    /** A number of columns, padded to whole panels. */
    static int padded(int columns) {
        return (columns + PANEL - 1) / PANEL * PANEL;
    }

    /**
     * Where {@code b[k, c]} lies in the right side of a product: panel after panel, each row by row.
     *
     * @param length rows
     */
    static int packed(int k, int c, int length) {
        return (c / PANEL * length + k) * PANEL + c % PANEL;
    }

    /**
     * {@code sums[r, c] = start[c] + sum over k of a[r, k] * b[k, c]}. Matrices start where the index after them says;
     * {@code a} and {@code sums} are row-major, {@code b} is {@link #packed}.
     *
     * @param start a value for each column
     * @param aStep from one row of {@code a} to the next
     * @param rows a multiple of 4
     * @param columns whole panels
     */
    static void multiply(
            float[] start,
            float[] a,
            int aAt,
            int aStep,
            int rows,
            float[] b,
            int bAt,
            int columns,
            int length,
            float[] sums,
            int at) {
        int tile = COUNT == 16 ? 8 : 4;
        for (int r = 0; r < rows; r += tile) {
            int p = aAt + r * aStep;
            int to = at + r * columns;
            for (int c = 0; c < columns; c += PANEL) {
                int q = bAt + c * length;
                if (tile == 8 && r + 8 <= rows) {
                    eight(start, c, a, p, aStep, b, q, length, sums, to + c, columns);
                } else {
                    four(start, c, a, p, aStep, b, q, length, sums, to + c, columns);
                }
            }
        }
    }

    private static void eight(
            float[] start,
            int startAt,
            float[] a,
            int p,
            int aStep,
            float[] b,
            int q,
            int length,
            float[] sums,
            int s,
            int step) {
        int p1 = p + aStep;
        int p2 = p1 + aStep;
        int p3 = p2 + aStep;
        int p4 = p3 + aStep;
        int p5 = p4 + aStep;
        int p6 = p5 + aStep;
        int p7 = p6 + aStep;
        FloatVector a00 = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector a01 = FloatVector.fromArray(SPECIES, start, startAt + COUNT);
        FloatVector a10 = a00;
        FloatVector a11 = a01;
        FloatVector a20 = a00;
        FloatVector a21 = a01;
        FloatVector a30 = a00;
        FloatVector a31 = a01;
        FloatVector a40 = a00;
        FloatVector a41 = a01;
        FloatVector a50 = a00;
        FloatVector a51 = a01;
        FloatVector a60 = a00;
        FloatVector a61 = a01;
        FloatVector a70 = a00;
        FloatVector a71 = a01;
        for (int k = 0; k < length; k++) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, b, q + k * PANEL);
            FloatVector x1 = FloatVector.fromArray(SPECIES, b, q + k * PANEL + COUNT);
            FloatVector v = FloatVector.broadcast(SPECIES, a[p + k]);
            a00 = x0.fma(v, a00);
            a01 = x1.fma(v, a01);
            v = FloatVector.broadcast(SPECIES, a[p1 + k]);
            a10 = x0.fma(v, a10);
            a11 = x1.fma(v, a11);
            v = FloatVector.broadcast(SPECIES, a[p2 + k]);
            a20 = x0.fma(v, a20);
            a21 = x1.fma(v, a21);
            v = FloatVector.broadcast(SPECIES, a[p3 + k]);
            a30 = x0.fma(v, a30);
            a31 = x1.fma(v, a31);
            v = FloatVector.broadcast(SPECIES, a[p4 + k]);
            a40 = x0.fma(v, a40);
            a41 = x1.fma(v, a41);
            v = FloatVector.broadcast(SPECIES, a[p5 + k]);
            a50 = x0.fma(v, a50);
            a51 = x1.fma(v, a51);
            v = FloatVector.broadcast(SPECIES, a[p6 + k]);
            a60 = x0.fma(v, a60);
            a61 = x1.fma(v, a61);
            v = FloatVector.broadcast(SPECIES, a[p7 + k]);
            a70 = x0.fma(v, a70);
            a71 = x1.fma(v, a71);
        }
        a00.intoArray(sums, s);
        a01.intoArray(sums, s + COUNT);
        a10.intoArray(sums, s + step);
        a11.intoArray(sums, s + COUNT + step);
        a20.intoArray(sums, s + 2 * step);
        a21.intoArray(sums, s + COUNT + 2 * step);
        a30.intoArray(sums, s + 3 * step);
        a31.intoArray(sums, s + COUNT + 3 * step);
        a40.intoArray(sums, s + 4 * step);
        a41.intoArray(sums, s + COUNT + 4 * step);
        a50.intoArray(sums, s + 5 * step);
        a51.intoArray(sums, s + COUNT + 5 * step);
        a60.intoArray(sums, s + 6 * step);
        a61.intoArray(sums, s + COUNT + 6 * step);
        a70.intoArray(sums, s + 7 * step);
        a71.intoArray(sums, s + COUNT + 7 * step);
    }

    private static void four(
            float[] start,
            int startAt,
            float[] a,
            int p,
            int aStep,
            float[] b,
            int q,
            int length,
            float[] sums,
            int s,
            int step) {
        int p1 = p + aStep;
        int p2 = p1 + aStep;
        int p3 = p2 + aStep;
        FloatVector a00 = FloatVector.fromArray(SPECIES, start, startAt);
        FloatVector a01 = FloatVector.fromArray(SPECIES, start, startAt + COUNT);
        FloatVector a10 = a00;
        FloatVector a11 = a01;
        FloatVector a20 = a00;
        FloatVector a21 = a01;
        FloatVector a30 = a00;
        FloatVector a31 = a01;
        for (int k = 0; k < length; k++) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, b, q + k * PANEL);
            FloatVector x1 = FloatVector.fromArray(SPECIES, b, q + k * PANEL + COUNT);
            FloatVector v = FloatVector.broadcast(SPECIES, a[p + k]);
            a00 = x0.fma(v, a00);
            a01 = x1.fma(v, a01);
            v = FloatVector.broadcast(SPECIES, a[p1 + k]);
            a10 = x0.fma(v, a10);
            a11 = x1.fma(v, a11);
            v = FloatVector.broadcast(SPECIES, a[p2 + k]);
            a20 = x0.fma(v, a20);
            a21 = x1.fma(v, a21);
            v = FloatVector.broadcast(SPECIES, a[p3 + k]);
            a30 = x0.fma(v, a30);
            a31 = x1.fma(v, a31);
        }
        a00.intoArray(sums, s);
        a01.intoArray(sums, s + COUNT);
        a10.intoArray(sums, s + step);
        a11.intoArray(sums, s + COUNT + step);
        a20.intoArray(sums, s + 2 * step);
        a21.intoArray(sums, s + COUNT + 2 * step);
        a30.intoArray(sums, s + 3 * step);
        a31.intoArray(sums, s + COUNT + 3 * step);
    }
}
