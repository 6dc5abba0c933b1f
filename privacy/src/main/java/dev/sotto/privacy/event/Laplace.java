package dev.sotto.privacy.event;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * A vector released with independent Laplace noise on each coordinate.
 *
 * @param scale b of the density exp(-|x| / b) / (2 b)
 * @param clippingNorm the largest L1 norm of a contribution
 * @param relation which data sets are neighbours
 */
public record Laplace(double scale, double clippingNorm, NeighbouringRelation relation) implements DpEvent {
    /** Checks the ranges. */
    public Laplace {
        Require.positive("scale of the Laplace event", scale);
        Require.positive("clipping norm of the Laplace event", clippingNorm);
        Events.require(relation, "relation of the Laplace event");
    }

    /** How far apart, in L1, the sums of neighbours can lie. */
    public double sensitivity() {
        return relation == NeighbouringRelation.REPLACE_ONE ? 2 * clippingNorm : clippingNorm;
    }

    @Override
    public Optional<NeighbouringRelation> neighbours() {
        return Optional.of(relation);
    }
}
