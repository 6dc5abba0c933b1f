package dev.sotto.learning.jvm;

/**
 * What flows between two layers, lane-major: the values, and after the backward pass the gradients of each lane's loss.
 *
 * @param size values of one example
 */
record Slot(int size, float[] values, float[] gradients) {
    static Slot of(int size, int lanes) {
        return new Slot(size, new float[size * lanes], new float[size * lanes]);
    }
}
