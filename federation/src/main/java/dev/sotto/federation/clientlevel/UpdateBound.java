package dev.sotto.federation.clientlevel;

import dev.sotto.kernels.SquaredNorm;
import dev.sotto.learning.Layout;
import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.Require;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What bounds an update: parts of its vector, each clipped to a norm of its own. Flat clipping is one part. Thread-safe.
 *
 * @param parts in their order; together they cover the vector
 */
public record UpdateBound(List<Part> parts) {
    /** Smaller norms leave no room between a float's smallest values. */
    public static final double SMALLEST_NORM = 1e-20;

    /** Larger ones leave none below a float's largest. */
    public static final double LARGEST_NORM = 1e20;

    /** Factors and products are rounded to floats: a hair below keeps the result within the norm. */
    static final double HAIR_BELOW = 1 - 1e-6;

    /**
     * A part of the vector.
     *
     * @param from index of its first value
     * @param to index after its last
     * @param norm that it is clipped to, in L2
     */
    public record Part(int from, int to, double norm) {
        public Part {
            Require.positive("clipping norm", norm);
        }

        /** By what it is multiplied: 1 if it lies within, 0 if it is not finite. */
        double factor(float[] vector) {
            double length = Math.sqrt(SquaredNorm.fastest().of(vector, from, to));
            if (!(length < Double.POSITIVE_INFINITY)) {
                return 0;
            }
            return length <= norm ? 1 : norm / length;
        }
    }

    public UpdateBound {
        parts = List.copyOf(parts);
    }

    static UpdateBound parts(UpdateClipping clipping, Layout layout, int width) {
        if (!(clipping instanceof UpdateClipping.PerLayer perLayer)) {
            return new UpdateBound(List.of(new Part(0, width, clipping.initialNorm())));
        }
        if (width != layout.size()) {
            throw new IllegalArgumentException(
                    "privacy.client-level.clipping: per-layer is not possible with a strategy whose updates hold more than"
                            + " the model's change; use fixed or adaptive, which clip all of it jointly");
        }
        List<ClippingNorm> norms = perLayer.norms();
        if (norms.size() != layout.groups()) {
            throw new IllegalArgumentException(
                    "privacy.client-level.clipping-norms: " + norms.size() + " norms for the model's " + layout.groups()
                            + " layers with parameters; there must be one for each");
        }
        int[] from = new int[layout.groups()];
        int[] to = new int[layout.groups()];
        Arrays.fill(from, width);
        for (Layout.Tensor tensor : layout.tensors()) {
            from[tensor.group()] = Math.min(from[tensor.group()], tensor.offset());
            to[tensor.group()] = Math.max(to[tensor.group()], tensor.end());
        }
        return new UpdateBound(IntStream.range(0, from.length)
                .mapToObj(group ->
                        new Part(from[group], to[group], norms.get(group).value()))
                .toList());
    }

    /** Values in a vector. */
    int width() {
        return parts.get(parts.size() - 1).to();
    }

    /** How long a clipped vector is at most. */
    double norm() {
        return Math.sqrt(
                parts.stream().mapToDouble(part -> part.norm() * part.norm()).sum());
    }

    /** The same parts with the norms scaled such that together they are that one. */
    UpdateBound scaledTo(double norm) {
        double factor = norm / norm();
        return new UpdateBound(parts.stream()
                .map(part -> new Part(part.from(), part.to(), parts.size() == 1 ? norm : part.norm() * factor))
                .toList());
    }

    /** By what each part is multiplied; all 0 if any value is not finite. */
    double[] factors(float[] vector) {
        double[] factors =
                parts.stream().mapToDouble(part -> part.factor(vector)).toArray();
        if (Arrays.stream(factors).anyMatch(factor -> factor == 0)) {
            Arrays.fill(factors, 0);
        }
        return factors;
    }

    /** What an update adds to twice the count of updates within the norm: 1 if within, -1 if not, 0 if it is not finite. */
    static int twiceCount(double[] factors) {
        if (factors[0] == 0) {
            return 0;
        }
        return Arrays.stream(factors).allMatch(factor -> factor == 1) ? 1 : -1;
    }

    /** By how much an update weighs: its share of the most that one may weigh. */
    static double weight(int examples, int maxWeight) {
        return maxWeight == 0 ? 1 : Math.min(Math.max(examples, 0), maxWeight) / (double) maxWeight;
    }
}
