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
    /** Gradients that are transformed back together: few enough for the first-level cache. */
    private static final int BLOCK = 16 * Lanes.COUNT;

    private static final int LINE = BLOCK + Lanes.COUNT;

    private final ConvolutionShape shape;
    private final int ins;
    private final int outs;
    private final WinogradTiles tiles;
    /** Of inputs; then, in the same place, the products that their gradients are made of. */
    private final float[] transformedInputs;

    private final float[] transformedUpstreams;
    private final float[] sums;
    private final float[] lines;
    private final WinogradMaps maps;
    private final WinogradFilters filters;
    private final float[] none;

    WinogradGradients(ConvolutionShape shape) {
        this.shape = shape;
        ins = VectorProducts.padded(shape.inChannels());
        outs = VectorProducts.padded(shape.outChannels());
        tiles = WinogradTiles.of(shape.outHeight(), shape.outWidth(), ins + outs);
        transformedInputs = new float[VALUES * tiles.plane(ins)];
        transformedUpstreams = new float[VALUES * tiles.plane(outs)];
        sums = new float[VALUES * plane()];
        lines = new float[3 * POINTS * LINE];
        maps = new WinogradMaps(tiles.across(), Math.max(ins, outs));
        none = new float[ins];
        filters = new WinogradFilters(shape.outChannels(), shape.inChannels());
    }

    /** From one value's sums to the next's; a vector apart for the reason given at the tiles. */
    private int plane() {
        return outs * ins + Lanes.COUNT;
    }

    /** Takes over the filters, which only the inputs' gradients need. */
    void load(float[] parameters, int weight) {
        filters.load(parameters, weight, shape.taps(), 9);
    }

    /**
     * Writes an example's gradients from {@code to} on: {@code [tap][output][input]}. Its inputs and upstream gradients are
     * at the indices after them, with what is around them.
     *
     * @param din where the input's gradients are written; null where nobody needs them
     */
    void run(
            float[] in,
            int inAt,
            int inRow,
            float[] upstream,
            int upstreamAt,
            int upstreamRow,
            float[] gradients,
            int to,
            float[] din,
            int dinAt) {
        if (din != null) {
            Arrays.fill(din, dinAt, dinAt + 2 * inRow, 0f);
        }
        for (int ty = 0; ty < tiles.down(); ty += tiles.rows()) {
            int rows = Math.min(tiles.rows(), tiles.down() - ty);
            for (int t = 0; t < rows; t++) {
                int y = SIDE * (ty + t);
                int first = t * tiles.across();
                maps.input(in, inAt + y * inRow, ins, transformedInputs, first * ins, tiles.plane(ins));
                maps.upstream(
                        upstream,
                        upstreamAt + y * upstreamRow,
                        outs,
                        transformedUpstreams,
                        first * outs,
                        tiles.plane(outs));
            }
            multiply(rows * tiles.across(), ty > 0);
            if (din != null) {
                filters.multiply(
                        transformedUpstreams,
                        tiles.plane(outs),
                        outs,
                        tiles.padded(rows),
                        transformedInputs,
                        tiles.plane(ins));
                for (int t = 0; t < rows; t++) {
                    int first = t * tiles.across() * ins;
                    maps.inputGradient(
                            transformedInputs, first, tiles.plane(ins), ins, din, dinAt + SIDE * (ty + t) * inRow);
                }
            }
        }
        transformBack(gradients, to);
    }

    private void multiply(int count, boolean adds) {
        for (int value = 0; value < VALUES; value++) {
            int up = value * tiles.plane(outs);
            int in = value * tiles.plane(ins);
            int to = value * plane();
            if (adds) {
                VectorOuterProducts.add(
                        transformedUpstreams, up, outs, outs, transformedInputs, in, ins, ins, count, sums, to);
            } else {
                VectorOuterProducts.multiply(
                        none, transformedUpstreams, up, outs, outs, transformedInputs, in, ins, ins, count, sums, to);
            }
        }
    }

    private void transformBack(float[] gradients, int to) {
        int plane = plane();
        int taps = outs * ins;
        for (int i = 0; i < taps; i += BLOCK) {
            for (int k = 0; k < POINTS; k++) {
                int from = k * plane + i;
                VectorWinograd.filterGradient(sums, from, POINTS * plane, lines, k * LINE, POINTS * LINE, BLOCK);
            }
            for (int k = 0; k < 3; k++) {
                int tap = to + 3 * k * taps + i;
                VectorWinograd.filterGradient(lines, POINTS * k * LINE, LINE, gradients, tap, taps, BLOCK);
            }
        }
    }
}
