package dev.sotto.privacy.accounting;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Noise on the integers, and the same some whole distance away. */
final class DiscreteNoise {
    private DiscreteNoise() {}

    /** Mass in proportion to e^(-parameter |x|): beyond either centre the loss is the same, so one outcome stands for all. */
    static LossPair laplace(double parameter, int distance) {
        double[] p = new double[distance + 1];
        double[] q = new double[distance + 1];
        double centre = Math.tanh(parameter / 2);
        double tail = -1 / Math.expm1(-parameter);
        for (int x = 0; x <= distance; x++) {
            double weight = x == 0 || x == distance ? centre * tail : centre;
            p[x] = weight * Math.exp(-parameter * (distance - x));
            q[x] = weight * Math.exp(-parameter * x);
        }
        return new AtomicPair(p, q);
    }

    /** Mass in proportion to e^(-x^2 / (2 sigma^2)), less some 1e-290 in the tails that a double cannot hold. */
    static LossPair gaussian(double sigma, int distance) {
        int reach = (int) Math.min(1 << 22, Math.ceil(36 * sigma));
        int[] outcomes = IntStream.rangeClosed(Math.min(distance - reach, 0), Math.max(reach, distance))
                .filter(x -> mass(x, sigma) > 0 && mass(x - distance, sigma) > 0)
                .toArray();
        double total = IntStream.rangeClosed(-reach, reach)
                .mapToDouble(x -> mass(x, sigma))
                .sum();
        double[] p = Arrays.stream(outcomes)
                .mapToDouble(x -> mass(x - distance, sigma) / total)
                .toArray();
        double[] q =
                Arrays.stream(outcomes).mapToDouble(x -> mass(x, sigma) / total).toArray();
        return new AtomicPair(p, q);
    }

    private static double mass(int x, double sigma) {
        return Math.exp(-(double) x * x / (2 * sigma * sigma));
    }
}
