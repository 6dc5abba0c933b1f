package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Per-lane weight gradients in register tiles of rows x taps, written out for the reason given at {@link
 * VectorCorrelation}. A tile's accumulators and all that it loads in a turn must fit the registers together: the compiler
 * moves the arithmetic behind the last bounds check, and 24 + 10 of 32 registers run four times slower than 20 + 9.
 * Positions are worked on in chunks that stay in the first-level cache; between chunks a tile's sums rest in the result.
 */
final class VectorTapGradients {
    private VectorTapGradients() {}

    static void weightGradients(TapGradients plan, float[] in, float[] up, float[] gradients) {
        int chunk = plan.chunk(COUNT);
        int taps = plan.taps.length;
        Arrays.fill(gradients, 0, plan.rows * taps * COUNT, 0f);
        for (int first = 0; first < plan.positions.length; first += chunk) {
            int end = Math.min(first + chunk, plan.positions.length);
            for (int row = 0; row < plan.rows; row += plan.tileRows) {
                for (int tap = 0; tap < taps; tap += plan.tileTaps) {
                    switch (plan.tileRows) {
                        case 6 -> sixByThree(plan, in, up, gradients, row, tap, first, end);
                        case 4 -> fourByFive(plan, in, up, gradients, row, tap, first, end);
                        default -> threeByThree(plan, in, up, gradients, row, tap, first, end);
                    }
                }
            }
        }
    }

    private static void sixByThree(
            TapGradients plan, float[] in, float[] up, float[] gradients, int row, int tap, int first, int end) {
        int[] positions = plan.positions;
        int lastRow = plan.rows - 1;
        int lastTap = plan.taps.length - 1;
        int width = plan.taps.length * COUNT;
        int plane = positions.length * COUNT;
        int c0 = tap;
        int c1 = Math.min(tap + 1, lastTap);
        int c2 = Math.min(tap + 2, lastTap);
        int t0 = plan.taps[c0];
        int t1 = plan.taps[c1];
        int t2 = plan.taps[c2];
        int r0 = row;
        int r1 = Math.min(row + 1, lastRow);
        int r2 = Math.min(row + 2, lastRow);
        int r3 = Math.min(row + 3, lastRow);
        int r4 = Math.min(row + 4, lastRow);
        int r5 = Math.min(row + 5, lastRow);
        int u0 = r0 * plane;
        int u1 = r1 * plane;
        int u2 = r2 * plane;
        int u3 = r3 * plane;
        int u4 = r4 * plane;
        int u5 = r5 * plane;
        c0 *= COUNT;
        c1 *= COUNT;
        c2 *= COUNT;
        r0 *= width;
        r1 *= width;
        r2 *= width;
        r3 *= width;
        r4 *= width;
        r5 *= width;
        FloatVector a00 = load(gradients, r0 + c0);
        FloatVector a01 = load(gradients, r0 + c1);
        FloatVector a02 = load(gradients, r0 + c2);
        FloatVector a10 = load(gradients, r1 + c0);
        FloatVector a11 = load(gradients, r1 + c1);
        FloatVector a12 = load(gradients, r1 + c2);
        FloatVector a20 = load(gradients, r2 + c0);
        FloatVector a21 = load(gradients, r2 + c1);
        FloatVector a22 = load(gradients, r2 + c2);
        FloatVector a30 = load(gradients, r3 + c0);
        FloatVector a31 = load(gradients, r3 + c1);
        FloatVector a32 = load(gradients, r3 + c2);
        FloatVector a40 = load(gradients, r4 + c0);
        FloatVector a41 = load(gradients, r4 + c1);
        FloatVector a42 = load(gradients, r4 + c2);
        FloatVector a50 = load(gradients, r5 + c0);
        FloatVector a51 = load(gradients, r5 + c1);
        FloatVector a52 = load(gradients, r5 + c2);
        for (int k = first; k < end; k++) {
            int p = positions[k];
            FloatVector g0 = load(up, k * COUNT + u0);
            FloatVector g1 = load(up, k * COUNT + u1);
            FloatVector g2 = load(up, k * COUNT + u2);
            FloatVector g3 = load(up, k * COUNT + u3);
            FloatVector g4 = load(up, k * COUNT + u4);
            FloatVector g5 = load(up, k * COUNT + u5);
            FloatVector x = load(in, p + t0);
            a00 = x.fma(g0, a00);
            a10 = x.fma(g1, a10);
            a20 = x.fma(g2, a20);
            a30 = x.fma(g3, a30);
            a40 = x.fma(g4, a40);
            a50 = x.fma(g5, a50);
            x = load(in, p + t1);
            a01 = x.fma(g0, a01);
            a11 = x.fma(g1, a11);
            a21 = x.fma(g2, a21);
            a31 = x.fma(g3, a31);
            a41 = x.fma(g4, a41);
            a51 = x.fma(g5, a51);
            x = load(in, p + t2);
            a02 = x.fma(g0, a02);
            a12 = x.fma(g1, a12);
            a22 = x.fma(g2, a22);
            a32 = x.fma(g3, a32);
            a42 = x.fma(g4, a42);
            a52 = x.fma(g5, a52);
        }
        a00.intoArray(gradients, r0 + c0);
        a01.intoArray(gradients, r0 + c1);
        a02.intoArray(gradients, r0 + c2);
        a10.intoArray(gradients, r1 + c0);
        a11.intoArray(gradients, r1 + c1);
        a12.intoArray(gradients, r1 + c2);
        a20.intoArray(gradients, r2 + c0);
        a21.intoArray(gradients, r2 + c1);
        a22.intoArray(gradients, r2 + c2);
        a30.intoArray(gradients, r3 + c0);
        a31.intoArray(gradients, r3 + c1);
        a32.intoArray(gradients, r3 + c2);
        a40.intoArray(gradients, r4 + c0);
        a41.intoArray(gradients, r4 + c1);
        a42.intoArray(gradients, r4 + c2);
        a50.intoArray(gradients, r5 + c0);
        a51.intoArray(gradients, r5 + c1);
        a52.intoArray(gradients, r5 + c2);
    }

