package dev.sotto.kernels;

/**
 * The weight gradients of a correlation as tables of offsets: every row's gradient at every tap sums over the same
 * positions. The upstream gradient is lane-major, {@code rows x positions}. Immutable.
 */
public final class TapGradients {
    private static final int CHUNK_FLOATS = 6144;

    final int rows;
    final int tileRows;
    final int tileTaps;
    /** Offsets of the taps into the input, relative to a position. */
    final int[] taps;
    /** Offsets of the positions into the input. */
    final int[] positions;

    TapGradients(Kernels kernels, int rows, int[] taps, int[] positions) {
        this.rows = rows;
        this.taps = taps;
        this.positions = positions;
        tileRows = kernels.gradientRows(rows);
        tileTaps = kernels.gradientTaps(tileRows);
    }

    /** Positions that are worked on together, so that a tile's upstream gradients stay in the first-level cache. */
    int chunk(int lanes) {
        return Math.max(32, CHUNK_FLOATS / (tileRows * lanes));
    }
}
