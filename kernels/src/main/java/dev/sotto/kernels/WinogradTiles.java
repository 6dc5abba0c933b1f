package dev.sotto.kernels;

/**
 * The 2x2 tiles of a plane, and how many rows of them are worked on together.
 *
 * @param down tiles in a column
 * @param across tiles in a row
 * @param rows tile rows that are worked on together
 */
record WinogradTiles(int down, int across, int rows) {
    private static final int CHUNK_FLOATS = 1 << 17;

    /**
     * Tiles of a plane.
     *
     * @param channels how many floats each of a tile's sixteen values takes while it is worked on
     */
    static WinogradTiles of(int height, int width, int channels) {
        int down = (height + 1) / 2;
        int across = (width + 1) / 2;
        int fitting = Math.max(1, CHUNK_FLOATS / (16 * across * channels));
        int parts = (down + fitting - 1) / fitting;
        return new WinogradTiles(down, across, (down + parts - 1) / parts);
    }

    /** Tiles that are worked on together, padded to whole register tiles. */
    int padded() {
        return (rows * across + 3) / 4 * 4;
    }

    /**
     * From one of the sixteen values to the next, where a tile takes {@code channels} floats: a vector more than needed, so
     * that the sixteen do not fall into the same few lines of the first-level cache.
     */
    int plane(int channels) {
        return padded() * channels + Lanes.COUNT;
    }
}
