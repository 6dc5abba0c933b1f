package dev.sotto.kernels;

/**
 * One example, channels innermost, with zeros around: {@code [y][half][column][channel]}, where each row is cut into its even
 * and its odd columns, so that tiles of two columns follow each other in each half.
 */
final class ChannelPlanes {
    private final int depth;
    private final int height;
    private final int width;
    private final int border;
    private final int half;
    private final float[] values;

    /**
     * Room for an example.
     *
     * @param depth floats a position takes: whole vectors
     * @param border zeros above and to the left
     * @param rows rows, zeros included
     * @param half columns in each half of a row, zeros included
     */
    ChannelPlanes(int depth, int height, int width, int border, int rows, int half) {
        this.depth = depth;
        this.height = height;
        this.width = width;
        this.border = border;
        this.half = half;
        values = new float[rows * 2 * half * depth];
    }

    float[] values() {
        return values;
    }

    /** Where a position is; the border has negative coordinates. */
    int at(int y, int x) {
        int column = border + x;
        return (((border + y) * 2 + column % 2) * half + column / 2) * depth;
    }

    /** From one row to the next. */
    int row() {
        return 2 * half * depth;
    }

    /** Takes over positions that follow each other. */
    void take(float[] from, int at) {
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < Math.min(2, width); x++) {
                int first = at + (y * width + x) * depth;
                VectorChannels.copy(from, first, 2 * depth, values, at(y, x), depth, depth, (width - x + 1) / 2);
            }
        }
    }

    /** Gives the first {@code rows} to positions that follow each other. */
    void give(float[] to, int at, int rows) {
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < Math.min(2, width); x++) {
                int first = at + (y * width + x) * depth;
                VectorChannels.copy(values, at(y, x), depth, to, first, 2 * depth, depth, (width - x + 1) / 2);
            }
        }
    }
}
