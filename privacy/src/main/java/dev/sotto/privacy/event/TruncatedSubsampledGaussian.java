package dev.sotto.privacy.event;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * A Gaussian release on a Poisson sample that is cut to a largest size by dropping units at random.
 *
 * @param population number of units
 * @param rate with which each unit is drawn, in (0, 1]
 * @param largestBatch the largest sample, 1 or more
 * @param standardDeviation of the noise on a coordinate
 * @param clippingNorm the largest L2 norm of a contribution
 * @param relation which data sets are neighbours
 */
public record TruncatedSubsampledGaussian(
        long population,
        double rate,
        long largestBatch,
        double standardDeviation,
        double clippingNorm,
        NeighbouringRelation relation)
        implements DpEvent {
    /** Checks the ranges. */
    public TruncatedSubsampledGaussian {
        Require.atLeast("population of the truncated subsampled Gaussian", population, 1);
        Require.rate("sampling rate of the truncated subsampled Gaussian", rate);
        Require.atLeast("largest batch of the truncated subsampled Gaussian", largestBatch, 1);
        Require.positive("standard deviation of the truncated subsampled Gaussian", standardDeviation);
        Require.positive("clipping norm of the truncated subsampled Gaussian", clippingNorm);
        Events.require(relation, "relation of the truncated subsampled Gaussian event");
    }

    @Override
    public Optional<NeighbouringRelation> neighbours() {
        return Optional.of(relation);
    }
}
