package dev.sotto.kernels;

import static dev.sotto.kernels.WinogradTiles.POINTS;
import static dev.sotto.kernels.WinogradTiles.SIDE;

import java.util.Arrays;

/**
 * The maps of {@link VectorWinograd} on a row of tiles at a time: along columns to lines that stay in the first-level cache,
 * and from there along rows. Positions are {@code [y][x][channel]}. Not thread-safe.
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
        lines = new float[POINTS * POINTS * (across * depth + Lanes.COUNT)];
        none = new float[across * depth];
    }

    /** Inputs of a row of tiles from {@code at} on. */
    void input(float[] in, int at, int depth, float[] values, int to, int plane) {
        int row = (SIDE * across + 2) * depth;
        int line = row + Lanes.COUNT;
        VectorWinograd.input(in, at, row, lines, 0, line, 1, 0, row);
        for (int k = 0; k < POINTS; k++) {
            VectorWinograd.input(lines, k * line, depth, values, to + POINTS * k * plane, plane, across, depth, depth);
        }
    }

    /** Outputs of a row of tiles from {@code to} on. */
    void output(float[] products, int at, int plane, float[] bias, int depth, float[] out, int to) {
        int count = across * depth;
        int line = count + Lanes.COUNT;
        for (int k = 0; k < POINTS; k++) {
            VectorWinograd.output(
                    products, at + k * plane, POINTS * plane, none, lines, k * line, POINTS * line, 1, 0, count);
        }
        for (int k = 0; k < SIDE; k++) {
            int first = to + k * SIDE * count;
            VectorWinograd.output(lines, POINTS * k * line, line, bias, out, first, depth, across, depth, depth);
        }
    }

    /** Gradients of the outputs of a row of tiles from {@code at} on. */
    void upstream(float[] upstream, int at, int depth, float[] values, int to, int plane) {
        int row = SIDE * across * depth;
        int line = row + Lanes.COUNT;
        VectorWinograd.upstream(upstream, at, row, lines, 0, line, 1, 0, row);
        for (int k = 0; k < POINTS; k++) {
            VectorWinograd.upstream(
                    lines, k * line, depth, values, to + POINTS * k * plane, plane, across, depth, depth);
        }
    }

    /** Gradients of the inputs of a row of tiles from {@code to} on: added to the first two rows, which tiles above share. */
    void inputGradient(float[] products, int at, int plane, int depth, float[] in, int to) {
        int row = (SIDE * across + 2) * depth;
        int line = row + Lanes.COUNT;
        for (int k = 0; k < POINTS; k++) {
            Arrays.fill(lines, k * line, k * line + 2 * depth, 0f);
            VectorWinograd.inputGradient(
                    products, at + POINTS * k * plane, plane, lines, k * line, depth, across, depth, depth);
        }
        VectorWinograd.inputGradient(lines, 0, line, in, to, row, 1, 0, row);
    }
}
