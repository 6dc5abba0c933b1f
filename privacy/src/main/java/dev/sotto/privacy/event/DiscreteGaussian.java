package dev.sotto.privacy.event;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * An integer released with discrete Gaussian noise, P(x) proportional to exp(-x^2 / (2 sigma^2)) (Canonne, Kamath, Steinke
 * 2020).
 *
 * @param sigma the parameter of the noise, about its standard deviation
 * @param clippingNorm the largest absolute value of a contribution, an integer
 * @param relation which data sets are neighbours
 */
public record DiscreteGaussian(double sigma, int clippingNorm, NeighbouringRelation relation) implements DpEvent {
    /** Checks the ranges. */
    public DiscreteGaussian {
        Require.positive("sigma of the discrete Gaussian event", sigma);
        Require.atLeast("clipping norm of the discrete Gaussian event", clippingNorm, 1);
        Events.require(relation, "relation of the discrete Gaussian event");
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
