package dev.sotto.learning;

import dev.sotto.data.Shape;

/** The range checks that layers share; messages say the rule and the value given. */
final class LayerChecks {
    private LayerChecks() {}

    static void positive(String key, int value) {
        if (value < 1) {
            throw new ModelException(key + ": " + value + " is not at least 1");
        }
    }

    static void finite(String key, double value) {
        if (!Double.isFinite(value)) {
            throw new ModelException(key + ": " + value + " is not a finite number");
        }
    }

    static void rank(Shape input, int rank, String advice) {
        if (input.rank() != rank) {
            throw new ModelException(
                    "its input " + input + " has " + input.rank() + " dimensions, not " + rank + ": " + advice);
        }
    }

    static Shape pooled(Shape input, int kernel, int stride, int padding) {
        window(input, kernel, stride, padding);
        if (2 * padding > kernel) {
            throw new ModelException("padding: " + padding + " is more than half the kernel " + kernel);
        }
        return Shape.of(
                input.dims().get(0),
                windows(input.dims().get(1), kernel, stride, padding),
                windows(input.dims().get(2), kernel, stride, padding));
    }

    static void window(Shape input, int kernel, int stride, int padding) {
        positive("kernel", kernel);
        positive("stride", stride);
        rank(input, 3, "it works on (channels, height, width)");
        if (padding < 0) {
            throw new ModelException("padding: " + padding + " is negative");
        }
        for (int axis = 1; axis <= 2; axis++) {
            if (kernel > input.dims().get(axis) + 2 * padding) {
                throw new ModelException(
                        "kernel: " + kernel + " does not fit its input " + input + " with padding " + padding);
            }
        }
    }

    static int windows(int extent, int kernel, int stride, int padding) {
        return (extent + 2 * padding - kernel) / stride + 1;
    }
}
