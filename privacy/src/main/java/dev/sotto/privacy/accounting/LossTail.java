package dev.sotto.privacy.accounting;

import java.util.Optional;

/**
 * The upper tail of a composed loss: delta(epsilon) = E[(1 - e^(epsilon - loss))+], summed from the top of the window down
 * by a recursion of positive terms: one step h down, it is e^-h times itself, plus (1 - e^-h) times the mass above.
 */
final class LossTail {
    private final LossTransform transform;
    private final LossComposition composition;
    private final LossWindow window;
    private final int size;
    private final double step;
    private final long top;
    private final int count;
    private final double tilt;
    private final double centre;
    private final double scale;
    private final double apart;

    private LossTail(LossTransform transform, LossComposition composition, LossWindow window) {
        this.transform = transform;
        this.composition = composition;
        this.window = window;
        size = transform.grid.size();
        step = transform.grid.step();
        tilt = composition.tilt;
        centre = composition.centre;
        top = (long) Math.floor(window.high() / step) + 1;
        count = (int) Math.min(size, (long) (window.width() / step) + 3);
        scale = Math.exp(transform.logScale() - tilt * centre);
        apart = transform.infinite() + composition.beyond(window);
    }

    /** Composes on the grid that suits, or on one of the given step. */
    static LossTail of(LossComposition composition, double step) {
        LossWindow window = composition.window();
        LossGrid grid = LossGrid.of(composition, window, step);
        LossAtoms[] atoms = composition.atoms(grid);
        LossComposition described = composition.describedBy(atoms);
        if (described != composition) {
            window = described.window();
        }
        // On the grid bounded losses may end a little outside of where they end in truth, and no mass may be lost
        // there.
        window = window.reaching(atoms, described.counts);
        grid = grid.around(window);
        return new LossTail(LossTransform.compose(described, atoms, grid), described, window);
    }

    LossGrid grid() {
        return transform.grid;
    }

    /** What was composed, as the atoms on the grid describe it. */
    LossComposition composition() {
        return composition;
    }

    LossWindow window() {
        return window;
    }

    /**
     * An epsilon and how fast ln delta falls there.
     *
     * @param epsilon the smallest of the window at some delta
     * @param decay of delta, per unit of epsilon
     */
    record Point(double epsilon, double decay) {}

    /** The smallest epsilon of the window at this delta; infinite if none is, empty if delta is not reached within. */
    Optional<Point> epsilon(double delta) {
        double target = LossComposition.remainder(delta, apart) / scale;
        if (!(target > 0)) {
            return Optional.of(new Point(Double.POSITIVE_INFINITY, 1));
        }
        Walk walk = new Walk();
        for (int i = 0; i < count; i++) {
            walk.take(i);
            if (walk.next() >= target) {
                // Between two points delta is sum - e^(epsilon - point) (sum - tail).
                double ratio = (walk.sum - target) / (walk.sum - walk.tail);
                double epsilon = (top - i) * step + Math.log(ratio);
                return Optional.of(new Point(epsilon, (walk.sum - target) / target));
            }
            walk.tail = walk.next();
        }
        return Optional.empty();
    }

    /**
     * Delta at an epsilon, and how fast its logarithm falls there.
     *
     * @param delta in [0, 1]
     * @param decay of delta, per unit of epsilon
     */
    record Value(double delta, double decay) {}

    /** Delta at an epsilon; empty if the window lies above it, for then what lies below the window is missing. */
    Optional<Value> delta(double epsilon) {
        Walk walk = new Walk();
        for (int i = 0; i < count; i++) {
            walk.take(i);
            double point = (top - i) * step;
            if (point - step < epsilon) {
                // Between two points delta is sum - e^(epsilon - point) (sum - tail).
                double gap = Math.min(epsilon - point, 0);
                double rest = Math.exp(gap) * (walk.sum - walk.tail);
                double delta = (walk.sum - rest) * scale + apart;
                return Double.isNaN(delta)
                        ? Optional.empty()
                        : Optional.of(new Value(Math.min(1, delta), rest * scale / delta));
            }
            walk.tail = walk.next();
        }
        return Optional.empty();
    }

    /** The mass above a point and the tail at it, while the point moves down. */
    private final class Walk {
        private final double up = Math.exp(tilt * step);
        private final double down = Math.exp(-step);
        private final double share = -Math.expm1(-step);
        private double factor;
        private double sum;
        private double tail;

        void take(int i) {
            // The factor is computed anew now and then, so that rounding does not pile up.
            factor = i % 64 == 0 ? Math.exp(-tilt * ((top - i) * step - centre)) : factor * up;
            sum += transform.mass(Math.floorMod(top - i, size)) * factor;
        }

        double next() {
            return down * tail + share * sum;
        }
    }
}
