package dev.sotto.kernels;

import java.util.Arrays;

/**
 * One example, channels innermost, with zeros around: {@code [y][residue][column / 4][channel]}, where each row is cut into its
 * columns of the same residue modulo 4, so that tiles of four columns follow each other in each quarter.
 */
final class ChannelPlanes {
    private final int depth;
    private final int height;
    private final int width;
    private final int border;
    private final int quarter;
    private final float[] values;

    /**
     * Room for an example.
     *
     * @param depth floats a position takes: whole vectors
     * @param border zeros above and to the left
     * @param rows rows, zeros included
     * @param columns columns in each quarter of a row, zeros included
     */
    ChannelPlanes(int depth, int height, int width, int border, int rows, int columns) {
        this.depth = depth;
        this.height = height;
        this.width = width;
        this.border = border;
        // A vector more than needed, so that rows are not a power of two apart.
        quarter = columns * depth + Lanes.COUNT;
        values = new float[rows * 4 * quarter];
    }

    float[] values() {
        return values;
    }

    /** Where a position is; the border has negative coordinates. */
    int at(int y, int x) {
        int column = border + x;
        return ((border + y) * 4 + column % 4) * quarter + column / 4 * depth;
    }

    /** Floats a position takes. */
    int depth() {
        return depth;
    }

    /** From one row to the next. */
    int row() {
        return 4 * quarter;
    }

    /** From the columns of one residue to those of the next. */
    int quarter() {
        return quarter;
    }

    void clear() {
        Arrays.fill(values, 0f);
    }

    /** Takes over positions that follow each other. */
    void take(float[] from, int at) {
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < Math.min(4, width); x++) {
                int first = at + (y * width + x) * depth;
                VectorChannels.copy(from, first, 4 * depth, values, at(y, x), depth, depth, (width - x + 3) / 4);
            }
        }
    }

    /** Gives the first {@code rows} to positions that follow each other. */
    void give(float[] to, int at, int rows) {
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < Math.min(4, width); x++) {
                int first = at + (y * width + x) * depth;
                VectorChannels.copy(values, at(y, x), depth, to, first, 4 * depth, depth, (width - x + 3) / 4);
            }
        }
    }
}
