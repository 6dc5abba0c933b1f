package dev.sotto.privacy.event;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * Anything that is (epsilon, delta)-differentially private, whatever it is.
 *
 * @param epsilon finite, 0 or more
 * @param delta in [0, 1]
 */
public record EpsilonDelta(double epsilon, double delta) implements DpEvent {
    /** Checks the ranges. */
    public EpsilonDelta {
        Require.nonNegative("epsilon of the epsilon-delta event", epsilon);
        Require.probability("delta of the epsilon-delta event", delta);
    }

    @Override
    public Optional<NeighbouringRelation> neighbours() {
        return Optional.empty();
    }
}
