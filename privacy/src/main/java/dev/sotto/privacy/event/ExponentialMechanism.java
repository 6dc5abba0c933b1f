package dev.sotto.privacy.event;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * A choice made with probabilities proportional to exp(epsilon score / (2 sensitivity)), which is epsilon-private and of
 * bounded range epsilon (Dong, Durfee, Rogers 2020).
 *
 * @param epsilon finite, above 0
 */
public record ExponentialMechanism(double epsilon) implements DpEvent {
    /** Checks the ranges. */
    public ExponentialMechanism {
        Require.positive("epsilon of the exponential mechanism", epsilon);
    }

    @Override
    public Optional<NeighbouringRelation> neighbours() {
        return Optional.empty();
    }
}
