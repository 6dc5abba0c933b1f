package dev.sotto.kernels;

import static dev.sotto.kernels.WinogradTiles.POINTS;
import static dev.sotto.kernels.WinogradTiles.SIDE;

import java.util.Arrays;

/**
 * The maps of {@link VectorWinograd} on a row of tiles at a time: along columns to lines that stay in the first-level cache,
 * and from there along rows. Not thread-safe.
 */
final class WinogradMaps {
    private final int across;
    private final float[] lines;
    private final float[] none;

    /**
     * Room to work in.
     *
     * @param across tiles in a row
     * @param depth the most floats that a position takes
     */
    WinogradMaps(int across, int depth) {
        this.across = across;
        int span = Math.max(SIDE * ((across + 1) * depth + Lanes.COUNT), POINTS * (across * depth + Lanes.COUNT));
        lines = new float[POINTS * span];
        none = new float[across * depth];
    }

    /** Inputs from row {@code y} of the planes on, border included. */
    void input(ChannelPlanes in, int y, float[] values, int to, int plane) {
        int row = in.row();
        VectorWinograd.input(in.values(), y * row, row, SIDE * row, lines, 0, row, row);
        for (int k = 0; k < POINTS; k++) {
            VectorWinograd.input(
                    lines,
                    k * row,
                    in.quarter(),
                    in.depth(),
                    values,
                    to + POINTS * k * plane,
                    plane,
                    across * in.depth());
        }
    }

    /** Outputs from row {@code y} on. */
    void output(float[] products, int at, int plane, float[] bias, ChannelPlanes out, int y) {
        int count = across * out.depth();
        int span = count + Lanes.COUNT;
        for (int k = 0; k < POINTS; k++) {
            VectorWinograd.output(
                    products, at + k * plane, POINTS * plane, none, lines, k * span, POINTS * span, count);
        }
        for (int k = 0; k < SIDE; k++) {
            int to = (y + k) * out.row();
            VectorWinograd.output(lines, POINTS * k * span, span, bias, out.values(), to, out.quarter(), count);
        }
    }

    /** Gradients of outputs from row {@code y} on. */
    void upstream(ChannelPlanes upstream, int y, float[] values, int to, int plane) {
        int row = upstream.row();
        VectorWinograd.upstream(upstream.values(), y * row, row, lines, 0, row, row);
        for (int k = 0; k < POINTS; k++) {
            VectorWinograd.upstream(
                    lines,
                    k * row,
                    upstream.quarter(),
                    values,
                    to + POINTS * k * plane,
                    plane,
                    across * upstream.depth());
        }
    }

    /** Adds to gradients of inputs from row {@code y} on, border included. */
    void inputGradient(float[] products, int at, int plane, ChannelPlanes in, int y) {
        int row = in.row();
        Arrays.fill(lines, 0, POINTS * row, 0f);
        for (int k = 0; k < POINTS; k++) {
            int from = at + POINTS * k * plane;
            VectorWinograd.inputGradient(
                    products, from, plane, lines, k * row, in.quarter(), in.depth(), across * in.depth());
        }
        VectorWinograd.inputGradient(lines, 0, row, in.values(), y * row, row, SIDE * row, row);
    }
}
