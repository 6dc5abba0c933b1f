package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.all;
import static dev.sotto.kernels.Lanes.load;

import jdk.incubator.vector.FloatVector;

/**
 * Correlation in register tiles: rows x positions accumulators that live in registers through one flat loop over the taps.
 * Each tile is written out in a method of its own, because the compiler keeps vectors in registers only where they are
 * local variables of a single loop: in nested loops it boxes them, which is twenty times slower. Sizes: 18 or 20
 * accumulators of 32 registers, or 12 of 16. With 24 the compiler keeps inputs on the stack in some runs and not in others, and
 * each of them is read from there for every product: half the speed.
 */
final class VectorCorrelation {
    private VectorCorrelation() {}

    static void correlate(Correlation plan, float[] in, float[] weights, float[] bias, float[] out) {
        int rowBlocks = plan.rowBlocks();
        for (int block = 0; block < plan.blocks(); block++) {
            for (int rows = 0; rows < rowBlocks; rows++) {
                switch (plan.tileRows * 10 + plan.tileColumns) {
                    case 63 -> sixByThree(plan, in, weights, bias, out, block, rows);
                    case 45 -> fourByFive(plan, in, weights, bias, out, block, rows);
                    default -> fourByThree(plan, in, weights, bias, out, block, rows);
                }
            }
        }
    }

    private static void sixByThree(
            Correlation plan, float[] in, float[] weights, float[] bias, float[] out, int block, int rowBlock) {
        int b = block * 3;
        int[] from = plan.from;
        int[] taps = plan.tapsOf[block];
        int w = rowBlock * plan.taps * 6;
        int r = rowBlock * 6;
        int p0 = from[b], p1 = from[b + 1], p2 = from[b + 2];
        FloatVector a00 = all(bias[r]), a01 = a00, a02 = a00;
        FloatVector a10 = all(bias[r + 1]), a11 = a10, a12 = a10;
        FloatVector a20 = all(bias[r + 2]), a21 = a20, a22 = a20;
        FloatVector a30 = all(bias[r + 3]), a31 = a30, a32 = a30;
        FloatVector a40 = all(bias[r + 4]), a41 = a40, a42 = a40;
        FloatVector a50 = all(bias[r + 5]), a51 = a50, a52 = a50;
        for (int k = 0; k < taps.length; k += 2) {
            int p = taps[k];
            int q = w + taps[k + 1];
            FloatVector x0 = load(in, p + p0);
            FloatVector x1 = load(in, p + p1);
            FloatVector x2 = load(in, p + p2);
            FloatVector v = all(weights[q]);
            a00 = x0.fma(v, a00);
            a01 = x1.fma(v, a01);
            a02 = x2.fma(v, a02);
            v = all(weights[q + 1]);
            a10 = x0.fma(v, a10);
            a11 = x1.fma(v, a11);
            a12 = x2.fma(v, a12);
            v = all(weights[q + 2]);
            a20 = x0.fma(v, a20);
            a21 = x1.fma(v, a21);
            a22 = x2.fma(v, a22);
            v = all(weights[q + 3]);
            a30 = x0.fma(v, a30);
            a31 = x1.fma(v, a31);
            a32 = x2.fma(v, a32);
            v = all(weights[q + 4]);
            a40 = x0.fma(v, a40);
            a41 = x1.fma(v, a41);
            a42 = x2.fma(v, a42);
            v = all(weights[q + 5]);
            a50 = x0.fma(v, a50);
            a51 = x1.fma(v, a51);
            a52 = x2.fma(v, a52);
        }
        int[] to = plan.to;
        int rows = plan.rows;
        int at = r * plan.rowStride;
        a00.intoArray(out, at + to[b]);
        a01.intoArray(out, at + to[b + 1]);
        a02.intoArray(out, at + to[b + 2]);
        at = Math.min(r + 1, rows - 1) * plan.rowStride;
        a10.intoArray(out, at + to[b]);
        a11.intoArray(out, at + to[b + 1]);
        a12.intoArray(out, at + to[b + 2]);
        at = Math.min(r + 2, rows - 1) * plan.rowStride;
        a20.intoArray(out, at + to[b]);
        a21.intoArray(out, at + to[b + 1]);
        a22.intoArray(out, at + to[b + 2]);
        at = Math.min(r + 3, rows - 1) * plan.rowStride;
        a30.intoArray(out, at + to[b]);
        a31.intoArray(out, at + to[b + 1]);
        a32.intoArray(out, at + to[b + 2]);
        at = Math.min(r + 4, rows - 1) * plan.rowStride;
        a40.intoArray(out, at + to[b]);
        a41.intoArray(out, at + to[b + 1]);
        a42.intoArray(out, at + to[b + 2]);
        at = Math.min(r + 5, rows - 1) * plan.rowStride;
        a50.intoArray(out, at + to[b]);
        a51.intoArray(out, at + to[b + 1]);
        a52.intoArray(out, at + to[b + 2]);
    }

