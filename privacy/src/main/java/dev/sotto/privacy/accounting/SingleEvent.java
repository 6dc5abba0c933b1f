package dev.sotto.privacy.accounting;

/** One event needs no convolution and no grid: its delta is known at every epsilon. */
final class SingleEvent {
    private static final double ROUNDING = 1e-13;

    private SingleEvent() {}

    /** The smallest epsilon at a delta, in one direction; infinite if the loss is infinite with a probability above it. */
    static double epsilon(LossPair pair, double delta) {
        double allowed = delta * (1 + ROUNDING);
        if (pair.delta(0) <= allowed) {
            return 0;
        }
        double high = 1e-9;
        while (pair.delta(high) > allowed) {
            high *= 2;
            if (high > 1e300) {
                return Double.POSITIVE_INFINITY;
            }
        }
        double low = high > 1e-9 ? high / 2 : 0;
        return Bracket.lastWithin(e -> Math.log(pair.delta(e) / allowed), low, high, 1e-13 * high);
    }
}
