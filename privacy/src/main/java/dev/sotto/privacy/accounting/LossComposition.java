package dev.sotto.privacy.accounting;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The privacy loss of a composition in one direction, up to the choice of a tilt. Mass is tilted by e^(tilt loss) before the
 * transform and back after it (Esscher 1932), which puts the region of interest in the middle of the distribution: rounding
 * is then relative to what is asked, however small delta is, and a window of a few standard deviations is enough.
 */
final class LossComposition {
    /** Share of delta that the cut upper tails of the single events may add. */
    private static final double CUT = 1e-7;

    private static final double RARE = 1e-3;
    private static final double UPPER_TAIL = 1e-7;
    private static final double LOWER_TAIL = 1e-6;

    /** A window of so many standard deviations is wider than a normal distribution would need. */
    private static final double STRETCHED = 25;

    /** Least share of the tilted mass that delta may be, and what rounding of one event may take of it. */
    private static final double LEAST_SHARE = 1e-10;

    private static final double ROUNDING = 1e-13;

    final LossPair[] pairs;
    final long[] counts;
    final double tilt;
    final double centre;

    /** What the grid must be fine enough for: an epsilon, and how fast ln delta falls there. */
    final double target;

    final double decay;
    private final CumulantFunction rough;
    private final double cut;

    /** What share of the window's mass delta may be: tails outside must be small beside it. */
    private final double share;

    private LossComposition(
            LossPair[] pairs,
            long[] counts,
            CumulantFunction rough,
            double tilt,
            double centre,
            double cut,
            double target,
            double decay,
            double share) {
        this.pairs = pairs;
        this.counts = counts;
        this.rough = rough;
        this.tilt = tilt;
        this.centre = centre;
        this.cut = cut;
        this.target = Math.max(target, 1e-12);
        this.decay = decay;
        this.share = share;
    }

    /** Tilted to where delta is reached; the centre is then an upper bound of epsilon. Empty if no epsilon is. */
    static Optional<LossComposition> forDelta(LossPair[] pairs, long[] counts, double delta) {
        double infinite = infinite(pairs, counts);
        double left = remainder(delta, infinite);
        if (!(left > 0)) {
            return Optional.empty();
        }
        CumulantFunction rough = rough(pairs, counts, CUT * left);
        // What the rough atoms call infinite counts too: the bound below must hold by itself.
        left = remainder(delta, Math.max(infinite, rough.infinite()));
        if (!(left > 0)) {
            return Optional.empty();
        }
        double inverse = Math.log(1 / left);
        double tilt = Chernoff.tilt(rough, inverse);
        double centre = Chernoff.epsilon(rough, tilt, inverse);
        return Optional.of(new LossComposition(pairs, counts, rough, tilt, centre, CUT * left, centre, tilt, 1));
    }

    /** Tilted to have its mean at epsilon, or not at all if the mean lies above. */
    static LossComposition forEpsilon(LossPair[] pairs, long[] counts, double epsilon) {
        CumulantFunction whole = rough(pairs, counts, Double.MIN_NORMAL);
        double log = Chernoff.logDelta(whole, Chernoff.tiltWithMean(whole, epsilon), epsilon);
        double cut = CUT * 1e-3 * Math.exp(Math.max(log, -600));
        // Tails that were cut would have weighed in the tilted mean.
        CumulantFunction rough = rough(pairs, counts, cut);
        double tilt = Chernoff.tiltWithMean(rough, epsilon);
        return new LossComposition(pairs, counts, rough, tilt, epsilon, cut, epsilon, tilt, 1);
    }

    /** Chernoff's bound of delta at this tilt, infinite losses included. */
    double deltaBound(double epsilon) {
        return Math.min(1, Math.exp(Chernoff.logDelta(rough, tilt, epsilon)) + rough.infinite());
    }

