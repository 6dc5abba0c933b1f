package dev.sotto.kernels;

/**
 * Examples one after the other, channels innermost, with zeros around: {@code [example][y][half][column][channel]}, where
 * each row is cut into its even and its odd columns, so that tiles of two columns follow each other in each half. Channels
 * are padded to pairs of vectors; what the padding holds has no meaning.
 */
final class ChannelPlanes {
    private final int channels;
    private final int height;
    private final int width;
    private final int border;
    private final int half;
    private final int depth;
    private final int example;
    private final float[] values;
    private final float[] room = new float[VectorTransposition.ROOM];

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
        this.half = half;
        depth = VectorProducts.padded(channels);
        example = rows * 2 * half * depth;
        values = new float[Lanes.COUNT * example];
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
        for (int c = 0; c < channels; c += Lanes.COUNT) {
            int rows = Math.min(Lanes.COUNT, channels - c);
            for (int i = 0; i < height * width; i++) {
                int from = c * plane + i * Lanes.COUNT;
                int to = at(0, i / width, i % width) + c;
                VectorTransposition.copy(planes, from, plane, rows, values, to, example, examples, room);
            }
        }
    }

    /**
     * Gives each of the first {@code examples} to its lane of lane-major planes.
     *
     * @param target positions of one of those planes
     * @param first position where to start there
     * @param count positions
     */
    void give(int examples, float[] planes, int target, int first, int count) {
        int plane = target * Lanes.COUNT;
        for (int c = 0; c < channels; c += Lanes.COUNT) {
            int rows = Math.min(Lanes.COUNT, channels - c);
            for (int i = 0; i < count; i++) {
                int from = at(0, i / width, i % width) + c;
                int to = c * plane + (first + i) * Lanes.COUNT;
                VectorTransposition.copy(values, from, example, examples, planes, to, plane, rows, room);
            }
        }
    }
}
