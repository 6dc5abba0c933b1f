package dev.sotto.kernels;

/**
 * The weight gradients of a correlation as tables of offsets: every row's gradient at every tap sums over the same
 * positions. Immutable.
 */
public final class TapGradients {
    final int rows;
    final int tileRows;
    final int tileTaps;
    final int rowStride;
    /** Offsets of the taps into the input, relative to a position. */
    final int[] taps;
    /** Pairs (offset into the input, offset into the upstream gradient of row 0). */
    final int[] positions;

    TapGradients(Kernels kernels, int rows, int rowStride, int[] taps, int[] positions) {
        this.rows = rows;
        this.rowStride = rowStride;
        this.taps = taps;
        this.positions = positions;
        tileRows = kernels.tileRows(rows);
        tileTaps = kernels.tileColumns(tileRows);
    }

    /** Positions that are worked on together, so that a tile's upstream gradients stay in the first-level cache. */
    int chunk(int lanes) {
        int floats = 6144;
        return Math.max(32, floats / (tileRows * lanes));
    }
}
