package dev.sotto.privacy.event;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * A vector on an integer grid released with independent discrete Gaussian noise on each coordinate (Canonne, Kamath,
 * Steinke 2020). At every Renyi order it costs at most what a Gaussian of the same scale does (their theorem 14); its
 * privacy loss depends on the direction of the change, so no single pair of distributions is its worst case.
 *
 * @param sigma the parameter of the noise, in units of the clipping norm's
 * @param clippingNorm the largest L2 norm of a contribution
 * @param relation which data sets are neighbours
 */
public record DiscreteGaussianVector(double sigma, double clippingNorm, NeighbouringRelation relation)
        implements DpEvent {
    /** Checks the ranges. */
    public DiscreteGaussianVector {
        Require.positive("sigma of the discrete Gaussian vector event", sigma);
        Require.positive("clipping norm of the discrete Gaussian vector event", clippingNorm);
        Events.require(relation, "relation of the discrete Gaussian vector event");
    }

    /** How far apart the sums of neighbours can lie. */
    public double sensitivity() {
        return relation == NeighbouringRelation.REPLACE_ONE ? 2 * clippingNorm : clippingNorm;
    }

    @Override
    public Optional<NeighbouringRelation> neighbours() {
        return Optional.of(relation);
    }
}