    private static void fourByFive(
            Correlation plan, float[] in, float[] weights, float[] bias, float[] out, int block, int rowBlock) {
        int b = block * 5;
        int[] from = plan.from;
        int[] taps = plan.tapsOf[block];
        int w = rowBlock * plan.taps * 4;
        int r = rowBlock * 4;
        int p0 = from[b], p1 = from[b + 1], p2 = from[b + 2], p3 = from[b + 3], p4 = from[b + 4];
        FloatVector a00 = all(bias[r]), a01 = a00, a02 = a00, a03 = a00, a04 = a00;
        FloatVector a10 = all(bias[r + 1]), a11 = a10, a12 = a10, a13 = a10, a14 = a10;
        FloatVector a20 = all(bias[r + 2]), a21 = a20, a22 = a20, a23 = a20, a24 = a20;
        FloatVector a30 = all(bias[r + 3]), a31 = a30, a32 = a30, a33 = a30, a34 = a30;
        for (int k = 0; k < taps.length; k += 2) {
            int p = taps[k];
            int q = w + taps[k + 1];
            FloatVector x0 = load(in, p + p0);
            FloatVector x1 = load(in, p + p1);
            FloatVector x2 = load(in, p + p2);
            FloatVector x3 = load(in, p + p3);
            FloatVector x4 = load(in, p + p4);
            FloatVector v = all(weights[q]);
            a00 = x0.fma(v, a00);
            a01 = x1.fma(v, a01);
            a02 = x2.fma(v, a02);
            a03 = x3.fma(v, a03);
            a04 = x4.fma(v, a04);
            v = all(weights[q + 1]);
            a10 = x0.fma(v, a10);
            a11 = x1.fma(v, a11);
            a12 = x2.fma(v, a12);
            a13 = x3.fma(v, a13);
            a14 = x4.fma(v, a14);
            v = all(weights[q + 2]);
            a20 = x0.fma(v, a20);
            a21 = x1.fma(v, a21);
            a22 = x2.fma(v, a22);
            a23 = x3.fma(v, a23);
            a24 = x4.fma(v, a24);
            v = all(weights[q + 3]);
            a30 = x0.fma(v, a30);
            a31 = x1.fma(v, a31);
            a32 = x2.fma(v, a32);
            a33 = x3.fma(v, a33);
            a34 = x4.fma(v, a34);
        }
        int[] to = plan.to;
        int rows = plan.rows;
        int at = r * plan.rowStride;
        a00.intoArray(out, at + to[b]);
        a01.intoArray(out, at + to[b + 1]);
        a02.intoArray(out, at + to[b + 2]);
        a03.intoArray(out, at + to[b + 3]);
        a04.intoArray(out, at + to[b + 4]);
        at = Math.min(r + 1, rows - 1) * plan.rowStride;
        a10.intoArray(out, at + to[b]);
        a11.intoArray(out, at + to[b + 1]);
        a12.intoArray(out, at + to[b + 2]);
        a13.intoArray(out, at + to[b + 3]);
        a14.intoArray(out, at + to[b + 4]);
        at = Math.min(r + 2, rows - 1) * plan.rowStride;
        a20.intoArray(out, at + to[b]);
        a21.intoArray(out, at + to[b + 1]);
        a22.intoArray(out, at + to[b + 2]);
        a23.intoArray(out, at + to[b + 3]);
        a24.intoArray(out, at + to[b + 4]);
        at = Math.min(r + 3, rows - 1) * plan.rowStride;
        a30.intoArray(out, at + to[b]);
        a31.intoArray(out, at + to[b + 1]);
        a32.intoArray(out, at + to[b + 2]);
        a33.intoArray(out, at + to[b + 3]);
        a34.intoArray(out, at + to[b + 4]);
    }

    private static void fourByThree(
            Correlation plan, float[] in, float[] weights, float[] bias, float[] out, int block, int rowBlock) {
        int b = block * 3;
        int[] from = plan.from;
        int[] taps = plan.tapsOf[block];
        int w = rowBlock * plan.taps * 4;
        int r = rowBlock * 4;
        int p0 = from[b], p1 = from[b + 1], p2 = from[b + 2];
        FloatVector a00 = all(bias[r]), a01 = a00, a02 = a00;
        FloatVector a10 = all(bias[r + 1]), a11 = a10, a12 = a10;
        FloatVector a20 = all(bias[r + 2]), a21 = a20, a22 = a20;
        FloatVector a30 = all(bias[r + 3]), a31 = a30, a32 = a30;
        for (int k = 0; k < taps.length; k += 2) {
            int p = taps[k];
            int q = w + taps[k + 1];
            FloatVector x0 = load(in, p + p0);
            FloatVector x1 = load(in, p + p1);
            FloatVector x2 = load(in, p + p2);
            FloatVector v = all(weights[q]);
            a00 = x0.fma(v, a00);
            a01 = x1.fma(v, a01);
            a02 = x2.fma(v, a02);
            v = all(weights[q + 1]);
            a10 = x0.fma(v, a10);
            a11 = x1.fma(v, a11);
            a12 = x2.fma(v, a12);
            v = all(weights[q + 2]);
            a20 = x0.fma(v, a20);
            a21 = x1.fma(v, a21);
            a22 = x2.fma(v, a22);
            v = all(weights[q + 3]);
            a30 = x0.fma(v, a30);
            a31 = x1.fma(v, a31);
            a32 = x2.fma(v, a32);
        }
        int[] to = plan.to;
        int rows = plan.rows;
        int at = r * plan.rowStride;
        a00.intoArray(out, at + to[b]);
        a01.intoArray(out, at + to[b + 1]);
        a02.intoArray(out, at + to[b + 2]);
        at = Math.min(r + 1, rows - 1) * plan.rowStride;
        a10.intoArray(out, at + to[b]);
        a11.intoArray(out, at + to[b + 1]);
        a12.intoArray(out, at + to[b + 2]);
        at = Math.min(r + 2, rows - 1) * plan.rowStride;
        a20.intoArray(out, at + to[b]);
        a21.intoArray(out, at + to[b + 1]);
        a22.intoArray(out, at + to[b + 2]);
        at = Math.min(r + 3, rows - 1) * plan.rowStride;
        a30.intoArray(out, at + to[b]);
        a31.intoArray(out, at + to[b + 1]);
        a32.intoArray(out, at + to[b + 2]);
    }
}
