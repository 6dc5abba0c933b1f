package dev.sotto.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The shape of one example's features, outermost dimension first: an image is (channels, height, width), a table row
 * is (columns). Every dimension is at least 1 and the product fits in an int.
 */
public record Shape(List<Integer> dims) {
    public Shape {
        dims = List.copyOf(dims);
        if (dims.isEmpty()) {
            throw new IllegalArgumentException("a shape needs at least one dimension");
        }
        long product = 1;
        for (int dim : dims) {
            if (dim < 1) {
                throw new IllegalArgumentException("shape " + text(dims) + ": every dimension must be at least 1");
            }
            product *= dim;
            if (product > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("shape " + text(dims) + " has more than 2^31 - 1 values");
            }
        }
    }

    public static Shape of(int... dims) {
        return new Shape(Arrays.stream(dims).boxed().toList());
    }

    /** Number of values: the product of the dimensions. */
    public int size() {
        int product = 1;
        for (int dim : dims) {
            product *= dim;
        }
        return product;
    }

    /** Number of dimensions. */
    public int rank() {
        return dims.size();
    }

    /** Written as people say it, "3x32x32". */
    @Override
    public String toString() {
        return text(dims);
    }

    private static String text(List<Integer> dims) {
        return dims.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }
}
