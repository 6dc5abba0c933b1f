package dev.sotto.kernels;

import static dev.sotto.kernels.VectorWinograd.FAR;
import static dev.sotto.kernels.VectorWinograd.NEAR;
import static dev.sotto.kernels.WinogradTiles.VALUES;

/** The transforms of a layer's 3x3 filters, GgG': for each of a tile's values the matrix that its channels are multiplied with. */
final class WinogradFilters {
    private final int rows;
    private final int columns;
    private final int padded;
    private final float[] values;
    private final float[] none;

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
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                transform(parameters, at + r * rowStep + c * columnStep, VectorProducts.packed(r, c, rows));
            }
        }
    }

    private void transform(float[] g, int at, int to) {
        float a0 = g[at], a1 = g[at + 1], a2 = g[at + 2];
        float b0 = g[at + 3], b1 = g[at + 4], b2 = g[at + 5];
        float c0 = g[at + 6], c1 = g[at + 7], c2 = g[at + 8];
        int step = 6 * step();
        line(a0, a1, a2, to);
        line(near(a0, b0, c0), near(a1, b1, c1), near(a2, b2, c2), to + step);
        line(near(a0, -b0, c0), near(a1, -b1, c1), near(a2, -b2, c2), to + 2 * step);
        line(far(a0, b0, c0), far(a1, b1, c1), far(a2, b2, c2), to + 3 * step);
        line(far(a0, -b0, c0), far(a1, -b1, c1), far(a2, -b2, c2), to + 4 * step);
        line(c0, c1, c2, to + 5 * step);
    }

    private void line(float x0, float x1, float x2, int to) {
        int step = step();
        values[to] = x0;
        values[to + step] = near(x0, x1, x2);
        values[to + 2 * step] = near(x0, -x1, x2);
        values[to + 3 * step] = far(x0, x1, x2);
        values[to + 4 * step] = far(x0, -x1, x2);
        values[to + 5 * step] = x2;
    }

    private static float near(float x0, float x1, float x2) {
        return -2f / 3 * (x0 + 0.5f * x2 + NEAR * x1);
    }

    private static float far(float x0, float x1, float x2) {
        return 1f / 6 * (x0 + 2 * x2 + FAR * x1);
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
