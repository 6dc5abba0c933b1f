package dev.sotto.privacy.event;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.Require;
import java.util.List;
import java.util.Optional;

/**
 * A Gaussian release to which one unit adds a random amount: sensitivity i with probability i, secretly drawn (Choquette-Choo
 * et al. 2023). Add-or-remove-one or zero-out.
 *
 * @param standardDeviation of the noise
 * @param sensitivities what the unit may add, each 0 or more
 * @param probabilities of those, in the same order, which add up to 1
 * @param relation which data sets are neighbours; not replace-one
 */
public record MixtureOfGaussians(
        double standardDeviation, List<Double> sensitivities, List<Double> probabilities, NeighbouringRelation relation)
        implements DpEvent {
    /** Checks the ranges. */
    public MixtureOfGaussians {
        Require.positive("standard deviation of the mixture of Gaussians", standardDeviation);
        sensitivities = Events.list(sensitivities, "list of sensitivities of the mixture of Gaussians");
        probabilities = Events.list(probabilities, "list of probabilities of the mixture of Gaussians");
        sensitivities.forEach(s -> Require.nonNegative("sensitivity of the mixture of Gaussians", s));
        probabilities.forEach(p -> Require.probability("probability of the mixture of Gaussians", p));
        double sum = probabilities.stream().mapToDouble(p -> p).sum();
        if (sensitivities.size() != probabilities.size() || Math.abs(sum - 1) > 1e-9) {
            throw new IllegalArgumentException("the mixture of Gaussians has " + sensitivities.size()
                    + " sensitivities and " + probabilities.size() + " probabilities that add up to " + sum
                    + "; there must be one for each, adding up to 1");
        }
        Events.refuseReplaceOne(relation, "mixture of Gaussians");
    }

    @Override
    public Optional<NeighbouringRelation> neighbours() {
        return Optional.of(relation);
    }
}
