package dev.sotto.privacy.accounting;

/** Sums and differences of numbers known by their logarithms. */
final class LogMath {
    private LogMath() {}

    /** ln(e^a + e^b). */
    static double add(double a, double b) {
        double high = Math.max(a, b);
        double low = Math.min(a, b);
        return low == Double.NEGATIVE_INFINITY ? high : high + Math.log1p(Math.exp(low - high));
    }

    /** ln(e^x - 1), x above 0. */
    static double expm1(double x) {
        return x > 1 ? x + Math.log1p(-Math.exp(-x)) : Math.log(Math.expm1(x));
    }

    /** ln(1 + e^x). */
    static double softplus(double x) {
        return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
    }

    /** ln of the sum of e^terms over the first {@code count}. */
    static double sum(double[] terms, int count) {
        double high = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            high = Math.max(high, terms[i]);
        }
        if (high == Double.NEGATIVE_INFINITY) {
            return high;
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            double t = terms[i] - high;
            sum += t < -45 ? 0 : Math.exp(t);
        }
        return high + Math.log(sum);
    }
}
