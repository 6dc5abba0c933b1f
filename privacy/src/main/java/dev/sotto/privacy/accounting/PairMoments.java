package dev.sotto.privacy.accounting;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;

/** Renyi divergences of a dominating pair, the larger of both directions, from atoms that dominate it. */
final class PairMoments {
    private static final int REFINEMENT = 16;

    /** Mass of infinite losses below this is the tail of a distribution, beyond what a double can hold of it. */
    private static final double LEAST = 1e-290;

    /** Below this a logarithm of a sum has lost too many digits. */
    private static final double CANCELLING = 1e-3;

    private PairMoments() {}

    /**
     * The divergence at each order; never below the truth, and exact for discrete pairs.
     */
    static double[] divergences(LossPair pair, double[] orders) {
        DoubleUnaryOperator moments = logMoments(pair);
        return Arrays.stream(orders)
                .map(order -> Math.max(0, moments.applyAsDouble(order) / (order - 1)))
                .toArray();
    }

    /** The logarithm of the moment of an order. */
    static DoubleUnaryOperator logMoments(LossPair pair) {
        List<DoubleUnaryOperator> directions = Stream.of(pair, pair.flipped())
                .map(direction -> pair instanceof AtomicPair ? direction : new RefinedPair(direction, REFINEMENT))
                .map(PairMoments::oneDirection)
                .toList();
        return order -> directions.stream()
                .mapToDouble(direction -> direction.applyAsDouble(order))
                .max()
                .orElseThrow();
    }

    private static DoubleUnaryOperator oneDirection(LossPair pair) {
        LossAtoms atoms = LossAtoms.roughly(pair, Double.MIN_NORMAL);
        if (atoms.infinite > LEAST) {
            return order -> Double.POSITIVE_INFINITY;
        }
        CumulantFunction cumulants = new CumulantFunction(new LossAtoms[] {atoms}, new long[] {1});
        return order -> {
            double value = cumulants.value(order - 1);
            return value > CANCELLING ? value : Math.log1p(excess(atoms, order));
        };
    }

    /** The moment less 1 as E_Q[r^a - 1 - a (r - 1)], r = P/Q: no term is negative, so nothing cancels where all are small. */
    private static double excess(LossAtoms atoms, double order) {
        double sum = 0;
        for (int i = 0; i < atoms.losses.length; i++) {
            double loss = atoms.losses[i];
            double rest = Math.abs(order * loss) < 1e-2
                    ? series(order, loss)
                    : Math.expm1(order * loss) - order * Math.expm1(loss);
            sum += atoms.mass[i] == 0 ? 0 : atoms.mass[i] * Math.exp(-loss) * rest;
        }
        return sum;
    }

    /** e^(a l) - 1 - a (e^l - 1), the sum over k of (a^k - a) l^k / k!. */
    private static double series(double order, double loss) {
        double factor = 1;
        double power = 1;
        double sum = 0;
        for (int k = 1; k <= 7; k++) {
            factor *= loss / k;
            power *= order;
            sum += (power - order) * factor;
        }
        return sum;
    }
}
