package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/** Sums of outer products, in the register tiles of {@link VectorProducts}. Of indices a constant apart only the ends are checked. */
final class VectorOuterProducts {
    private VectorOuterProducts() {}

    /**
     * {@code sums[r, c] = start[c] + sum over k of a[k, r] * b[k, c]}. Matrices start where the index after them says and are
     * row-major.
     *
     * @param start a value for each column
     * @param aStep from one row of {@code a} to the next
     * @param rows a multiple of 4
     * @param bStep from one row of {@code b} to the next, and of {@code sums}
     * @param columns pairs of vectors
     * @param length terms
     */
    static void multiply(
            float[] start,
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
            int at) {
        sum(start, 0, 0, a, aAt, aStep, rows, b, bAt, bStep, columns, length, sums, at);
    }

    /** The same, added to what is there: where there is nothing yet, clearing and loading it would take a fifth of the time. */
    static void add(
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
            int at) {
        sum(sums, at, bStep, a, aAt, aStep, rows, b, bAt, bStep, columns, length, sums, at);
    }

    private static void sum(
            float[] start,
            int startAt,
            int startStep,
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
            int at) {
        int tile = COUNT == 16 ? 8 : 4;
        for (int r = 0; r < rows; r += tile) {
            for (int c = 0; c < columns; c += 2 * COUNT) {
                int z = startAt + r * startStep + c;
                int to = at + r * bStep + c;
                if (tile == 8 && r + 8 <= rows) {
                    eight(start, z, startStep, a, aAt + r, aStep, b, bAt + c, bStep, length, sums, to);
                } else {
                    four(start, z, startStep, a, aAt + r, aStep, b, bAt + c, bStep, length, sums, to);
                }
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
            int s) {
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
            int i = p + k * aStep;
            FloatVector x0 = FloatVector.fromArray(SPECIES, b, q + k * bStep);
            FloatVector x1 = FloatVector.fromArray(SPECIES, b, q + k * bStep + COUNT);
            FloatVector v = FloatVector.broadcast(SPECIES, a[i]);
            a00 = x0.fma(v, a00);
            a01 = x1.fma(v, a01);
            v = FloatVector.broadcast(SPECIES, a[i + 1]);
            a10 = x0.fma(v, a10);
            a11 = x1.fma(v, a11);
            v = FloatVector.broadcast(SPECIES, a[i + 2]);
            a20 = x0.fma(v, a20);
            a21 = x1.fma(v, a21);
            v = FloatVector.broadcast(SPECIES, a[i + 3]);
            a30 = x0.fma(v, a30);
            a31 = x1.fma(v, a31);
            v = FloatVector.broadcast(SPECIES, a[i + 4]);
            a40 = x0.fma(v, a40);
            a41 = x1.fma(v, a41);
            v = FloatVector.broadcast(SPECIES, a[i + 5]);
            a50 = x0.fma(v, a50);
            a51 = x1.fma(v, a51);
            v = FloatVector.broadcast(SPECIES, a[i + 6]);
            a60 = x0.fma(v, a60);
            a61 = x1.fma(v, a61);
            v = FloatVector.broadcast(SPECIES, a[i + 7]);
            a70 = x0.fma(v, a70);
            a71 = x1.fma(v, a71);
        }
        a00.intoArray(sums, s);
        a01.intoArray(sums, s + COUNT);
        a10.intoArray(sums, s + bStep);
        a11.intoArray(sums, s + COUNT + bStep);
        a20.intoArray(sums, s + 2 * bStep);
        a21.intoArray(sums, s + COUNT + 2 * bStep);
        a30.intoArray(sums, s + 3 * bStep);
        a31.intoArray(sums, s + COUNT + 3 * bStep);
        a40.intoArray(sums, s + 4 * bStep);
        a41.intoArray(sums, s + COUNT + 4 * bStep);
        a50.intoArray(sums, s + 5 * bStep);
        a51.intoArray(sums, s + COUNT + 5 * bStep);
        a60.intoArray(sums, s + 6 * bStep);
        a61.intoArray(sums, s + COUNT + 6 * bStep);
        a70.intoArray(sums, s + 7 * bStep);
        a71.intoArray(sums, s + COUNT + 7 * bStep);
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
            int s) {
        FloatVector a00 = FloatVector.fromArray(SPECIES, start, z);
        FloatVector a01 = FloatVector.fromArray(SPECIES, start, z + COUNT);
        FloatVector a10 = FloatVector.fromArray(SPECIES, start, z + zStep);
        FloatVector a11 = FloatVector.fromArray(SPECIES, start, z + COUNT + zStep);
        FloatVector a20 = FloatVector.fromArray(SPECIES, start, z + 2 * zStep);
        FloatVector a21 = FloatVector.fromArray(SPECIES, start, z + COUNT + 2 * zStep);
        FloatVector a30 = FloatVector.fromArray(SPECIES, start, z + 3 * zStep);
        FloatVector a31 = FloatVector.fromArray(SPECIES, start, z + COUNT + 3 * zStep);
        for (int k = 0; k < length; k++) {
            int i = p + k * aStep;
            FloatVector x0 = FloatVector.fromArray(SPECIES, b, q + k * bStep);
            FloatVector x1 = FloatVector.fromArray(SPECIES, b, q + k * bStep + COUNT);
            FloatVector v = FloatVector.broadcast(SPECIES, a[i]);
            a00 = x0.fma(v, a00);
            a01 = x1.fma(v, a01);
            v = FloatVector.broadcast(SPECIES, a[i + 1]);
            a10 = x0.fma(v, a10);
            a11 = x1.fma(v, a11);
            v = FloatVector.broadcast(SPECIES, a[i + 2]);
            a20 = x0.fma(v, a20);
            a21 = x1.fma(v, a21);
            v = FloatVector.broadcast(SPECIES, a[i + 3]);
            a30 = x0.fma(v, a30);
            a31 = x1.fma(v, a31);
        }
        a00.intoArray(sums, s);
        a01.intoArray(sums, s + COUNT);
        a10.intoArray(sums, s + bStep);
        a11.intoArray(sums, s + COUNT + bStep);
        a20.intoArray(sums, s + 2 * bStep);
        a21.intoArray(sums, s + COUNT + 2 * bStep);
        a30.intoArray(sums, s + 3 * bStep);
        a31.intoArray(sums, s + COUNT + 3 * bStep);
    }
}
