package dev.sotto.kernels;

import java.util.Arrays;

/**
 * Planes of positions with zeros around them. A position takes {@code pitch} floats: as many as there are lanes, or fewer,
 * in which case the positions of a row follow each other closely.
 */
final class Border {
    private final int planes;
    private final int height;
    private final int width;
    private final int top;
    private final int left;
    private final int fullHeight;
    private final int fullWidth;
    private final int pitch;

    Border(int planes, int height, int width, int top, int left, int bottom, int right, int pitch) {
        this.planes = planes;
        this.height = height;
        this.width = width;
        this.top = top;
        this.left = left;
        this.pitch = pitch;
        fullHeight = height + top + bottom;
        fullWidth = width + left + right;
    }

    /** Whether there are zeros around. */
    boolean isEmpty() {
        return fullHeight == height && fullWidth == width;
    }

    /** Floats that the planes take, borders included. */
    int size() {
        return planes * fullHeight * fullWidth * pitch;
    }

    /** Offset in floats between positions that far apart. */
    int offset(int planes, int rows, int columns) {
        return ((planes * fullHeight + rows) * fullWidth + columns) * pitch;
    }

    /** Offset of the first value inside the border. */
    int origin() {
        return offset(0, top, left);
    }

    /**
     * Writes lane-major planes and the zeros around them. Each position is written a whole vector wide, and what that puts
     * beyond its pitch is overwritten by what comes after; {@code to} needs a vector's room at its end.
     */
    void copy(Kernels kernels, float[] from, float[] to) {
        int lanes = kernels.lanes();
        int row = fullWidth * pitch;
        int right = (fullWidth - left - width) * pitch;
        for (int plane = 0; plane < planes; plane++) {
            int at = offset(plane, 0, 0);
            Arrays.fill(to, at, at + top * row, 0f);
            for (int y = 0; y < height; y++) {
                int start = at + (top + y) * row;
                Arrays.fill(to, start, start + left * pitch, 0f);
                int inside = start + left * pitch;
                kernels.respace(from, (plane * height + y) * width * lanes, lanes, to, inside, pitch, width);
                Arrays.fill(to, inside + width * pitch, inside + width * pitch + right, 0f);
            }
            Arrays.fill(to, at + (top + height) * row, at + fullHeight * row, 0f);
        }
    }
}
