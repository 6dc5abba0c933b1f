package dev.sotto.privacy.accounting;

/**
 * Where to look for the losses of a composition.
 *
 * @param low the lowest loss
 * @param high the highest loss
 * @param slope the exponent that bounds what lies above; infinite where nothing does
 * @param ended whether the lowest loss is the least there is
 * @param steps number of events
 */
record LossWindow(double low, double high, double slope, boolean ended, double steps) {
    double width() {
        return high - low;
    }

    /** The same, up to the ends of these atoms, each composed so many times, where nothing but they ends it. */
    LossWindow reaching(LossAtoms[] atoms, long[] counts) {
        double least = 0;
        double most = 0;
        for (int k = 0; k < counts.length; k++) {
            least += counts[k] * atoms[k].lowest();
            most += counts[k] * atoms[k].highest();
        }
        return new LossWindow(
                ended ? Math.min(low, least) : low,
                slope == Double.POSITIVE_INFINITY ? Math.max(high, most) : high,
                slope,
                ended,
                steps);
    }
}
