package dev.sotto.kernels;

/**
 * An example's positions as whole tiles need them, {@code [y][x][channel]}: with zeros around, where the tiles go beyond its
 * planes; else where they are.
 */
final class ChannelPlanes {
    private final int depth;
    private final int height;
    private final int width;
    private final int border;
    private final int columns;
    /** Null where the planes are whole tiles. */
    private final float[] bordered;

    /**
     * Room for an example where it needs any.
     *
     * @param depth floats a position takes: whole vectors
     * @param border zeros above and to the left
     * @param rows rows, zeros included
     * @param columns columns, zeros included
     */
    ChannelPlanes(int depth, int height, int width, int border, int rows, int columns) {
        this.depth = depth;
        this.height = height;
        this.width = width;
        this.border = border;
        this.columns = columns;
        bordered = rows == height && columns == width ? null : new float[rows * columns * depth];
    }

    /** From one row to the next. */
    int row() {
        return columns * depth;
    }

    /** Where the positions are of an example that is in {@code values}. */
    float[] values(float[] values) {
        return bordered == null ? values : bordered;
    }

    /** Where they begin there, if it begins at {@code at}. */
    int at(int at) {
        return bordered == null ? at : 0;
    }

    private int inner(int y) {
        return ((border + y) * columns + border) * depth;
    }

    /** Takes over an example. */
    void take(float[] from, int at) {
        for (int y = 0; bordered != null && y < height; y++) {
            System.arraycopy(from, at + y * width * depth, bordered, inner(y), width * depth);
        }
    }

    /** Gives an example. */
    void give(float[] to, int at) {
        for (int y = 0; bordered != null && y < height; y++) {
            System.arraycopy(bordered, inner(y), to, at + y * width * depth, width * depth);
        }
    }
}
