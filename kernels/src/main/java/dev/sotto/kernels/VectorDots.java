package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * Dot products of examples with rows of weights. A tile of five examples and four rows needs nine loads for twenty
 * products, keeps as many sums as the compiler takes, and reads both along whole rows, which the prefetcher follows.
 */
final class VectorDots {
    /** Rows of weights in a tile. */
    static final int ROWS = 4;

    /** From the sums of one row of weights to those of the next. */
    private static final int OUTPUT = COUNT * COUNT;

    private VectorDots() {}

    /**
     * Five examples: lanes of {@code sums[at + r * COUNT * COUNT + n * COUNT]} add up to the product of example n and row r.
     *
     * @param step from one example to the next, and from one row of weights to the next
     * @param length whole vectors
     */
    static void five(float[] w, int row, float[] x, int example, int step, int length, float[] sums, int at) {
        int w0 = row;
        int w1 = row + step;
        int w2 = row + 2 * step;
        int w3 = row + 3 * step;
        int x0 = example;
        int x1 = example + step;
        int x2 = example + 2 * step;
        int x3 = example + 3 * step;
        int x4 = example + 4 * step;
        FloatVector a00 = FloatVector.zero(SPECIES);
        FloatVector a01 = a00;
        FloatVector a02 = a00;
        FloatVector a03 = a00;
        FloatVector a10 = a00;
        FloatVector a11 = a00;
        FloatVector a12 = a00;
        FloatVector a13 = a00;
        FloatVector a20 = a00;
        FloatVector a21 = a00;
        FloatVector a22 = a00;
        FloatVector a23 = a00;
        FloatVector a30 = a00;
        FloatVector a31 = a00;
        FloatVector a32 = a00;
        FloatVector a33 = a00;
        FloatVector a40 = a00;
        FloatVector a41 = a00;
        FloatVector a42 = a00;
        FloatVector a43 = a00;
        for (int i = 0; i < length; i += COUNT) {
            FloatVector v0 = FloatVector.fromArray(SPECIES, w, w0 + i);
            FloatVector v1 = FloatVector.fromArray(SPECIES, w, w1 + i);
            FloatVector v2 = FloatVector.fromArray(SPECIES, w, w2 + i);
            FloatVector v3 = FloatVector.fromArray(SPECIES, w, w3 + i);
            FloatVector u = FloatVector.fromArray(SPECIES, x, x0 + i);
            a00 = u.fma(v0, a00);
            a01 = u.fma(v1, a01);
            a02 = u.fma(v2, a02);
            a03 = u.fma(v3, a03);
            u = FloatVector.fromArray(SPECIES, x, x1 + i);
            a10 = u.fma(v0, a10);
            a11 = u.fma(v1, a11);
            a12 = u.fma(v2, a12);
            a13 = u.fma(v3, a13);
            u = FloatVector.fromArray(SPECIES, x, x2 + i);
            a20 = u.fma(v0, a20);
            a21 = u.fma(v1, a21);
            a22 = u.fma(v2, a22);
            a23 = u.fma(v3, a23);
            u = FloatVector.fromArray(SPECIES, x, x3 + i);
            a30 = u.fma(v0, a30);
            a31 = u.fma(v1, a31);
            a32 = u.fma(v2, a32);
            a33 = u.fma(v3, a33);
            u = FloatVector.fromArray(SPECIES, x, x4 + i);
            a40 = u.fma(v0, a40);
            a41 = u.fma(v1, a41);
            a42 = u.fma(v2, a42);
            a43 = u.fma(v3, a43);
        }
        a00.intoArray(sums, at);
        a10.intoArray(sums, at + COUNT);
        a20.intoArray(sums, at + 2 * COUNT);
        a30.intoArray(sums, at + 3 * COUNT);
        a40.intoArray(sums, at + 4 * COUNT);
        a01.intoArray(sums, at + OUTPUT);
        a11.intoArray(sums, at + OUTPUT + COUNT);
        a21.intoArray(sums, at + OUTPUT + 2 * COUNT);
        a31.intoArray(sums, at + OUTPUT + 3 * COUNT);
        a41.intoArray(sums, at + OUTPUT + 4 * COUNT);
        a02.intoArray(sums, at + 2 * OUTPUT);
        a12.intoArray(sums, at + 2 * OUTPUT + COUNT);
        a22.intoArray(sums, at + 2 * OUTPUT + 2 * COUNT);
        a32.intoArray(sums, at + 2 * OUTPUT + 3 * COUNT);
        a42.intoArray(sums, at + 2 * OUTPUT + 4 * COUNT);
        a03.intoArray(sums, at + 3 * OUTPUT);
        a13.intoArray(sums, at + 3 * OUTPUT + COUNT);
        a23.intoArray(sums, at + 3 * OUTPUT + 2 * COUNT);
        a33.intoArray(sums, at + 3 * OUTPUT + 3 * COUNT);
        a43.intoArray(sums, at + 3 * OUTPUT + 4 * COUNT);
    }

