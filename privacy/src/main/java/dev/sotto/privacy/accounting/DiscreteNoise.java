package dev.sotto.privacy.accounting;

import java.util.function.LongToDoubleFunction;

/**
 * Noise on the integers, P, and the same some whole distance away, Q: both noises here have a privacy loss that rises by as
 * much from each integer to the next. Where there are very many integers some stand for those between: such an outcome is
 * split into its two neighbours so that its probabilities under P and Q stay, which the new pair dominates ("connect the
 * dots", Doroshenko et al. 2022).
 */
final class DiscreteNoise {
    /** The largest sigma for which the integers are gone through. */
    static final double LARGEST_SIGMA = 1 << 18;

    private static final long MOST_OUTCOMES = 1 << 25;
    private static final int MOST_POINTS = 1 << 15;

    /** Standard deviations beyond which a double holds nothing of a normal density. */
    private static final double REACH = 39;

    private final long first;
    private final long stride;
    private final double slope;
    private final double middle;
    private final double[] p;
    private final double[] q;
    private final double[] losses;

    private DiscreteNoise(long first, long last, double slope, double middle) {
        long count = last - first + 1;
        this.first = first;
        this.stride = (count + MOST_POINTS - 1) / MOST_POINTS;
        this.slope = slope;
        this.middle = middle;
        int points = Math.toIntExact((count + stride - 2) / stride) + 1;
        p = new double[points];
        q = new double[points];
        losses = new double[points];
        for (int j = 0; j < points; j++) {
            losses[j] = loss(first + j * stride);
        }
    }

    /**
     * Mass in proportion to e^(-parameter |x|): beyond either centre the loss is the same, so one outcome stands for all. At
     * distances beyond all measure only that it is pure is used.
     */
    static LossPair laplace(double parameter, long distance) {
        if (distance >= MOST_OUTCOMES) {
            return AtomicPair.pure(parameter * distance, 0);
        }
        double centre = Math.tanh(parameter / 2);
        double tail = -1 / Math.expm1(-parameter);
        LongToDoubleFunction weight = x -> x == 0 || x == distance ? centre * tail : centre;
        return new DiscreteNoise(0, distance, 2 * parameter, distance / 2.0)
                .pair(
                        distance,
                        x -> weight.applyAsDouble(x) * Math.exp(-parameter * (distance - x)),
                        x -> weight.applyAsDouble(x) * Math.exp(-parameter * x));
    }

    /** Mass in proportion to e^(-x^2 / (2 sigma^2)), sigma up to {@link #LARGEST_SIGMA}. */
    static LossPair gaussian(double sigma, long distance) {
        long reach = (long) Math.ceil(REACH * sigma);
        double total = 1;
        for (long x = 1; x <= reach; x++) {
            total += 2 * mass(x, sigma);
        }
        if (distance > 2 * reach) {
            // A double holds no outcome that both of them have.
            return new AtomicPair(new double[] {1, 0}, new double[] {0, 1});
        }
        double scale = total;
        return new DiscreteNoise(-reach, distance + reach, distance / (sigma * sigma), distance / 2.0)
                .pair(distance + reach, x -> mass(x - distance, sigma) / scale, x -> mass(x, sigma) / scale);
    }

    private static double mass(long x, double sigma) {
        double t = x / sigma;
        return Math.exp(-t * t / 2);
    }

    private double loss(long x) {
        return slope * (x - middle);
    }

    private LossPair pair(long last, LongToDoubleFunction massP, LongToDoubleFunction massQ) {
        double whole = Math.expm1(-slope * stride);
        for (long x = first; x <= last; x++) {
            int below = (int) ((x - first) / stride);
            long off = (x - first) % stride;
            double ownP = massP.applyAsDouble(x);
            double ownQ = massQ.applyAsDouble(x);
            // The share s of P's mass that goes up, where (1-s) e^-low + s e^-high = e^-loss.
            double up = off == 0 ? 0 : Math.expm1(-slope * off) / whole;
            p[below] += (1 - up) * ownP;
            q[below] += (1 - up) * Math.exp(slope * off) * ownQ;
            if (off > 0) {
                p[below + 1] += up * ownP;
                q[below + 1] += up * Math.exp(slope * (off - stride)) * ownQ;
            }
        }
        return new AtomicPair(p, q, losses);
    }
}
