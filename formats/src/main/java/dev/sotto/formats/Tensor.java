package dev.sotto.formats;

import java.util.List;

/**
 * A named array of floats in row-major (C) order. An empty shape is a scalar; dimensions may be 0. The array is not
 * copied: whoever hands it over or reads it agrees not to change it.
 */
public final class Tensor {
    private final String name;
    private final List<Integer> shape;
    private final float[] data;

    /**
     * Takes over the array.
     *
     * @throws IllegalArgumentException if a dimension is negative or the shape does not hold {@code data.length} values
     */
    public Tensor(String name, List<Integer> shape, float[] data) {
        this.name = name;
        this.shape = List.copyOf(shape);
        this.data = data;
        long count = 1;
        for (int dim : shape) {
            if (dim < 0) {
                throw new IllegalArgumentException("tensor " + name + ": negative dimension in shape " + shape);
            }
            count = Math.multiplyExact(count, (long) dim);
        }
        if (count != data.length) {
            throw new IllegalArgumentException(
                    "tensor " + name + ": shape " + shape + " holds " + count + " values, not " + data.length);
        }
    }

    public String name() {
        return name;
    }

    public List<Integer> shape() {
        return shape;
    }

    public float[] data() {
        return data;
    }

    @Override
    public String toString() {
        return name + shape;
    }
}
