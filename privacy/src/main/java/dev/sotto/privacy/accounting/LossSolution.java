package dev.sotto.privacy.accounting;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The worse of both directions.
 *
 * @param value epsilon or delta
 * @param direction in words
 * @param step of the grid that was used
 */
record LossSolution(double value, String direction, double step) {
    private static final int ATTEMPTS = 12;
    private static final double SETTLED = 2e-3;

    /** Epsilon at a delta; each composition is tilted to it. A direction whose Chernoff bound is no worse is passed over. */
    static LossSolution epsilon(List<LossComposition> directions, double delta, double step) {
        LossSolution worst = new LossSolution(0, name(directions, directions.get(0)), Double.isNaN(step) ? 1e-4 : step);
        List<LossComposition> order = directions.stream()
                .sorted(Comparator.comparingDouble(direction -> -direction.centre))
                .toList();
        for (LossComposition direction : order) {
            if (direction.centre > worst.value) {
                LossSolution found = epsilon(direction, delta, step, name(directions, direction));
                worst = found.value > worst.value ? found : worst;
            }
        }
        return worst;
    }

    private static LossSolution epsilon(LossComposition direction, double delta, double step, String name) {
        // Chernoff's bound, which the tilt came from, holds too, and needs no grid.
        LossSolution best = new LossSolution(direction.centre, name, Double.isNaN(step) ? 1e-4 : step);
        boolean composed = false;
        double last = Double.POSITIVE_INFINITY;
        LossComposition now = direction.narrowed(direction.centre, delta);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            now = inRange(now);
            LossTail tail = LossTail.of(now, step);
            Optional<LossTail.Point> found = tail.epsilon(delta);
            if (found.isEmpty()) {
                if (tail.window().low() <= 0) {
                    return new LossSolution(0, name, tail.grid().step());
                }
                now = now.tilted(now.tilt / 3);
                continue;
            }
            double epsilon = found.get().epsilon();
            if (epsilon == Double.POSITIVE_INFINITY) {
                // A grid that was asked for may be so coarse that its losses are others.
                if (Double.isNaN(step) || attempt > 1) {
                    break;
                }
                now = tail.composition().retilted(delta);
                continue;
            }
            // Every attempt gives a bound, and a given grid its own.
            boolean better = epsilon < best.value || (!composed && !Double.isNaN(step));
            best = better
                    ? new LossSolution(Math.max(0, epsilon), name, tail.grid().step())
                    : best;
            composed = true;
            LossComposition aimed = now.aimedAt(epsilon, found.get().decay(), delta);
            // Away from Chernoff's tilt an epsilon far above the true one comes with much rounding: aim again until it
            // stays.
            boolean settling = now.tilt != direction.tilt && epsilon < last * (1 - SETTLED);
            boolean coarse = attempt < 4 && (tail.grid().tooCoarse(aimed, tail.window()) || now.misses(epsilon, delta));
            if (!settling && !coarse) {
                break;
            }
            last = epsilon;
            now = aimed;
        }
        return best;
    }

    /** Delta at an epsilon. */
    static LossSolution delta(List<LossComposition> directions, double epsilon, double step) {
        LossSolution worst = new LossSolution(0, name(directions, directions.get(0)), Double.isNaN(step) ? 1e-4 : step);
        for (LossComposition direction : directions) {
            OptionalDouble beyond = direction.deltaBeyondReach(epsilon);
            if (beyond.isPresent()) {
                if (beyond.getAsDouble() > worst.value) {
                    worst = new LossSolution(beyond.getAsDouble(), name(directions, direction), worst.step);
                }
                continue;
            }
            LossSolution found = delta(direction, epsilon, step, name(directions, direction));
            worst = found.value > worst.value ? found : worst;
        }
        return worst;
    }

    private static LossSolution delta(LossComposition direction, double epsilon, double step, String name) {
        // Chernoff's bound holds too, and needs no grid.
        LossSolution best = new LossSolution(direction.deltaBound(epsilon), name, Double.isNaN(step) ? 1e-4 : step);
        boolean composed = false;
        double last = Double.POSITIVE_INFINITY;
        LossComposition now = direction.narrowed(epsilon, best.value);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            now = inRange(now);
            LossTail tail = LossTail.of(now, step);
            Optional<LossTail.Value> found = tail.delta(epsilon);
            if (found.isEmpty()) {
                now = now.tilted(now.tilt / 3);
                continue;
            }
            double delta = found.get().delta();
            // Every attempt gives a bound, and a given grid its own.
            boolean better = delta < best.value || (!composed && !Double.isNaN(step));
            best = better ? new LossSolution(delta, name, tail.grid().step()) : best;
            composed = true;
            LossComposition aimed = now.aimedAt(epsilon, found.get().decay(), delta);
            boolean settling = now.tilt != direction.tilt && delta < last * (1 - SETTLED);
            boolean coarse = attempt < 4 && (tail.grid().tooCoarse(aimed, tail.window()) || now.misses(epsilon, delta));
            if (!settling && !coarse) {
                break;
            }
            last = delta;
            now = aimed;
        }
        return best;
    }

    /** Tilted so far only that the way back down the window stays within the range of a double; up it may underflow. */
    private static LossComposition inRange(LossComposition direction) {
        LossComposition now = direction;
        while (now.tilt * (now.centre - now.window().low()) > 600) {
            now = now.tilted(now.tilt / 2);
        }
        return now;
    }

    private static String name(List<LossComposition> directions, LossComposition direction) {
        return directions.size() == 1
                ? "the same in both directions"
                : direction == directions.get(0) ? "largest when a unit is removed" : "largest when a unit is added";
    }
}
