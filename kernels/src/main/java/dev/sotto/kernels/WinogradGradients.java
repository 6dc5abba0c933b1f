package dev.sotto.kernels;

import static dev.sotto.kernels.WinogradTiles.POINTS;
import static dev.sotto.kernels.WinogradTiles.SIDE;
import static dev.sotto.kernels.WinogradTiles.VALUES;

import java.util.Arrays;

/**
 * Per-example gradients of 3x3 filters at stride 1 and of their inputs, by the transposes of F(4x4, 3x3). Products of
 * transformed inputs and transformed upstream gradients are summed over an example's tiles and transformed back once;
 * products of transformed upstream gradients and filters are transformed back to tiles that overlap. Not thread-safe.
 */
final class WinogradGradients {
    private final ConvolutionShape shape;
    private final int ins;
    private final int outs;
    private final WinogradTiles tiles;
    private final float[] transformedInputs;
    private final float[] transformedUpstreams;
    private final float[] sums;
    private final float[] lines;
    private final WinogradMaps maps;
    private final WinogradFilters filters;
    private final float[] products;

    WinogradGradients(ConvolutionShape shape) {
        this.shape = shape;
        ins = VectorProducts.padded(shape.inChannels());
        outs = VectorProducts.padded(shape.outChannels());
        tiles = WinogradTiles.of(shape.outHeight(), shape.outWidth(), 2 * ins + outs);
        transformedInputs = new float[VALUES * tiles.plane(ins)];
        transformedUpstreams = new float[VALUES * tiles.plane(outs)];
        sums = new float[VALUES * outs * ins];
        lines = new float[3 * POINTS * outs * ins];
        maps = new WinogradMaps(tiles.across(), Math.max(ins, outs));
        filters = new WinogradFilters(shape.outChannels(), shape.inChannels());
        products = new float[VALUES * tiles.plane(ins)];
    }

    /** Takes over the filters, which only the inputs' gradients need. */
    void load(float[] parameters, int weight) {
        filters.load(parameters, weight, shape.taps(), 9);
    }

    /**
     * Writes an example's gradients from {@code to} on: {@code [tap][output][input]}.
     *
     * @param din where the input's gradients are added; null where nobody needs them
     */
    void run(ChannelPlanes in, ChannelPlanes upstream, float[] gradients, int to, ChannelPlanes din) {
        Arrays.fill(sums, 0f);
        for (int ty = 0; ty < tiles.down(); ty += tiles.rows()) {
            int rows = Math.min(tiles.rows(), tiles.down() - ty);
            for (int t = 0; t < rows; t++) {
                int y = SIDE * (ty + t);
                int first = t * tiles.across();
                maps.input(in, y, transformedInputs, first * ins, tiles.plane(ins));
                maps.upstream(upstream, y, transformedUpstreams, first * outs, tiles.plane(outs));
            }
            multiply(rows * tiles.across());
            if (din != null) {
                filters.multiply(
                        transformedUpstreams, tiles.plane(outs), outs, tiles.padded(rows), products, tiles.plane(ins));
                for (int t = 0; t < rows; t++) {
                    int first = t * tiles.across();
                    maps.inputGradient(products, first * ins, tiles.plane(ins), din, SIDE * (ty + t));
                }
            }
        }
        transformBack(gradients, to);
    }

    private void multiply(int count) {
        for (int value = 0; value < VALUES; value++) {
            VectorOuterProducts.add(
                    transformedUpstreams,
                    value * tiles.plane(outs),
                    outs,
                    outs,
                    transformedInputs,
                    value * tiles.plane(ins),
                    ins,
                    ins,
                    count,
                    sums,
                    value * outs * ins);
        }
    }

    private void transformBack(float[] gradients, int to) {
        int plane = outs * ins;
        for (int k = 0; k < POINTS; k++) {
            VectorWinograd.filterGradient(sums, k * plane, POINTS * plane, lines, k * plane, POINTS * plane, plane);
        }
        for (int k = 0; k < 3; k++) {
            VectorWinograd.filterGradient(
                    lines, POINTS * k * plane, plane, gradients, to + 3 * k * plane, plane, plane);
        }
    }
}
