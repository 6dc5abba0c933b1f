package dev.sotto.privacy.accounting;

import java.util.Arrays;

/**
 * Moments of the Gaussian mechanism on samples of fixed size under replace-one (Wang, Balle, Kasiviswanathan 2019, theorem 27
 * at whole orders, corollary 10 between). The forward differences of that theorem are the even central moments E_Q[(P/Q -
 * 1)^k], which the trapezoid rule gives without cancellation.
 */
final class FixedSizeMoments {
    /** Above this order only the simpler of the two bounds is used. */
    private static final int LARGEST_REFINED = 256;

    /** A difference of logarithms that no rounding makes. */
    private static final double CERTAIN = 1e-3;

    private final double rate;
    private final double sigma;
    private final double[] central = new double[LARGEST_REFINED + 2];

    /**
     * The moments of one event.
     *
     * @param rate share of the population that is drawn
     * @param sigma standard deviation over the distance of two samples that differ in one unit
     */
    FixedSizeMoments(double rate, double sigma) {
        this.rate = rate;
        this.sigma = sigma;
        Arrays.fill(central, Double.NaN);
    }

    double logMoment(double order) {
        int floor = (int) Math.floor(order);
        double share = order - floor;
        return share == 0 ? whole(floor) : (1 - share) * whole(floor) + share * whole(floor + 1);
    }

    private double whole(int order) {
        double inverse = 1 / (sigma * sigma);
        double sum = Double.NEGATIVE_INFINITY;
        for (int k = 2; k <= order; k++) {
            double simple = Math.log(2) + k * (k - 1.0) / 2 * inverse;
            double bound = simple;
            if (k == 2) {
                bound = Math.min(Math.log(4) + LogMath.expm1(inverse), simple);
            } else if (order <= LARGEST_REFINED && !refinedIsLarger(k)) {
                bound = Math.min(Math.log(4) + (central(k / 2 * 2) + central((k + 1) / 2 * 2)) / 2, simple);
            }
            sum = LogMath.add(sum, bound + k * Math.log(rate) + LogBinomials.of(order, k));
        }
        return LogMath.softplus(sum);
    }

    /**
     * Whether the simpler bound is surely the smaller one, so that the other, which takes as many nodes as k over sigma, need
     * not be computed: by Minkowski's inequality the k-th root of E_Q[(P/Q - 1)^k] is at least that of E_Q[(P/Q)^k] less 1. The
     * exponents alone favour it at every k, so this is what the roots take away, against the ln 2 that the bounds differ by.
     */
    private boolean refinedIsLarger(int k) {
        return Math.log(2) + (lost(k / 2 * 2) + lost((k + 1) / 2 * 2)) / 2 > CERTAIN;
    }

    /** A lower bound of ln E_Q[(P/Q - 1)^k] less ln E_Q[(P/Q)^k], k even. */
    private double lost(int k) {
        return k * Math.log1p(-Math.exp(-(k - 1) / (2 * sigma * sigma)));
    }

    /** ln E_Q[(P/Q - 1)^k], k even, where P/Q = exp(x/s - 1/(2 s^2)) and x is standard normal. */
    private double central(int k) {
        if (Double.isNaN(central[k])) {
            central[k] = quadrature(k);
        }
        return central[k];
    }

    private double quadrature(int k) {
        double width = 0.4;
        double sum = Double.NEGATIVE_INFINITY;
        double last = k / sigma + 14;
        for (double x = -14; x < last; x += width) {
            double log = x / sigma - 1 / (2 * sigma * sigma);
            double power = log > 1 ? LogMath.expm1(log) : Math.log(Math.abs(Math.expm1(log)));
            sum = LogMath.add(sum, k * power - x * x / 2);
        }
        return sum + Math.log(width / Math.sqrt(2 * Math.PI));
    }
}
