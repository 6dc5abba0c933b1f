package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Vectors of values that lie apart. */
final class VectorGather {
    /** Processors with vectors this short have no such instruction, and its emulation allocates. */
    private static final boolean SCALAR = COUNT < 8;

    private VectorGather() {}

    /** Where the lanes are: {@code step} apart, the last of {@code count} again where there are fewer than lanes. */
    static int[] lanes(int step, int count) {
        int[] lanes = new int[COUNT];
        Arrays.setAll(lanes, i -> Math.min(i, count - 1) * step);
        return lanes;
    }

    /** Writes {@code count} vectors, {@code toStep} apart; each next one reads one value further on. */
    static void copy(float[] from, int at, int[] lanes, float[] to, int toAt, int toStep, int count) {
        for (int i = 0; i < count; i++) {
            if (SCALAR) {
                for (int lane = 0; lane < COUNT; lane++) {
                    to[toAt + i * toStep + lane] = from[at + i + lanes[lane]];
                }
            } else {
                FloatVector.fromArray(SPECIES, from, at + i, lanes, 0).intoArray(to, toAt + i * toStep);
            }
        }
    }
}
