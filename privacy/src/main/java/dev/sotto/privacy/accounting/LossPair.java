package dev.sotto.privacy.accounting;

/**
 * A dominating pair of distributions P and Q, seen through its privacy loss ln(dP/dQ) (Zhu, Dong, Wang 2022). Immutable
 * and thread-safe.
 */
interface LossPair {
    /**
     * Writes P(loss > t), Q(loss > t), P(loss <= t), Q(loss <= t), each without cancellation. Where an atom sits exactly at
     * t it may be counted on either side, but on the same by all four.
     */
    void masses(double loss, double[] into);

    /** Losses, ascending, that resolve the pair's shape between tails of about {@code tail}; a few hundred. */
    double[] points(double tail);

    /**
     * Delta of one event: P(loss > epsilon) - e^epsilon Q(loss > epsilon) (Balle, Wang 2018, theorem 5). Where Q underflows
     * it is left out, which only adds to delta.
     */
    default double delta(double epsilon) {
        double[] masses = new double[4];
        masses(epsilon, masses);
        // In one exponent, because the two factors may overflow and underflow.
        return masses[1] == 0 ? masses[0] : Math.max(0, masses[0] - Math.exp(epsilon + Math.log(masses[1])));
    }

    /** The pair with the roles exchanged: what is added instead of removed. */
    default LossPair flipped() {
        return new FlippedPair(this);
    }

    /** Whether the flipped pair has the same losses. */
    default boolean symmetric() {
        return false;
    }
}