    private static void fourByFive(
            TapGradients plan, float[] in, float[] up, float[] gradients, int row, int tap, int first, int end) {
        int[] positions = plan.positions;
        int lastRow = plan.rows - 1;
        int lastTap = plan.taps.length - 1;
        int width = plan.taps.length * COUNT;
        int plane = positions.length * COUNT;
        int c0 = tap;
        int c1 = Math.min(tap + 1, lastTap);
        int c2 = Math.min(tap + 2, lastTap);
        int c3 = Math.min(tap + 3, lastTap);
        int c4 = Math.min(tap + 4, lastTap);
        int t0 = plan.taps[c0];
        int t1 = plan.taps[c1];
        int t2 = plan.taps[c2];
        int t3 = plan.taps[c3];
        int t4 = plan.taps[c4];
        int r0 = row;
        int r1 = Math.min(row + 1, lastRow);
        int r2 = Math.min(row + 2, lastRow);
        int r3 = Math.min(row + 3, lastRow);
        int u0 = r0 * plane;
        int u1 = r1 * plane;
        int u2 = r2 * plane;
        int u3 = r3 * plane;
        c0 *= COUNT;
        c1 *= COUNT;
        c2 *= COUNT;
        c3 *= COUNT;
        c4 *= COUNT;
        r0 *= width;
        r1 *= width;
        r2 *= width;
        r3 *= width;
        FloatVector a00 = load(gradients, r0 + c0);
        FloatVector a01 = load(gradients, r0 + c1);
        FloatVector a02 = load(gradients, r0 + c2);
        FloatVector a03 = load(gradients, r0 + c3);
        FloatVector a04 = load(gradients, r0 + c4);
        FloatVector a10 = load(gradients, r1 + c0);
        FloatVector a11 = load(gradients, r1 + c1);
        FloatVector a12 = load(gradients, r1 + c2);
        FloatVector a13 = load(gradients, r1 + c3);
        FloatVector a14 = load(gradients, r1 + c4);
        FloatVector a20 = load(gradients, r2 + c0);
        FloatVector a21 = load(gradients, r2 + c1);
        FloatVector a22 = load(gradients, r2 + c2);
        FloatVector a23 = load(gradients, r2 + c3);
        FloatVector a24 = load(gradients, r2 + c4);
        FloatVector a30 = load(gradients, r3 + c0);
        FloatVector a31 = load(gradients, r3 + c1);
        FloatVector a32 = load(gradients, r3 + c2);
        FloatVector a33 = load(gradients, r3 + c3);
        FloatVector a34 = load(gradients, r3 + c4);
        for (int k = first; k < end; k++) {
            int p = positions[k];
            FloatVector g0 = load(up, k * COUNT + u0);
            FloatVector g1 = load(up, k * COUNT + u1);
            FloatVector g2 = load(up, k * COUNT + u2);
            FloatVector g3 = load(up, k * COUNT + u3);
            FloatVector x = load(in, p + t0);
            a00 = x.fma(g0, a00);
            a10 = x.fma(g1, a10);
            a20 = x.fma(g2, a20);
            a30 = x.fma(g3, a30);
            x = load(in, p + t1);
            a01 = x.fma(g0, a01);
            a11 = x.fma(g1, a11);
            a21 = x.fma(g2, a21);
            a31 = x.fma(g3, a31);
            x = load(in, p + t2);
            a02 = x.fma(g0, a02);
            a12 = x.fma(g1, a12);
            a22 = x.fma(g2, a22);
            a32 = x.fma(g3, a32);
            x = load(in, p + t3);
            a03 = x.fma(g0, a03);
            a13 = x.fma(g1, a13);
            a23 = x.fma(g2, a23);
            a33 = x.fma(g3, a33);
            x = load(in, p + t4);
            a04 = x.fma(g0, a04);
            a14 = x.fma(g1, a14);
            a24 = x.fma(g2, a24);
            a34 = x.fma(g3, a34);
        }
        a00.intoArray(gradients, r0 + c0);
        a01.intoArray(gradients, r0 + c1);
        a02.intoArray(gradients, r0 + c2);
        a03.intoArray(gradients, r0 + c3);
        a04.intoArray(gradients, r0 + c4);
        a10.intoArray(gradients, r1 + c0);
        a11.intoArray(gradients, r1 + c1);
        a12.intoArray(gradients, r1 + c2);
        a13.intoArray(gradients, r1 + c3);
        a14.intoArray(gradients, r1 + c4);
        a20.intoArray(gradients, r2 + c0);
        a21.intoArray(gradients, r2 + c1);
        a22.intoArray(gradients, r2 + c2);
        a23.intoArray(gradients, r2 + c3);
        a24.intoArray(gradients, r2 + c4);
        a30.intoArray(gradients, r3 + c0);
        a31.intoArray(gradients, r3 + c1);
        a32.intoArray(gradients, r3 + c2);
        a33.intoArray(gradients, r3 + c3);
        a34.intoArray(gradients, r3 + c4);
    }

