package dev.sotto.kernels;

import static dev.sotto.kernels.VectorProducts.PANEL;
import static dev.sotto.kernels.WinogradTiles.POINTS;
import static dev.sotto.kernels.WinogradTiles.VALUES;

/** The transforms of a layer's 3x3 filters, GgG': for each of a tile's values the matrix that its channels are multiplied with. */
final class WinogradFilters {
    /** Rows of a panel that are transformed together. */
    private static final int BLOCK = 16;

    private static final int PLANE = BLOCK * PANEL + Lanes.COUNT;

    private final int rows;
    private final int columns;
    private final int padded;
    private final float[] values;
    private final float[] none;
    private final float[] weights = new float[9 * PLANE];
    private final float[] lines = new float[3 * POINTS * PLANE];

    /**
     * Room for filters.
     *
     * @param rows channels that are summed over
     * @param columns channels that result
     */
    WinogradFilters(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        padded = VectorProducts.padded(columns);
        values = new float[VALUES * step()];
        none = new float[padded];
    }

    /** From one value of all filters to the next; a vector apart for the reason given at the tiles. */
    private int step() {
        return rows * padded + Lanes.COUNT;
    }

    /**
     * Takes over the filters.
     *
     * @param rowStep from one row channel's filters to the next's
     * @param columnStep from one column channel's filters to the next's
     */
    void load(float[] parameters, int at, int rowStep, int columnStep) {
        for (int c = 0; c < columns; c += PANEL) {
            for (int r = 0; r < rows; r += BLOCK) {
                int count = Math.min(BLOCK, rows - r);
                gather(parameters, at + r * rowStep + c * columnStep, rowStep, columnStep, count, columns - c);
                transform(VectorProducts.packed(r, c, rows), count * PANEL);
            }
        }
    }

    /** The weights of a block of filters, as planes of one weight each. */
    private void gather(float[] parameters, int at, int rowStep, int columnStep, int count, int present) {
        for (int r = 0; r < count; r++) {
            for (int c = 0; c < Math.min(PANEL, present); c++) {
                int from = at + r * rowStep + c * columnStep;
                for (int tap = 0; tap < 9; tap++) {
                    weights[tap * PLANE + r * PANEL + c] = parameters[from + tap];
                }
            }
        }
    }

    private void transform(int to, int count) {
        for (int k = 0; k < 3; k++) {
            VectorWinograd.filter(weights, k * PLANE, 3 * PLANE, lines, k * PLANE, 3 * PLANE, count);
        }
        for (int k = 0; k < POINTS; k++) {
            int line = to + k * POINTS * step();
            VectorWinograd.filter(lines, 3 * k * PLANE, PLANE, values, line, step(), count);
        }
    }

    /**
     * Multiplies transformed tiles, a value at a time.
     *
     * @param depth floats a tile takes in {@code a}
     * @param tiles a multiple of 4
     */
    void multiply(float[] a, int plane, int depth, int tiles, float[] products, int productPlane) {
        for (int value = 0; value < VALUES; value++) {
            VectorProducts.multiply(
                    none,
                    a,
                    value * plane,
                    depth,
                    tiles,
                    values,
                    value * step(),
                    padded,
                    rows,
                    products,
                    value * productPlane);
        }
    }
}
