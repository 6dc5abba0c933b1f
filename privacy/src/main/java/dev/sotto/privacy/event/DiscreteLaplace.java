package dev.sotto.privacy.event;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * An integer released with discrete Laplace noise, P(x) proportional to exp(-parameter |x|).
 *
 * @param parameter of the noise: the pure epsilon for contributions of 1
 * @param clippingNorm the largest absolute value of a contribution, an integer
 * @param relation which data sets are neighbours
 */
public record DiscreteLaplace(double parameter, int clippingNorm, NeighbouringRelation relation) implements DpEvent {
    /** Checks the ranges. */
    public DiscreteLaplace {
        Require.positive("parameter of the discrete Laplace event", parameter);
        Require.atLeast("clipping norm of the discrete Laplace event", clippingNorm, 1);
        Events.require(relation, "relation of the discrete Laplace event");
    }

    /** How far apart the sums of neighbours can lie. */
    public long sensitivity() {
        return relation == NeighbouringRelation.REPLACE_ONE ? 2L * clippingNorm : clippingNorm;
    }

    @Override
    public Optional<NeighbouringRelation> neighbours() {
        return Optional.of(relation);
    }
}