    /** What infinite losses leave of delta; where they take all of it but for rounding, a rounding error. */
    static double remainder(double delta, double infinite) {
        double rounding = 1e-13 * delta;
        double left = delta - infinite;
        return left >= -rounding ? Math.max(left, rounding) : left;
    }

    /** The same, tilted to where delta is reached by its own cumulant function. */
    LossComposition retilted(double delta) {
        double inverse = -Math.log(remainder(delta, rough.infinite()));
        double other = Chernoff.tilt(rough, inverse);
        double bound = Chernoff.epsilon(rough, other, inverse);
        return new LossComposition(pairs, counts, rough, other, bound, cut, bound, other, 1);
    }

    LossComposition tilted(double other) {
        return new LossComposition(pairs, counts, rough, other, centre, cut, target, decay, share);
    }

    /**
     * The same, computed finely enough for an epsilon that was found. Where rare large losses pull Chernoff's tilt far away
     * from it, the tilted mean is moved to it.
     */
    LossComposition aimedAt(double epsilon, double decay, double delta) {
        if (share(tilt, epsilon, delta) > RARE) {
            return new LossComposition(pairs, counts, rough, tilt, centre, cut, epsilon, decay, share);
        }
        double other = Chernoff.tiltWithMean(rough, epsilon);
        double part = Math.min(1, share(other, epsilon, delta));
        return new LossComposition(pairs, counts, rough, other, centre, cut, epsilon, decay, part)
                .narrowed(epsilon, delta);
    }

    /**
     * Tilted less, where that makes the window narrower: rare large losses stretch it. Rounding is relative to the tilted mass
     * and grows with the number of events, so delta must stay a share of that mass that it cannot disturb.
     */
    LossComposition narrowed(double epsilon, double delta) {
        LossComposition best = this;
        double width = window().width();
        if (width < STRETCHED * Math.sqrt(rough.variance(tilt))) {
            return this;
        }
        double least = Math.max(LEAST_SHARE, ROUNDING * Arrays.stream(counts).sum());
        for (double less = tilt / 1.4; less > tilt / 200; less /= 1.4) {
            double part = share(less, epsilon, delta);
            if (part < least) {
                break;
            }
            LossComposition other =
                    new LossComposition(pairs, counts, rough, less, centre, cut, target, decay, Math.min(share, part));
            double own = other.window().width();
            if (own < 0.8 * width) {
                best = other;
                width = own;
            }
        }
        return best;
    }

    /**
     * Whether epsilon is 0 at this delta because the total variation is at most delta, by the Hellinger affinity, which
     * multiplies over events: the total variation is at most the root of 1 less its square (Gibbs, Su 2002).
     */
    boolean indistinguishable(double delta) {
        return -Math.expm1(2 * rough.logAffinity()) <= delta * delta;
    }

    /** Delta at an epsilon that no sum of finite losses exceeds; empty if one does. */
    OptionalDouble deltaBeyondReach(double epsilon) {
        double most = 0;
        for (int k = 0; k < pairs.length; k++) {
            double[] points = pairs[k].points(cut / pairs.length / counts[k]);
            most += counts[k] * points[points.length - 1];
        }
        return epsilon >= most ? OptionalDouble.of(rough.infinite()) : OptionalDouble.empty();
    }

    /** Whether delta is too small a share of the tilted mass for the tails of the window to be neglected. */
    boolean misses(double epsilon, double delta) {
        return share(tilt, epsilon, delta) < RARE * share;
    }

    private double share(double at, double epsilon, double delta) {
        return Math.exp(Math.log(delta) - rough.value(at) + at * epsilon);
    }

    private static CumulantFunction rough(LossPair[] pairs, long[] counts, double cut) {
        LossAtoms[] atoms = new LossAtoms[pairs.length];
        for (int k = 0; k < pairs.length; k++) {
            atoms[k] = LossAtoms.roughly(pairs[k], cut / pairs.length / counts[k]);
        }
        return new CumulantFunction(atoms, counts);
    }

