package dev.sotto.privacy.accounting;

/**
 * The grid of privacy losses. Moving mass onto points s apart raises the cumulant function at tilt t by about t (t+1) s^2 /
 * 12 an event, hence epsilon by n (t+1) s^2 / 12 for n events: the step keeps this below 1e-4 of epsilon, so a tiny sampling
 * rate gets a fine grid. Otherwise it is 1e-4, or coarser where that would be slow.
 *
 * @param step distance of two points
 * @param size of the circle that the composition is computed on, a power of two
 * @param even whether every point is used; if not, where there is little mass only some are
 */
record LossGrid(double step, int size, boolean even) {
    /** The relative error of epsilon that a step may cause. */
    static final double ERROR = 1e-4;

    private static final double STANDARD = 1e-4;
    private static final double COMFORTABLE = 1 << 15;

    /** A little less than a power of two, so that a window may grow some without the circle growing twofold. */
    private static final double LARGEST = 0.98 * (1 << 19);

    private static final int LIMIT = 1 << 25;

    /** The grid of a given step, or one that suits the composition where {@code step} is NaN. */
    static LossGrid of(LossComposition composition, LossWindow window, double step) {
        return Double.isNaN(step) ? adaptive(composition, window) : fixed(step, window, true);
    }

    private static LossGrid adaptive(LossComposition composition, LossWindow window) {
        double exact = exact(composition, window);
        double step = Math.min(exact, Math.max(STANDARD, window.width() / COMFORTABLE));
        double affordable = window.width() / LARGEST;
        double nice = decimal(Math.max(step, affordable));
        return fixed(nice >= affordable ? nice : affordable, window, false);
    }

    /** The same points on a circle that holds another window. */
    LossGrid around(LossWindow window) {
        return fixed(Math.max(step, window.width() / LIMIT), window, even);
    }

    /** Whether a finer grid would give a better answer. */
    boolean tooCoarse(LossComposition composition, LossWindow window) {
        double best = Math.max(exact(composition, window), 1.01 * window.width() / LARGEST);
        return !even && step > 1.5 * best;
    }

    private static double exact(LossComposition composition, LossWindow window) {
        double tilt = composition.decay + 1;
        double error = ERROR * composition.target / window.steps();
        return Math.max(Math.min(Math.sqrt(12 * error / tilt), 0.05 / tilt), error);
    }

    private static LossGrid fixed(double step, LossWindow window, boolean even) {
        double points = Math.max(16, window.width() / step + 8);
        if (points > LIMIT) {
            throw new IllegalArgumentException("grid of the privacy loss is " + step + "; it must be at least "
                    + points * step / LIMIT + " for these events");
        }
        return new LossGrid(step, Integer.highestOneBit((int) points - 1) * 2, even);
    }

    /** A multiple or a whole part of the standard step, so that losses with few decimals lie on points. */
    private static double decimal(double step) {
        return step >= STANDARD ? Math.floor(step / STANDARD) * STANDARD : STANDARD / Math.ceil(STANDARD / step);
    }
}