    private static void threeByThree(
            TapGradients plan, float[] in, float[] up, float[] gradients, int row, int tap, int first, int end) {
        int[] positions = plan.positions;
        int lastRow = plan.rows - 1;
        int lastTap = plan.taps.length - 1;
        int width = plan.taps.length * COUNT;
        int plane = positions.length * COUNT;
        int c0 = tap;
        int c1 = Math.min(tap + 1, lastTap);
        int c2 = Math.min(tap + 2, lastTap);
        int t0 = plan.taps[c0];
        int t1 = plan.taps[c1];
        int t2 = plan.taps[c2];
        int r0 = row;
        int r1 = Math.min(row + 1, lastRow);
        int r2 = Math.min(row + 2, lastRow);
        int u0 = r0 * plane;
        int u1 = r1 * plane;
        int u2 = r2 * plane;
        c0 *= COUNT;
        c1 *= COUNT;
        c2 *= COUNT;
        r0 *= width;
        r1 *= width;
        r2 *= width;
        FloatVector a00 = load(gradients, r0 + c0);
        FloatVector a01 = load(gradients, r0 + c1);
        FloatVector a02 = load(gradients, r0 + c2);
        FloatVector a10 = load(gradients, r1 + c0);
        FloatVector a11 = load(gradients, r1 + c1);
        FloatVector a12 = load(gradients, r1 + c2);
        FloatVector a20 = load(gradients, r2 + c0);
        FloatVector a21 = load(gradients, r2 + c1);
        FloatVector a22 = load(gradients, r2 + c2);
        for (int k = first; k < end; k++) {
            int p = positions[k];
            FloatVector g0 = load(up, k * COUNT + u0);
            FloatVector g1 = load(up, k * COUNT + u1);
            FloatVector g2 = load(up, k * COUNT + u2);
            FloatVector x = load(in, p + t0);
            a00 = x.fma(g0, a00);
            a10 = x.fma(g1, a10);
            a20 = x.fma(g2, a20);
            x = load(in, p + t1);
            a01 = x.fma(g0, a01);
            a11 = x.fma(g1, a11);
            a21 = x.fma(g2, a21);
            x = load(in, p + t2);
            a02 = x.fma(g0, a02);
            a12 = x.fma(g1, a12);
            a22 = x.fma(g2, a22);
        }
        a00.intoArray(gradients, r0 + c0);
        a01.intoArray(gradients, r0 + c1);
        a02.intoArray(gradients, r0 + c2);
        a10.intoArray(gradients, r1 + c0);
        a11.intoArray(gradients, r1 + c1);
        a12.intoArray(gradients, r1 + c2);
        a20.intoArray(gradients, r2 + c0);
        a21.intoArray(gradients, r2 + c1);
        a22.intoArray(gradients, r2 + c2);
    }
}
