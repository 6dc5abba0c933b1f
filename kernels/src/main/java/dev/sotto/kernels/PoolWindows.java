package dev.sotto.kernels;

import java.util.Arrays;

/**
 * The windows of a pooling layer as tables of offsets; padded positions are left out. The same for every channel.
 * Immutable.
 */
public final class PoolWindows {
    final int channels;
    final int inPlane;
    /** Floats in a row of the input. */
    final int rowLength;
    /** Whether windows are two by two, begin at each position, and have no padding. */
    final boolean neighbours;

    final int outPositions;
    /** Values of a window, padding included. */
    final int area;
    /** Offsets into an input plane, window after window. */
    final int[] offsets;
    /** Where each window's offsets begin, and the end. */
    final int[] starts;

    /** Plans windows over lane-major planes. */
    public PoolWindows(Kernels kernels, int channels, int height, int width, int kernel, int stride, int padding) {
        int lanes = kernels.lanes();
        int outHeight = (height + 2 * padding - kernel) / stride + 1;
        int outWidth = (width + 2 * padding - kernel) / stride + 1;
        this.channels = channels;
        inPlane = height * width * lanes;
        rowLength = width * lanes;
        neighbours = kernel == 2 && stride == 1 && padding == 0;
        outPositions = outHeight * outWidth;
        area = kernel * kernel;
        int[] all = new int[outPositions * area];
        starts = new int[outPositions + 1];
        int at = 0;
        for (int position = 0; position < outPositions; position++) {
            int top = position / outWidth * stride - padding;
            int left = position % outWidth * stride - padding;
            for (int y = Math.max(0, top); y < Math.min(height, top + kernel); y++) {
                for (int x = Math.max(0, left); x < Math.min(width, left + kernel); x++) {
                    all[at++] = (y * width + x) * lanes;
                }
            }
            starts[position + 1] = at;
        }
        offsets = Arrays.copyOf(all, at);
    }
}
