package dev.sotto.privacy.accounting;

/** Chernoff's bounds of epsilon and delta from a cumulant function, and the tilts at which they are smallest. */
final class Chernoff {
    private Chernoff() {}

    /** ln of the bound of delta, less infinite losses. */
    static double logDelta(CumulantFunction losses, double tilt, double epsilon) {
        return losses.value(tilt) - tilt * epsilon + tilt * Math.log(tilt) - (tilt + 1) * Math.log1p(tilt);
    }

    /**
     * The bound of epsilon at one tilt s; (1 - e^(epsilon - l))+ is at most e^(s (l - epsilon)) s^s / (1+s)^(1+s).
     *
     * @param log ln of 1 over delta
     */
    static double epsilon(CumulantFunction losses, double tilt, double log) {
        return (losses.value(tilt) + log + tilt * Math.log(tilt) - (tilt + 1) * Math.log1p(tilt)) / tilt;
    }

    /** The tilt at which epsilon's bound is smallest. */
    static double tilt(CumulantFunction losses, double log) {
        return Math.exp(GoldenSection.minimum(u -> epsilon(losses, Math.exp(u), log), -12, 25));
    }

    /** The tilt that moves the mean there. */
    static double tiltWithMean(CumulantFunction losses, double mean) {
        double low = -20;
        double high = 25;
        for (int i = 0; i < 40; i++) {
            double middle = (low + high) / 2;
            if (losses.mean(Math.exp(middle)) < mean) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.exp(low);
    }
}
