package dev.sotto.privacy.accounting;

/**
 * Moments of the Poisson-sampled Gaussian at fractional orders as Google's dp_accounting 0.6 bounds them: the two series of
 * Mironov, Talwar, Zhang (2019, section 3.3) with the absolute values of the binomial coefficients. Never below the truth,
 * often above it. For comparison only.
 */
final class LooseMoments {
    private static final int MOST_TERMS = 1000;

    private LooseMoments() {}

    /** ln of the bound; infinite where the series has not settled after 1000 terms. */
    static double logMoment(double rate, double sigma, double order) {
        double split = sigma * sigma * Math.log(1 / rate - 1) + 0.5;
        double logRate = Math.log(rate);
        double logRest = Math.log1p(-rate);
        double total = Double.NEGATIVE_INFINITY;
        double lastLow = total;
        double lastHigh = total;
        double logBinomial = 0;
        for (int i = 0; i < MOST_TERMS; i++) {
            double j = order - i;
            double low = logBinomial + i * logRate + j * logRest + term(i, sigma, (i - split) / sigma);
            double high = logBinomial + j * logRate + i * logRest + term(j, sigma, (split - j) / sigma);
            total = LogMath.add(total, LogMath.add(low, high));
            if (low < lastLow && high < lastHigh && Math.max(low, high) < total - 30) {
                return total;
            }
            lastLow = low;
            lastHigh = high;
            logBinomial += Math.log(Math.abs(j)) - Math.log(i + 1.0);
        }
        return Double.POSITIVE_INFINITY;
    }

    private static double term(double k, double sigma, double from) {
        double x = from / Math.sqrt(2);
        double logTail = x > 5 ? -x * x + Math.log(Erfc.scaled(x)) : Math.log(Erfc.of(x));
        return k * (k - 1) / (2 * sigma * sigma) + logTail - Math.log(2);
    }
}