    /** The probability that some loss is infinite. */
    private static double infinite(LossPair[] pairs, long[] counts) {
        double[] masses = new double[4];
        double log = 0;
        for (int k = 0; k < pairs.length; k++) {
            pairs[k].masses(1e300, masses);
            log += counts[k] * Math.log1p(-Math.min(masses[0], 1));
        }
        return -Math.expm1(log);
    }

    /** A window of losses outside of which the tilted composition has next to no mass. */
    LossWindow window() {
        double value = rough.value(tilt);
        double std = Math.sqrt(rough.variance(tilt));
        double least = 0;
        double most = 0;
        double steps = 0;
        for (int k = 0; k < pairs.length; k++) {
            double[] points = pairs[k].points(cut / pairs.length / counts[k]);
            least += counts[k] * points[0];
            most += counts[k] * points[points.length - 1];
            steps += counts[k];
        }
        double low = least;
        double high = most;
        double slope = Double.POSITIVE_INFINITY;
        double little = 1e-9 * (most - least);
        if (std > little) {
            // Rare large losses want small exponents, the bulk large ones: neither bound has a single optimum.
            for (double s = Math.min(0.25 / std, 0.25); s < 300 / std; s *= 1.5) {
                double reach = (rough.value(tilt + s) - value - Math.log(UPPER_TAIL * share)) / s;
                if (reach < high - little) {
                    high = reach;
                    slope = tilt + s;
                }
                low = Math.max(low, (value - rough.value(tilt - s) + Math.log(LOWER_TAIL * share)) / s);
            }
        }
        return new LossWindow(low, Math.max(high, low), slope, low == least, steps);
    }

    /** The atoms of each event on points of the grid. */
    LossAtoms[] atoms(LossGrid grid) {
        return IntStream.range(0, pairs.length)
                .mapToObj(part -> atoms(part, grid))
                .toArray(LossAtoms[]::new);
    }

    /**
     * The same with the cumulant function of the atoms that are composed, where a coarse grid makes it another: the window
     * and what lies beyond must be those of the atoms.
     */
    LossComposition describedBy(LossAtoms[] atoms) {
        CumulantFunction fine = new CumulantFunction(atoms, counts);
        boolean close = Math.abs(fine.value(tilt) - rough.value(tilt)) < 1e-3;
        return close ? this : new LossComposition(pairs, counts, fine, tilt, centre, cut, target, decay, share);
    }

    private LossAtoms atoms(int part, LossGrid grid) {
        if (pairs[part] instanceof AtomicPair atomic) {
            return LossAtoms.of(atomic, atomic.around(grid.step()));
        }
        double[] ends = pairs[part].points(cut / pairs.length / counts[part]);
        long first = (long) Math.floor(ends[0] / grid.step() + 1e-9);
        long last = (long) Math.ceil(ends[ends.length - 1] / grid.step() - 1e-9) + 1;
        if (grid.even()) {
            return LossAtoms.of(pairs[part], even(first, last, grid.step()));
        }
        double share = target / counts.length / counts[part];
        double error = 12 * LossGrid.ERROR * share / (decay + 1);
        return LossAtoms.of(
                pairs[part],
                rough.points(this, part, new GridRange(first, last, grid.step()), error, LossGrid.ERROR * share));
    }

    private static double[] even(long first, long last, double step) {
        double[] points = new double[Math.toIntExact(last - first) + 1];
        for (int i = 0; i < points.length; i++) {
            points[i] = (first + i) * step;
        }
        return points;
    }

    /** A bound of the probability of finite losses above a window. */
    double beyond(LossWindow window) {
        double slope = window.slope();
        return slope == Double.POSITIVE_INFINITY ? 0 : Math.exp(rough.value(slope) - slope * window.high());
    }

    /** Where one event's tilted loss is centred. */
    double reference(int part) {
        return rough.mean(part, tilt);
    }
}
