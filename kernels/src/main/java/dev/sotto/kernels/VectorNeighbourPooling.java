package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.all;
import static dev.sotto.kernels.Lanes.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Pooling over windows of two by two, each one position from the next: row by row, with what two windows share in
 * registers. Such windows meet every position four times, and each meeting would wait for the store of the one before.
 */
final class VectorNeighbourPooling {
    private VectorNeighbourPooling() {}

    static void max(PoolWindows windows, float[] in, float[] out) {
        int width = windows.rowLength;
        int to = 0;
        for (int c = 0; c < windows.channels; c++) {
            int end = (c + 1) * windows.inPlane - width;
            for (int row = c * windows.inPlane; row < end; row += width, to += width - COUNT) {
                maxOfRows(in, row, width, out, to);
            }
        }
    }

    private static void maxOfRows(float[] in, int row, int width, float[] out, int to) {
        FloatVector left = load(in, row).max(load(in, row + width));
        for (int i = COUNT; i < width; i += COUNT) {
            FloatVector right = load(in, row + i).max(load(in, row + width + i));
            left.max(right).intoArray(out, to - COUNT + i);
            left = right;
        }
    }

    static void maxGradient(PoolWindows windows, float[] in, float[] out, float[] dout, float[] din) {
        int width = windows.rowLength;
        int at = 0;
        for (int c = 0; c < windows.channels; c++) {
            int first = c * windows.inPlane;
            int end = first + windows.inPlane - width;
            Arrays.fill(din, first, first + width, 0f);
            for (int row = first; row < end; row += width, at += width - COUNT) {
                gradientOfRows(in, row, width, out, dout, at, din);
            }
        }
    }

    /**
     * Completes one row of positions and begins the next. Sums are in the order of the windows. What is left for the last
     * position of a window is not compared: one of them holds the largest value.
     */
    private static void gradientOfRows(float[] in, int row, int width, float[] out, float[] dout, int at, float[] din) {
        FloatVector zero = all(0);
        FloatVector upperLeft = load(in, row);
        FloatVector lowerLeft = load(in, row + width);
        FloatVector upperSum = load(din, row);
        FloatVector lowerSum = zero;
        for (int i = COUNT; i < width; i += COUNT) {
            FloatVector m = load(out, at - COUNT + i);
            FloatVector g = load(dout, at - COUNT + i);
            FloatVector part = zero.blend(g, upperLeft.eq(m));
            g = g.sub(part);
            upperSum.add(part).intoArray(din, row - COUNT + i);
            upperLeft = load(in, row + i);
            part = zero.blend(g, upperLeft.eq(m));
            g = g.sub(part);
            upperSum = load(din, row + i).add(part);
            part = zero.blend(g, lowerLeft.eq(m));
            lowerSum.add(part).intoArray(din, row + width - COUNT + i);
            lowerLeft = load(in, row + width + i);
            lowerSum = g.sub(part);
        }
        upperSum.intoArray(din, row + width - COUNT);
        lowerSum.intoArray(din, row + 2 * width - COUNT);
    }
}
