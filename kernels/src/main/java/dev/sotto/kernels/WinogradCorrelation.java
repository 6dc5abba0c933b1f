package dev.sotto.kernels;

/**
 * A correlation with 3x3 filters at stride 1 by F(2x2, 3x3): each 2x2 tile of outputs takes 16 products per pair of channels
 * instead of 36. Works through chunks of an example's tile rows that stay in the second-level cache. Not thread-safe.
 */
final class WinogradCorrelation {
    private final int inChannels;
    private final int outChannels;
    private final int outHeight;
    private final int outWidth;
    private final int ins;
    private final int outs;
    private final WinogradTiles tiles;
    private final float[] filters;
    private final float[] bias;
    private final float[] none;
    private final float[] transformed;
    private final float[] products;
    private final ChannelPlanes results;

    WinogradCorrelation(int inChannels, int outChannels, int outHeight, int outWidth) {
        this.inChannels = inChannels;
        this.outChannels = outChannels;
        this.outHeight = outHeight;
        this.outWidth = outWidth;
        ins = VectorProducts.padded(inChannels);
        outs = VectorProducts.padded(outChannels);
        tiles = WinogradTiles.of(outHeight, outWidth, ins + outs);
        filters = new float[16 * filterStep()];
        bias = new float[outs];
        none = new float[outs];
        transformed = new float[16 * tiles.plane(ins)];
        products = new float[16 * tiles.plane(outs)];
        results = new ChannelPlanes(outs, 2 * tiles.rows(), outWidth, 0, 2 * tiles.rows(), tiles.across());
    }

    /**
     * Takes over the filters.
     *
     * @param step from an output channel's filters to the next's
     * @param inStep from an input channel's filter to the next's
     * @param turned whether to turn filters by half a turn
     */
    void load(float[] parameters, int at, int step, int inStep, boolean turned) {
        for (int c = 0; c < inChannels; c++) {
            for (int o = 0; o < outChannels; o++) {
                WinogradFilter.transform(
                        parameters,
                        at + o * step + c * inStep,
                        turned,
                        filters,
                        VectorProducts.packed(c, o, inChannels),
                        filterStep());
            }
        }
    }

    /** From one of the sixteen values of all filters to the next; a vector apart for the reason given at the tiles. */
    private int filterStep() {
        return inChannels * outs + Lanes.COUNT;
    }

    /** Takes over a value for each output channel. */
    void loadBias(float[] parameters, int at) {
        System.arraycopy(parameters, at, bias, 0, outChannels);
    }

    /**
     * Correlates an example to positions that follow each other from {@code to} on.
     *
     * @param border zeros around the input that count
     */
    void run(ChannelPlanes in, int border, float[] out, int to) {
        for (int ty = 0; ty < tiles.down(); ty += tiles.rows()) {
            int rows = Math.min(tiles.rows(), tiles.down() - ty);
            for (int t = 0; t < rows; t++) {
                transform(in, in.at(2 * (ty + t) - border, -border), t);
            }
            multiply((rows * tiles.across() + 3) / 4 * 4);
            for (int t = 0; t < rows; t++) {
                collect(t, results.at(2 * t, 0));
            }
            results.give(out, to + 2 * ty * outWidth * outs, Math.min(2 * rows, outHeight - 2 * ty));
        }
    }

    private void transform(ChannelPlanes in, int at, int t) {
        int plane = tiles.plane(ins);
        int span = tiles.across() * ins;
        for (int line = 0; line < 4; line++) {
            VectorWinograd.input(
                    in.values(),
                    at,
                    line,
                    in.row(),
                    in.row() / 2,
                    ins,
                    transformed,
                    4 * line * plane + t * span,
                    plane,
                    span);
        }
    }

    /** The sum of all outputs' bias is that of value 5: its column of A' is all ones. */
    private void multiply(int rows) {
        for (int value = 0; value < 16; value++) {
            VectorProducts.multiply(
                    value == 5 ? bias : none,
                    transformed,
                    value * tiles.plane(ins),
                    ins,
                    rows,
                    filters,
                    value * filterStep(),
                    outs,
                    inChannels,
                    products,
                    value * tiles.plane(outs));
        }
    }

    private void collect(int t, int at) {
        int plane = tiles.plane(outs);
        int span = tiles.across() * outs;
        for (int line = 0; line < 2; line++) {
            VectorWinograd.output(
                    products,
                    t * span,
                    line,
                    plane,
                    results.values(),
                    at + line * results.row(),
                    results.row() / 2,
                    span);
        }
    }
}
