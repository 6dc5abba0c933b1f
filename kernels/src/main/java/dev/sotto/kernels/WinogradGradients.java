package dev.sotto.kernels;

import java.util.Arrays;

/**
 * Per-example gradients of 3x3 filters at stride 1, by the transpose of F(2x2, 3x3): products of transformed inputs and
 * transformed upstream gradients are summed over an example's tiles and transformed back once. Not thread-safe.
 */
final class WinogradGradients {
    private final ConvolutionShape shape;
    private final int ins;
    private final int outs;
    private final WinogradTiles tiles;
    private final float[] transformedInputs;
    private final float[] transformedUpstreams;
    private final float[] sums;

    WinogradGradients(ConvolutionShape shape) {
        this.shape = shape;
        ins = VectorProducts.padded(shape.inChannels());
        outs = VectorProducts.padded(shape.outChannels());
        tiles = WinogradTiles.of(shape.outHeight(), shape.outWidth(), ins + outs);
        transformedInputs = new float[16 * tiles.plane(ins)];
        transformedUpstreams = new float[16 * tiles.plane(outs)];
        sums = new float[16 * outs * ins];
    }

    /** Writes an example's gradients from {@code to} on: {@code [tap][output][input]}. */
    void run(ChannelPlanes in, ChannelPlanes upstream, float[] gradients, int to) {
        Arrays.fill(sums, 0f);
        for (int ty = 0; ty < tiles.down(); ty += tiles.rows()) {
            int rows = Math.min(tiles.rows(), tiles.down() - ty);
            for (int t = 0; t < rows; t++) {
                transform(in, in.at(2 * (ty + t) - shape.padding(), -shape.padding()), t);
                transformUpstream(upstream, 2 * (ty + t), t);
            }
            multiply(rows * tiles.across());
        }
        for (int line = 0; line < 3; line++) {
            VectorWinograd.filter(sums, line, outs * ins, gradients, to);
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
                    transformedInputs,
                    4 * line * plane + t * span,
                    plane,
                    span);
        }
    }

    private void transformUpstream(ChannelPlanes upstream, int y, int t) {
        int plane = tiles.plane(outs);
        int span = tiles.across() * outs;
        int at = upstream.at(y, 0);
        for (int line = 0; line < 4; line++) {
            VectorWinograd.upstream(
                    upstream.values(),
                    at,
                    line,
                    upstream.row(),
                    upstream.at(y, 1) - at,
                    transformedUpstreams,
                    4 * line * plane + t * span,
                    plane,
                    span);
        }
    }

    private void multiply(int count) {
        for (int value = 0; value < 16; value++) {
            VectorOuterProducts.add(
                    transformedUpstreams,
                    value * tiles.plane(outs),
                    outs,
                    outs,
                    transformedInputs,
                    value * tiles.plane(ins),
                    ins,
                    count,
                    sums,
                    value * outs * ins);
        }
    }
}
