package dev.sotto.privacy.accounting;

import org.hipparchus.special.Beta;

/** Tails of the binomial distribution. */
final class BinomialTail {
    private BinomialTail() {}

    /** The probability of more than {@code k} successes in {@code n} trials. */
    static double above(long n, double p, long k) {
        if (k < 0) {
            return 1;
        }
        return k >= n ? 0 : p == 1 ? 1 : Beta.regularizedBeta(p, k + 1.0, (double) n - k);
    }
}
