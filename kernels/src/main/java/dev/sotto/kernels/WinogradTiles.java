package dev.sotto.kernels;

/**
 * The 4x4 tiles of a plane, and how many rows of them are worked on together.
 *
 * @param down tiles in a column
 * @param across tiles in a row
 * @param rows tile rows that are worked on together
 */
record WinogradTiles(int down, int across, int rows) {
    /** Outputs a tile has in each direction. */
    static final int SIDE = 4;

    /** Inputs a tile has in each direction, and values it is transformed to. */
    static final int POINTS = 6;

    /** Values of a transformed tile. */
    static final int VALUES = POINTS * POINTS;

    private static final int CHUNK_FLOATS = 1 << 18;

    /**
     * Tiles of a plane.
     *
     * @param channels how many floats each of a tile's values takes while it is worked on
     */
    static WinogradTiles of(int height, int width, int channels) {
        int down = (height + SIDE - 1) / SIDE;
        int across = (width + SIDE - 1) / SIDE;
        int fitting = Math.max(1, CHUNK_FLOATS / (VALUES * across * channels));
        int parts = (down + fitting - 1) / fitting;
        return new WinogradTiles(down, across, (down + parts - 1) / parts);
    }

    /** Tiles that are worked on together, padded to whole register tiles. */
    int padded() {
        return padded(rows);
    }

    /** Tiles of so many rows, padded to whole register tiles. */
    int padded(int rows) {
        return (rows * across + 3) / 4 * 4;
    }

    /**
     * From one value of a tile to the next, where a tile takes {@code channels} floats: a vector more than needed, so that
     * they do not fall into the same few lines of the first-level cache.
     */
    int plane(int channels) {
        return padded() * channels + Lanes.COUNT;
    }
}
