package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * Sums of rows of weights, each times a factor. The rows are far apart, so that no prefetcher helps: what
 * {@link #read} brought near is read here.
 */
final class VectorCombinations {
    /** Floats of a row in a tile. */
    static final int WIDTH = 4 * COUNT;

    private VectorCombinations() {}

    /** Reads whole vectors for nothing but their being near then; the sum keeps the compiler from leaving them out. */
    static void read(float[] w, int at, int length, float[] sum) {
        FloatVector a = FloatVector.zero(SPECIES);
        FloatVector b = a;
        for (int i = 0; i + 2 * COUNT <= length; i += 2 * COUNT) {
            a = a.add(FloatVector.fromArray(SPECIES, w, at + i));
            b = b.add(FloatVector.fromArray(SPECIES, w, at + i + COUNT));
        }
        a.add(b).intoArray(sum, 0);
    }

    /**
     * Five sums: {@code sums[to + n * step + i] = sum over r of factors[factor + r * COUNT + n] * w[at + r * step + i]}.
     *
     * @param step from one row to the next, and from one sum to the next
     */
    static void five(float[] w, int at, int step, int rows, float[] factors, int factor, float[] sums, int to) {
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
        for (int r = 0; r < rows; r++) {
            int i = at + r * step;
            int k = factor + r * COUNT;
            FloatVector v0 = FloatVector.fromArray(SPECIES, w, i);
            FloatVector v1 = FloatVector.fromArray(SPECIES, w, i + COUNT);
            FloatVector v2 = FloatVector.fromArray(SPECIES, w, i + 2 * COUNT);
            FloatVector v3 = FloatVector.fromArray(SPECIES, w, i + 3 * COUNT);
            FloatVector g = FloatVector.broadcast(SPECIES, factors[k]);
            a00 = v0.fma(g, a00);
            a01 = v1.fma(g, a01);
            a02 = v2.fma(g, a02);
            a03 = v3.fma(g, a03);
            g = FloatVector.broadcast(SPECIES, factors[k + 1]);
            a10 = v0.fma(g, a10);
            a11 = v1.fma(g, a11);
            a12 = v2.fma(g, a12);
            a13 = v3.fma(g, a13);
            g = FloatVector.broadcast(SPECIES, factors[k + 2]);
            a20 = v0.fma(g, a20);
            a21 = v1.fma(g, a21);
            a22 = v2.fma(g, a22);
            a23 = v3.fma(g, a23);
            g = FloatVector.broadcast(SPECIES, factors[k + 3]);
            a30 = v0.fma(g, a30);
            a31 = v1.fma(g, a31);
            a32 = v2.fma(g, a32);
            a33 = v3.fma(g, a33);
            g = FloatVector.broadcast(SPECIES, factors[k + 4]);
            a40 = v0.fma(g, a40);
            a41 = v1.fma(g, a41);
            a42 = v2.fma(g, a42);
            a43 = v3.fma(g, a43);
        }
        a00.intoArray(sums, to);
        a01.intoArray(sums, to + COUNT);
        a02.intoArray(sums, to + 2 * COUNT);
        a03.intoArray(sums, to + 3 * COUNT);
        a10.intoArray(sums, to + step);
        a11.intoArray(sums, to + step + COUNT);
        a12.intoArray(sums, to + step + 2 * COUNT);
        a13.intoArray(sums, to + step + 3 * COUNT);
        a20.intoArray(sums, to + 2 * step);
        a21.intoArray(sums, to + 2 * step + COUNT);
        a22.intoArray(sums, to + 2 * step + 2 * COUNT);
        a23.intoArray(sums, to + 2 * step + 3 * COUNT);
        a30.intoArray(sums, to + 3 * step);
        a31.intoArray(sums, to + 3 * step + COUNT);
        a32.intoArray(sums, to + 3 * step + 2 * COUNT);
        a33.intoArray(sums, to + 3 * step + 3 * COUNT);
        a40.intoArray(sums, to + 4 * step);
        a41.intoArray(sums, to + 4 * step + COUNT);
        a42.intoArray(sums, to + 4 * step + 2 * COUNT);
        a43.intoArray(sums, to + 4 * step + 3 * COUNT);
    }

    /** Four sums. */
    static void four(float[] w, int at, int step, int rows, float[] factors, int factor, float[] sums, int to) {
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
        for (int r = 0; r < rows; r++) {
            int i = at + r * step;
            int k = factor + r * COUNT;
            FloatVector v0 = FloatVector.fromArray(SPECIES, w, i);
            FloatVector v1 = FloatVector.fromArray(SPECIES, w, i + COUNT);
            FloatVector v2 = FloatVector.fromArray(SPECIES, w, i + 2 * COUNT);
            FloatVector v3 = FloatVector.fromArray(SPECIES, w, i + 3 * COUNT);
            FloatVector g = FloatVector.broadcast(SPECIES, factors[k]);
            a00 = v0.fma(g, a00);
            a01 = v1.fma(g, a01);
            a02 = v2.fma(g, a02);
            a03 = v3.fma(g, a03);
            g = FloatVector.broadcast(SPECIES, factors[k + 1]);
            a10 = v0.fma(g, a10);
            a11 = v1.fma(g, a11);
            a12 = v2.fma(g, a12);
            a13 = v3.fma(g, a13);
            g = FloatVector.broadcast(SPECIES, factors[k + 2]);
            a20 = v0.fma(g, a20);
            a21 = v1.fma(g, a21);
            a22 = v2.fma(g, a22);
            a23 = v3.fma(g, a23);
            g = FloatVector.broadcast(SPECIES, factors[k + 3]);
            a30 = v0.fma(g, a30);
            a31 = v1.fma(g, a31);
            a32 = v2.fma(g, a32);
            a33 = v3.fma(g, a33);
        }
        a00.intoArray(sums, to);
        a01.intoArray(sums, to + COUNT);
        a02.intoArray(sums, to + 2 * COUNT);
        a03.intoArray(sums, to + 3 * COUNT);
        a10.intoArray(sums, to + step);
        a11.intoArray(sums, to + step + COUNT);
        a12.intoArray(sums, to + step + 2 * COUNT);
        a13.intoArray(sums, to + step + 3 * COUNT);
        a20.intoArray(sums, to + 2 * step);
        a21.intoArray(sums, to + 2 * step + COUNT);
        a22.intoArray(sums, to + 2 * step + 2 * COUNT);
        a23.intoArray(sums, to + 2 * step + 3 * COUNT);
        a30.intoArray(sums, to + 3 * step);
        a31.intoArray(sums, to + 3 * step + COUNT);
        a32.intoArray(sums, to + 3 * step + 2 * COUNT);
        a33.intoArray(sums, to + 3 * step + 3 * COUNT);
    }
}
