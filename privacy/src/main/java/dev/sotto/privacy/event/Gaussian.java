package dev.sotto.privacy.event;

import dev.sotto.privacy.ClipPer;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * A vector released with independent normal noise on each coordinate.
 *
 * @param standardDeviation of the noise on a coordinate, in units of the clipping norm's
 * @param clippingNorm the largest L2 norm C of what was clipped
 * @param relation which data sets are neighbours
 * @param clipPer whether each contribution was clipped, or their sum as a whole
 */
public record Gaussian(double standardDeviation, double clippingNorm, NeighbouringRelation relation, ClipPer clipPer)
        implements DpEvent {
    /** Checks the ranges. */
    public Gaussian {
        Require.positive("standard deviation of the Gaussian event", standardDeviation);
        Require.positive("clipping norm of the Gaussian event", clippingNorm);
        Events.require(relation, "relation of the Gaussian event");
        clipPer = clipPer == null ? ClipPer.EXAMPLE : clipPer;
    }

    /** Each contribution clipped by itself. */
    public Gaussian(double standardDeviation, double clippingNorm, NeighbouringRelation relation) {
        this(standardDeviation, clippingNorm, relation, ClipPer.EXAMPLE);
    }

    /** How far apart the sums of neighbours can lie: C, or 2C under replace-one or when the sum as a whole was clipped. */
    public double sensitivity() {
        boolean doubled = relation == NeighbouringRelation.REPLACE_ONE || clipPer == ClipPer.BATCH;
        return doubled ? 2 * clippingNorm : clippingNorm;
    }

    /** How far the presence of one unit can move the sum: C, or 2C when the sum as a whole was clipped. */
    public double reach() {
        return clipPer == ClipPer.BATCH ? 2 * clippingNorm : clippingNorm;
    }

    @Override
    public Optional<NeighbouringRelation> neighbours() {
        return Optional.of(relation);
    }
}
