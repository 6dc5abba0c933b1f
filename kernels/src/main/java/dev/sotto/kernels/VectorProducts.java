package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * Products of matrices in register tiles of eight rows and two vectors, or four where registers or rows are few; written
 * out for the reason given at {@link VectorCorrelation}. An index that the loop moves by a constant is checked once, before
 * it; any other in every turn, and for eight rows that takes as long as the products. So terms of a row follow each other.
 * For the two vectors of the right side it does not show.
 */
final class VectorProducts {
    /** Columns of a panel. */
    static final int PANEL = 2 * COUNT;

    private static final float[] ZEROS = new float[PANEL];

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
        for (int c = 0; c < columns; c += PANEL) {
            panel(start, c, 0, a, aAt, aStep, rows, b, bAt + c * length, PANEL, length, sums, at + c, columns);
        }
    }

    /**
     * The same with a row-major right side, added to what is there where {@code adds}, else to nothing.
     *
     * @param bStep from one row of {@code b} to the next
     */
    static void sum(
            float[] a,
            int aAt,
            int aStep,
            int rows,
            float[] b,
            int bAt,
            int bStep,
            int columns,
            int length,
            float[] sums,
            int at,
            boolean adds) {
        float[] start = adds ? sums : ZEROS;
        int startStep = adds ? columns : 0;
        for (int c = 0; c < columns; c += PANEL) {
            int first = adds ? at + c : 0;
            panel(start, first, startStep, a, aAt, aStep, rows, b, bAt + c, bStep, length, sums, at + c, columns);
        }
    }

    private static void panel(
            float[] start,
            int startAt,
            int startStep,
            float[] a,
            int p,
            int aStep,
            int rows,
            float[] b,
            int q,
            int bStep,
            int length,
            float[] sums,
            int s,
            int step) {
        int tile = COUNT == 16 ? 8 : 4;
        for (int r = 0; r < rows; r += tile) {
            int z = startAt + r * startStep;
            if (tile == 8 && r + 8 <= rows) {
                eight(start, z, startStep, a, p + r * aStep, aStep, b, q, bStep, length, sums, s + r * step, step);
            } else {
                four(start, z, startStep, a, p + r * aStep, aStep, b, q, bStep, length, sums, s + r * step, step);
            }
        }
    }

    private static void eight(
            float[] start,
            int z,
            int zStep,
            float[] a,
            int p,
            int aStep,
            float[] b,
            int q,
            int bStep,
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
        FloatVector a00 = FloatVector.fromArray(SPECIES, start, z);
        FloatVector a01 = FloatVector.fromArray(SPECIES, start, z + COUNT);
        FloatVector a10 = FloatVector.fromArray(SPECIES, start, z + zStep);
        FloatVector a11 = FloatVector.fromArray(SPECIES, start, z + COUNT + zStep);
        FloatVector a20 = FloatVector.fromArray(SPECIES, start, z + 2 * zStep);
        FloatVector a21 = FloatVector.fromArray(SPECIES, start, z + COUNT + 2 * zStep);
        FloatVector a30 = FloatVector.fromArray(SPECIES, start, z + 3 * zStep);
        FloatVector a31 = FloatVector.fromArray(SPECIES, start, z + COUNT + 3 * zStep);
        FloatVector a40 = FloatVector.fromArray(SPECIES, start, z + 4 * zStep);
        FloatVector a41 = FloatVector.fromArray(SPECIES, start, z + COUNT + 4 * zStep);
        FloatVector a50 = FloatVector.fromArray(SPECIES, start, z + 5 * zStep);
        FloatVector a51 = FloatVector.fromArray(SPECIES, start, z + COUNT + 5 * zStep);
        FloatVector a60 = FloatVector.fromArray(SPECIES, start, z + 6 * zStep);
        FloatVector a61 = FloatVector.fromArray(SPECIES, start, z + COUNT + 6 * zStep);
        FloatVector a70 = FloatVector.fromArray(SPECIES, start, z + 7 * zStep);
        FloatVector a71 = FloatVector.fromArray(SPECIES, start, z + COUNT + 7 * zStep);
        for (int k = 0; k < length; k++) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, b, q + k * bStep);
            FloatVector x1 = FloatVector.fromArray(SPECIES, b, q + k * bStep + COUNT);
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
            int z,
            int zStep,
            float[] a,
            int p,
            int aStep,
            float[] b,
            int q,
            int bStep,
            int length,
            float[] sums,
            int s,
            int step) {
        int p1 = p + aStep;
        int p2 = p1 + aStep;
        int p3 = p2 + aStep;
        FloatVector a00 = FloatVector.fromArray(SPECIES, start, z);
        FloatVector a01 = FloatVector.fromArray(SPECIES, start, z + COUNT);
        FloatVector a10 = FloatVector.fromArray(SPECIES, start, z + zStep);
        FloatVector a11 = FloatVector.fromArray(SPECIES, start, z + COUNT + zStep);
        FloatVector a20 = FloatVector.fromArray(SPECIES, start, z + 2 * zStep);
        FloatVector a21 = FloatVector.fromArray(SPECIES, start, z + COUNT + 2 * zStep);
        FloatVector a30 = FloatVector.fromArray(SPECIES, start, z + 3 * zStep);
        FloatVector a31 = FloatVector.fromArray(SPECIES, start, z + COUNT + 3 * zStep);
        for (int k = 0; k < length; k++) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, b, q + k * bStep);
            FloatVector x1 = FloatVector.fromArray(SPECIES, b, q + k * bStep + COUNT);
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