    /** Four examples. */
    static void four(float[] w, int row, float[] x, int example, int step, int length, float[] sums, int at) {
        int w0 = row;
        int w1 = row + step;
        int w2 = row + 2 * step;
        int w3 = row + 3 * step;
        int x0 = example;
        int x1 = example + step;
        int x2 = example + 2 * step;
        int x3 = example + 3 * step;
        FloatVector a00 = FloatVector.zero(SPECIES);
        FloatVector a01 = a00;
        FloatVector a02 = a00;
        FloatVector a03 = a00;
        FloatVector a10 = a00;
        FloatVector a11 = a00;
        FloatVector a12 = a00;
        FloatVector a13 = a00;
        FloatVector a20 = a00;
        FloatVector a21 = a00;
        FloatVector a22 = a00;
        FloatVector a23 = a00;
        FloatVector a30 = a00;
        FloatVector a31 = a00;
        FloatVector a32 = a00;
        FloatVector a33 = a00;
        for (int i = 0; i < length; i += COUNT) {
            FloatVector v0 = FloatVector.fromArray(SPECIES, w, w0 + i);
            FloatVector v1 = FloatVector.fromArray(SPECIES, w, w1 + i);
            FloatVector v2 = FloatVector.fromArray(SPECIES, w, w2 + i);
            FloatVector v3 = FloatVector.fromArray(SPECIES, w, w3 + i);
            FloatVector u = FloatVector.fromArray(SPECIES, x, x0 + i);
            a00 = u.fma(v0, a00);
            a01 = u.fma(v1, a01);
            a02 = u.fma(v2, a02);
            a03 = u.fma(v3, a03);
            u = FloatVector.fromArray(SPECIES, x, x1 + i);
            a10 = u.fma(v0, a10);
            a11 = u.fma(v1, a11);
            a12 = u.fma(v2, a12);
            a13 = u.fma(v3, a13);
            u = FloatVector.fromArray(SPECIES, x, x2 + i);
            a20 = u.fma(v0, a20);
            a21 = u.fma(v1, a21);
            a22 = u.fma(v2, a22);
            a23 = u.fma(v3, a23);
            u = FloatVector.fromArray(SPECIES, x, x3 + i);
            a30 = u.fma(v0, a30);
            a31 = u.fma(v1, a31);
            a32 = u.fma(v2, a32);
            a33 = u.fma(v3, a33);
        }
        a00.intoArray(sums, at);
        a10.intoArray(sums, at + COUNT);
        a20.intoArray(sums, at + 2 * COUNT);
        a30.intoArray(sums, at + 3 * COUNT);
        a01.intoArray(sums, at + OUTPUT);
        a11.intoArray(sums, at + OUTPUT + COUNT);
        a21.intoArray(sums, at + OUTPUT + 2 * COUNT);
        a31.intoArray(sums, at + OUTPUT + 3 * COUNT);
        a02.intoArray(sums, at + 2 * OUTPUT);
        a12.intoArray(sums, at + 2 * OUTPUT + COUNT);
        a22.intoArray(sums, at + 2 * OUTPUT + 2 * COUNT);
        a32.intoArray(sums, at + 2 * OUTPUT + 3 * COUNT);
        a03.intoArray(sums, at + 3 * OUTPUT);
        a13.intoArray(sums, at + 3 * OUTPUT + COUNT);
        a23.intoArray(sums, at + 3 * OUTPUT + 2 * COUNT);
        a33.intoArray(sums, at + 3 * OUTPUT + 3 * COUNT);
    }
}
