package dev.sotto.kernels;

/**
 * Examples one after the other, channels innermost, with zeros around: {@code [example][y][half][column][channel]}, where
 * each row is cut into its even and its odd columns, so that tiles of two columns follow each other in each half. Channels
 * are padded to whole vectors; what the padding holds has no meaning.
 */
final class ChannelPlanes {
    private final int channels;
    private final int height;
    private final int width;
    private final int border;
    private final int rows;
    private final int half;
    private final int depth;
    private final int example;
    private final int[] examples;
    private final int[] someChannels;
    private final int[] lastChannels;
    private final float[] values;

    /**
     * Room for as many examples as there are lanes.
     *
     * @param border zeros above and to the left
     * @param rows rows of an example, zeros included
     * @param half columns in each half of a row, zeros included
     */
    ChannelPlanes(int channels, int height, int width, int border, int rows, int half) {
        this.channels = channels;
        this.height = height;
        this.width = width;
        this.border = border;
        this.rows = rows;
        this.half = half;
        depth = padded(channels);
        example = rows * 2 * half * depth;
        examples = VectorGather.lanes(example, Lanes.COUNT);
        someChannels = VectorGather.lanes(height * width * Lanes.COUNT, Lanes.COUNT);
        lastChannels = VectorGather.lanes(height * width * Lanes.COUNT, (channels - 1) % Lanes.COUNT + 1);
        values = new float[Lanes.COUNT * example];
    }

    /** A number of channels, padded to whole vectors. */
    static int padded(int channels) {
        return (channels + Lanes.COUNT - 1) / Lanes.COUNT * Lanes.COUNT;
    }

    float[] values() {
        return values;
    }

    /** Floats a position takes. */
    int depth() {
        return depth;
    }

    /** Where a position is; the border has negative coordinates. */
    int at(int example, int y, int x) {
        int column = border + x;
        return example * this.example + (((border + y) * 2 + column % 2) * half + column / 2) * depth;
    }

    /** From one row to the next. */
    int row() {
        return 2 * half * depth;
    }

    /** Takes over the first {@code examples} lanes of lane-major planes. */
    void take(float[] planes, int examples) {
        int plane = height * width * Lanes.COUNT;
        for (int first = 0; first < channels; first += Lanes.COUNT) {
            int[] lanes = channels - first < Lanes.COUNT ? lastChannels : someChannels;
            for (int i = 0; i < height * width; i++) {
                int from = first * plane + i * Lanes.COUNT;
                VectorGather.copy(planes, from, lanes, values, at(0, i / width, i % width) + first, example, examples);
            }
        }
    }

    /**
     * Gives each example to its lane of lane-major planes.
     *
     * @param target positions of one of those planes
     * @param first position where to start there
     * @param count positions
     */
    void give(float[] planes, int target, int first, int count) {
        int step = target * Lanes.COUNT;
        for (int c = 0; c < channels; c += Lanes.COUNT) {
            int vectors = Math.min(Lanes.COUNT, channels - c);
            for (int i = 0; i < count; i++) {
                int to = (c * target + first + i) * Lanes.COUNT;
                VectorGather.copy(values, at(0, i / width, i % width) + c, examples, planes, to, step, vectors);
            }
        }
    }
}
