package dev.sotto.kernels;

import static dev.sotto.kernels.WinogradTiles.SIDE;
import static dev.sotto.kernels.WinogradTiles.VALUES;

/**
 * The outputs of 3x3 filters at stride 1 by F(4x4, 3x3): each 4x4 tile of outputs takes 36 products per pair of channels
 * instead of 144. Works through chunks of an example's tile rows that stay in the second-level cache. Not thread-safe.
 */
final class WinogradOutputs {
    private final ConvolutionShape shape;
    private final int ins;
    private final int outs;
    private final WinogradTiles tiles;
    private final WinogradFilters filters;
    private final float[] bias;

    private final WinogradMaps maps;
    private final float[] transformed;
    private final float[] products;
    private final ChannelPlanes results;

    WinogradOutputs(ConvolutionShape shape) {
        this.shape = shape;
        ins = VectorProducts.padded(shape.inChannels());
        outs = VectorProducts.padded(shape.outChannels());
        tiles = WinogradTiles.of(shape.outHeight(), shape.outWidth(), ins + outs);
        filters = new WinogradFilters(shape.inChannels(), shape.outChannels());
        bias = new float[outs];
        maps = new WinogradMaps(tiles.across(), Math.max(ins, outs));
        transformed = new float[VALUES * tiles.plane(ins)];
        products = new float[VALUES * tiles.plane(outs)];
        results = new ChannelPlanes(
                outs, shape.outHeight(), shape.outWidth(), 0, SIDE * tiles.down(), SIDE * tiles.across());
    }

    void load(float[] parameters, int weight, int bias) {
        filters.load(parameters, weight, 9, shape.taps());
        System.arraycopy(parameters, bias, this.bias, 0, shape.outChannels());
    }

    /**
     * Writes an example's outputs to positions that follow each other from {@code to} on.
     *
     * @param in positions from {@code at} on, with what is around them
     */
    void run(float[] in, int at, int row, float[] out, int to) {
        for (int ty = 0; ty < tiles.down(); ty += tiles.rows()) {
            int rows = Math.min(tiles.rows(), tiles.down() - ty);
            for (int t = 0; t < rows; t++) {
                int from = at + SIDE * (ty + t) * row;
                maps.input(in, from, ins, transformed, t * tiles.across() * ins, tiles.plane(ins));
            }
            filters.multiply(transformed, tiles.plane(ins), ins, tiles.padded(rows), products, tiles.plane(outs));
            for (int t = 0; t < rows; t++) {
                maps.output(
                        products,
                        t * tiles.across() * outs,
                        tiles.plane(outs),
                        bias,
                        outs,
                        results.values(out),
                        results.at(to) + SIDE * (ty + t) * results.row());
            }
        }
        results.give(out, to);
    }
}
