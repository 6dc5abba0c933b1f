package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;

/**
 * What flows between two layers of a stack: one example after the other, {@code [y][x][channel]}. Channels may be padded; the
 * padding holds zeros, or what a value that is not finite made of them. Gradients are those of one example at a time, except
 * where they come from lanes or go there.
 */
final class ChannelSlot {
    final int channels;
    final int height;
    final int width;
    /** Floats a position takes. */
    final int depth;

    final float[] values;
    final float[] gradients;
    private final boolean allGradients;
    private final float[] room = new float[VectorTransposition.ROOM];

    /** Room for as many examples as there are lanes; a position may be written a register tile of rows too far. */
    ChannelSlot(int channels, int height, int width, int depth, boolean allGradients) {
        this.channels = channels;
        this.height = height;
        this.width = width;
        this.depth = depth;
        this.allGradients = allGradients;
        values = new float[COUNT * size() + slack()];
        gradients = new float[(allGradients ? COUNT : 1) * size() + slack()];
    }

    private int slack() {
        return 4 * depth + COUNT;
    }

    int positions() {
        return height * width;
    }

    /** Floats an example takes. */
    int size() {
        return positions() * depth;
    }

    /** Where an example's values are. */
    int at(int example) {
        return example * size();
    }

    /** Where an example's gradients are. */
    int gradientsAt(int example) {
        return allGradients ? at(example) : 0;
    }

    /** Takes over the first {@code examples} lanes of lane-major planes, to {@link #values} or {@link #gradients}. */
    void take(float[] planes, int examples, float[] to) {
        int plane = positions() * COUNT;
        int whole = channels - channels % COUNT;
        for (int c = 0; c < whole; c += COUNT) {
            for (int i = 0; i < positions(); i++) {
                VectorTransposition.copy(
                        planes, c * plane + i * COUNT, plane, COUNT, to, i * depth + c, size(), examples, room);
            }
        }
        for (int n = 0; n < examples; n++) {
            for (int c = whole; c < channels; c++) {
                for (int i = 0; i < positions(); i++) {
                    to[at(n) + i * depth + c] = planes[c * plane + i * COUNT + n];
                }
            }
        }
    }

    /** Gives each of the first {@code examples} to its lane of lane-major planes. */
    void give(float[] from, int examples, float[] planes) {
        int plane = positions() * COUNT;
        for (int c = 0; c < channels; c += COUNT) {
            int rows = Math.min(COUNT, channels - c);
            for (int i = 0; i < positions(); i++) {
                VectorTransposition.copy(
                        from, i * depth + c, size(), examples, planes, c * plane + i * COUNT, plane, rows, room);
            }
        }
    }

    /** Takes over an example from planes that follow each other, as an example's gradients. */
    void takeExample(float[] planes, int planesAt, int example) {
        int to = gradientsAt(example);
        int whole = positions() < COUNT ? 0 : channels - channels % COUNT;
        for (int c = 0; c < whole; c += COUNT) {
            for (int first = 0; first < positions(); first += COUNT) {
                int i = Math.min(first, positions() - COUNT);
                int from = planesAt + c * positions() + i;
                VectorTransposition.copy(
                        planes, from, positions(), COUNT, gradients, to + i * depth + c, depth, COUNT, room);
            }
        }
        for (int c = whole; c < channels; c++) {
            for (int i = 0; i < positions(); i++) {
                gradients[to + i * depth + c] = planes[planesAt + c * positions() + i];
            }
        }
    }

    /** Gives an example's values to planes that follow each other. */
    void giveExample(int example, float[] planes, int planesAt) {
        int from = at(example);
        for (int c = 0; c < channels && positions() >= COUNT; c += COUNT) {
            int rows = Math.min(COUNT, channels - c);
            for (int first = 0; first < positions(); first += COUNT) {
                int i = Math.min(first, positions() - COUNT);
                int to = planesAt + c * positions() + i;
                VectorTransposition.copy(
                        values, from + i * depth + c, depth, COUNT, planes, to, positions(), rows, room);
            }
        }
        for (int c = 0; c < channels && positions() < COUNT; c++) {
            for (int i = 0; i < positions(); i++) {
                planes[planesAt + c * positions() + i] = values[from + i * depth + c];
            }
        }
    }
}
