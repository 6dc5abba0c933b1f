package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;

/** What a stack begins with where that is not channels side by side: one example after the other, {@code [channel][y][x]}. */
final class ChannelInputs {
    private final int channels;
    private final int positions;
    final float[] values;
    private final float[] room = new float[VectorTransposition.ROOM];

    /** Room for as many examples as there are lanes, and a vector after each. */
    ChannelInputs(int channels, int positions) {
        this.channels = channels;
        this.positions = positions;
        values = new float[at(COUNT)];
    }

    /** Where an example's values are. */
    int at(int example) {
        return example * (channels * positions + COUNT);
    }

    /** Takes over the first {@code examples} lanes of lane-major planes. */
    void take(float[] planes, int examples) {
        for (int c = 0; c < channels; c++) {
            for (int i = 0; i < positions; i += COUNT) {
                int first = c * positions + i;
                int rows = Math.min(COUNT, positions - i);
                VectorTransposition.copy(planes, first * COUNT, COUNT, rows, values, first, at(1), examples, room);
            }
        }
    }
}
