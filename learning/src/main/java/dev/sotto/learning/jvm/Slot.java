package dev.sotto.learning.jvm;

/**
 * What flows between two layers: the values, and after the backward pass the gradients of each example's loss. Lane-major,
 * or example-major where both layers work that way.
 */
final class Slot {
    private final int size;
    private final boolean byExample;
    private final float[] values;
    private final float[] gradients;

    /**
     * Room for a group.
     *
     * @param size values of one example
     * @param byExample whether one example's values follow each other
     */
    Slot(int size, int lanes, boolean byExample) {
        this.size = size;
        this.byExample = byExample;
        values = new float[size * lanes];
        gradients = new float[size * lanes];
    }

    int size() {
        return size;
    }

    boolean byExample() {
        return byExample;
    }

    float[] values() {
        return values;
    }

    float[] gradients() {
        return gradients;
    }
}
