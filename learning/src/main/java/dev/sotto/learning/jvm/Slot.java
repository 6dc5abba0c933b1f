package dev.sotto.learning.jvm;

/** What flows between two layers, lane-major: the values, and after the backward pass the gradients of each lane's loss. */
final class Slot {
    private final int size;
    private final float[] values;
    private final float[] gradients;

    /**
     * Room for a group.
     *
     * @param size values of one example
     */
    Slot(int size, int lanes) {
        this.size = size;
        values = new float[size * lanes];
        gradients = new float[size * lanes];
    }

    int size() {
        return size;
    }

    float[] values() {
        return values;
    }

    float[] gradients() {
        return gradients;
    }
}
