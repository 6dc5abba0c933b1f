package dev.sotto.privacy.accounting;

import java.util.Arrays;

/**
 * ln E_Q[(P/Q)^a] for P = (1-q) N(0, s^2) + q N(1, s^2) and Q = N(0, s^2), or Q = (1-q) N(0, s^2) + q N(-1, s^2) under
 * replace-one: the Renyi moments of the Poisson-sampled Gaussian.
 *
 * <p>With z = P/Q - 1, whose mean under Q is 0, the moment less 1 is E_Q[(1+z)^a - 1 - a z], whose terms are never
 * negative: nothing cancels and the result is exact in relative terms however small q is. Whole orders sum the binomial
 * series (Mironov, Talwar, Zhang 2019, section 3.3); others use the trapezoid rule, which for a function analytic in the
 * strip |Im x| < pi s^2 converges geometrically (Trefethen, Weideman 2014, theorem 5.1); the step is chosen for an error
 * below 1e-13.
 */
final class GaussianMixtureMoments {
    /** Standard deviations beyond which a normal density is below 1e-19 of its peak. */
    private static final double REACH = 9.5;

    /** Powers above e to this are kept as logarithms. */
    private static final double LARGE = 30;

    private final double rate;
    private final double sigma;
    private final boolean symmetric;
    private final double[] logExpm1;

    private final double start;
    private final double width;
    private double[] logRatio = new double[0];
    private double[] excess = new double[0];
    private double[] logDensity = new double[0];
    private double[] density = new double[0];
    private double[] terms = new double[64];

    /**
     * The moments of one event.
     *
     * @param rate q, above 0 and below 1
     * @param sigma s, the standard deviation over what one unit can add
     * @param symmetric whether the unit is replaced rather than added or removed
     * @param largest the largest order that will be asked for
     */
    GaussianMixtureMoments(double rate, double sigma, boolean symmetric, double largest) {
        this.rate = rate;
        this.sigma = sigma;
        this.symmetric = symmetric;
        this.width = Math.min(0.6 * sigma, 2 / (3.6 / (sigma * sigma) + 0.5));
        this.start = -(symmetric ? 1 : 0) - REACH * sigma;
        int whole = symmetric ? 1 : (int) Math.min(largest, LogBinomials.LARGEST);
        this.logExpm1 = new double[whole + 1];
        for (int k = 2; k <= whole; k++) {
            logExpm1[k] = LogMath.expm1(k * (k - 1.0) / (2 * sigma * sigma));
        }
    }

    /** ln of the moment of order {@code order}, above 1. */
    double logMoment(double order) {
        boolean series = order == Math.rint(order) && order < logExpm1.length;
        return LogMath.softplus(series ? binomial((int) order) : quadrature(order));
    }

    /** ln(moment - 1): sum over k >= 2 of (a over k) (1-q)^(a-k) q^k (e^(k(k-1)/(2 s^2)) - 1). */
    private double binomial(int order) {
        double logRate = Math.log(rate);
        double logRest = Math.log1p(-rate);
        reserve(order);
        for (int k = 2; k <= order; k++) {
            terms[k - 2] = LogBinomials.of(order, k) + (order - k) * logRest + k * logRate + logExpm1[k];
        }
        return LogMath.sum(terms, order - 1);
    }

    private double quadrature(double order) {
        int count = tabulate(end(order));
        reserve(count);
        double moderate = 0;
        int large = 0;
        for (int i = 0; i < count; i++) {
            double power = order * logRatio[i];
            if (power <= LARGE) {
                moderate += density[i] * excess(power, excess[i], order);
            } else {
                terms[large++] = logDensity[i] + power + remainder(power, logRatio[i], excess[i], order);
            }
        }
        return LogMath.add(Math.log(moderate), LogMath.sum(terms, large)) + Math.log(width);
    }

    /** How many nodes an order takes where it is no whole one. */
    double nodes(double order) {
        return (end(order) - start) / width;
    }

    private double end(double order) {
        return (symmetric ? 2 : 1) * order + REACH * sigma;
    }

    /** (1+z)^a - 1 - a z, given a ln(1+z) and z. */
    private static double excess(double power, double z, double order) {
        if (Math.abs(z) * order < 1e-2) {
            double sum = 0;
            // The binomial series from its second term on.
            for (int k = 8; k >= 3; k--) {
                sum = (order - k + 1) / k * z * (1 + sum);
            }
            return order * (order - 1) / 2 * z * z * (1 + sum);
        }
        return Math.expm1(power) - order * z;
    }

    /** ln of the same less a ln(1+z), where that is large. */
    private static double remainder(double power, double logRatio, double z, double order) {
        return (order - 1) * logRatio > 40 ? 0 : Math.log1p(-(1 + order * z) * Math.exp(-power));
    }

    /** Nodes up to an end; returns how many. */
    private int tabulate(double end) {
        int known = logRatio.length;
        int needed = (int) Math.ceil((end - start) / width) + 1;
        if (needed <= known) {
            return needed;
        }
        logRatio = Arrays.copyOf(logRatio, needed);
        excess = Arrays.copyOf(excess, needed);
        logDensity = Arrays.copyOf(logDensity, needed);
        density = Arrays.copyOf(density, needed);
        double variance = sigma * sigma;
        double logRate = Math.log(rate);
        double logRest = Math.log1p(-rate);
        double logScale = -Math.log(sigma * Math.sqrt(2 * Math.PI));
        for (int i = known; i < needed; i++) {
            double x = start + i * width;
            double up = (2 * x - 1) / (2 * variance);
            double raised = LogMath.add(logRest, logRate + up);
            double normal = logScale - x * x / (2 * variance);
            if (symmetric) {
                double lowered = LogMath.add(logRest, logRate - (2 * x + 1) / (2 * variance));
                double difference = rate * 2 * Math.exp(-1 / (2 * variance) - lowered) * Math.sinh(x / variance);
                logDensity[i] = normal + lowered;
                logRatio[i] = raised - lowered;
                excess[i] = difference;
            } else {
                logDensity[i] = normal;
                logRatio[i] = raised;
                excess[i] = rate * Math.expm1(up);
            }
            density[i] = Math.exp(logDensity[i]);
        }
        // Small ratios from the difference itself, large ones from the logarithms.
        for (int i = known; i < needed; i++) {
            if (Math.abs(excess[i]) < 0.5) {
                logRatio[i] = Math.log1p(excess[i]);
            } else {
                excess[i] = Math.expm1(logRatio[i]);
            }
        }
        return needed;
    }

    private void reserve(int count) {
        if (terms.length < count) {
            terms = new double[Math.max(count, 2 * terms.length)];
        }
    }
}
