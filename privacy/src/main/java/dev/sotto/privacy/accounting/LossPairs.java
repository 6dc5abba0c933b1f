package dev.sotto.privacy.accounting;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DiscreteGaussian;
import dev.sotto.privacy.event.DiscreteLaplace;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.EpsilonDelta;
import dev.sotto.privacy.event.ExponentialMechanism;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.Laplace;
import dev.sotto.privacy.event.MixtureOfGaussians;
import dev.sotto.privacy.event.PermuteAndFlip;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.RandomizedResponse;
import dev.sotto.privacy.event.SampledWithoutReplacement;
import dev.sotto.privacy.event.SelfComposed;
import dev.sotto.privacy.event.SingleEpochTreeAggregation;
import dev.sotto.privacy.event.TruncatedSubsampledGaussian;
import java.util.Optional;
import java.util.OptionalDouble;

/** The dominating pair of each kind of event, in the direction in which a unit is removed. */
final class LossPairs {
    private LossPairs() {}

    /** The distance, in standard deviations, of a plain Gaussian or what equals one. */
    static OptionalDouble gaussianDistance(DpEvent event) {
        if (event instanceof Gaussian gaussian) {
            return OptionalDouble.of(gaussian.sensitivity() / gaussian.standardDeviation());
        }
        if (event instanceof SingleEpochTreeAggregation tree) {
            return OptionalDouble.of(tree.sensitivity() / tree.standardDeviation());
        }
        if (event instanceof MixtureOfGaussians mixture
                && mixture.sensitivities().stream().allMatch(sensitivity -> sensitivity == 0)) {
            return OptionalDouble.of(0);
        }
        return OptionalDouble.empty();
    }

    /**
     * The pair of one event.
     *
     * @param accountant who asks, and will be named if there is none
     */
    static LossPair of(DpEvent event, String accountant) {
        OptionalDouble distance = gaussianDistance(event);
        if (distance.isPresent()) {
            return GaussianMixturePair.gaussian(distance.getAsDouble());
        } else if (event instanceof PoissonSampled sampled) {
            return sampled(sampled, accountant);
        } else if (event instanceof Laplace laplace) {
            return new LaplacePair(laplace.sensitivity() / laplace.scale());
        } else if (event instanceof DiscreteLaplace laplace) {
            return DiscreteNoise.laplace(laplace.parameter(), laplace.sensitivity());
        } else if (event instanceof DiscreteGaussian gaussian) {
            if (gaussian.sigma() > DiscreteNoise.LARGEST_SIGMA) {
                throw new UnboundedEventException(
                        accountant, event, "rdp can; others with a sigma of at most " + DiscreteNoise.LARGEST_SIGMA);
            }
            return DiscreteNoise.gaussian(gaussian.sigma(), gaussian.sensitivity());
        } else if (event instanceof MixtureOfGaussians mixture) {
            return mixture(mixture);
        } else if (event instanceof RandomizedResponse response) {
            return response(response);
        } else if (event instanceof EpsilonDelta bound) {
            return AtomicPair.pure(bound.epsilon(), bound.delta());
        } else if (event instanceof ExponentialMechanism mechanism) {
            return AtomicPair.pure(mechanism.epsilon(), 0);
        } else if (event instanceof PermuteAndFlip mechanism) {
            return AtomicPair.pure(mechanism.epsilon(), 0);
        } else if (event instanceof SampledWithoutReplacement sampled) {
            return withoutReplacement(sampled, accountant);
        } else if (event instanceof TruncatedSubsampledGaussian truncated) {
            return truncated(truncated);
        }
        throw new UnboundedEventException(accountant, event, "rdp can");
    }

    /** Standard deviation over the reach of one unit, of one Gaussian or several on the same sample; empty for others. */
    static OptionalDouble sampledSigma(DpEvent event) {
        if (event instanceof Gaussian gaussian) {
            return OptionalDouble.of(gaussian.standardDeviation() / gaussian.reach());
        }
        if (event instanceof SelfComposed repeated && repeated.count() > 0) {
            OptionalDouble one = sampledSigma(repeated.event());
            return one.isEmpty() ? one : OptionalDouble.of(one.getAsDouble() / Math.sqrt((double) repeated.count()));
        }
        if (event instanceof Composed composed && !composed.events().isEmpty()) {
            double squares = 0;
            for (DpEvent part : composed.events()) {
                OptionalDouble one = sampledSigma(part);
                if (one.isEmpty()) {
                    return one;
                }
                squares += 1 / (one.getAsDouble() * one.getAsDouble());
            }
            return OptionalDouble.of(1 / Math.sqrt(squares));
        }
        return OptionalDouble.empty();
    }

    private static LossPair sampled(PoissonSampled sampled, String accountant) {
        Optional<NeighbouringRelation> relation = sampled.neighbours();
        OptionalDouble sigma = sampledSigma(sampled.event());
        if (sigma.isPresent()) {
            boolean replaced = relation.orElseThrow() == NeighbouringRelation.REPLACE_ONE;
            return GaussianMixturePair.sampled(sampled.rate(), sigma.getAsDouble(), replaced);
        }
        if (sampled.event() instanceof Composed || sampled.event() instanceof SelfComposed) {
            throw new UnboundedEventException(
                    accountant, sampled, "nobody can: under Poisson sampling only Gaussian events may be composed");
        }
        if (sampled.event() instanceof PoissonSampled || !amplified(sampled.event())) {
            throw new UnboundedEventException(
                    accountant, sampled, "nobody can: no amplification is known for that event under Poisson sampling");
        }
        LossPair one = new SampledPair(of(sampled.event(), accountant), sampled.rate());
        boolean oneSided = relation.isPresent() && relation.get() != NeighbouringRelation.REPLACE_ONE;
        return oneSided ? one : new SplitPair(one, one.flipped());
    }

    /**
     * Events that are defined without a unit as well as with it, and whose pair bounds both that and its replacement: under
     * replace-one (and whatever the relation, where the event names none) delta is then at most q times that of the event, at
     * ln(1 + q (e^epsilon - 1)) (Balle, Barthe, Gaboardi 2018, theorem 2), in both directions.
     */
    private static boolean amplified(DpEvent event) {
        return event instanceof Laplace
                || event instanceof DiscreteLaplace
                || event instanceof DiscreteGaussian
                || event instanceof MixtureOfGaussians
                || event instanceof EpsilonDelta
                || event instanceof ExponentialMechanism
                || event instanceof PermuteAndFlip;
    }

    static GaussianMixturePair mixture(MixtureOfGaussians mixture) {
        double[] centres = mixture.sensitivities().stream().mapToDouble(c -> c).toArray();
        double[] weights = mixture.probabilities().stream().mapToDouble(p -> p).toArray();
        return new GaussianMixturePair(
                mixture.standardDeviation(), centres, weights, new double[] {0}, new double[] {1});
    }

    private static LossPair response(RandomizedResponse response) {
        int k = response.buckets();
        double other = response.noiseParameter() / k;
        double own = 1 - response.noiseParameter() + other;
        if (response.relation() == NeighbouringRelation.REPLACE_ONE) {
            return new AtomicPair(
                    new double[] {own, other, other * (k - 2)}, new double[] {other, own, other * (k - 2)});
        }
        return new AtomicPair(new double[] {own, other * (k - 1)}, new double[] {1.0 / k, (k - 1.0) / k});
    }

    /**
     * Samples that differ in one unit lie up to 2C apart: with probability q the unit is in the sample, in another's place.
     * Under add-or-remove-one the smaller data set's sample is that other one, which gives the pair of Poisson sampling in
     * both directions; otherwise either may have the unit.
     */
    private static LossPair withoutReplacement(SampledWithoutReplacement sampled, String accountant) {
        OptionalDouble sigma = sampledSigma(sampled.event());
        if (sigma.isEmpty()) {
            throw new UnboundedEventException(
                    accountant, sampled, "nobody can: without replacement only Gaussian events are known");
        }
        if (sampled.rate() == 1) {
            return GaussianMixturePair.gaussian(2 / sigma.getAsDouble());
        }
        LossPair up = GaussianMixturePair.sampled(sampled.rate(), sigma.getAsDouble() / 2, false);
        boolean oneSided = sampled.neighbours().orElseThrow() == NeighbouringRelation.ADD_OR_REMOVE_ONE;
        return oneSided ? up : new SplitPair(up, up.flipped());
    }

    private static LossPair truncated(TruncatedSubsampledGaussian event) {
        TruncatedSampling parts = TruncatedSampling.of(event);
        LossPair whole = sampledOrNot(event.rate(), parts.sigma(), parts.replaced());
        if (parts.cut() == 0) {
            return whole;
        }
        LossPair cut = parts.rateWhenCut() > 0
                ? sampledOrNot(parts.rateWhenCut(), parts.sigma() / 2, true)
                : new AtomicPair(new double[] {1}, new double[] {1});
        return new WeightedPair(cut, parts.cut(), whole);
    }

    private static LossPair sampledOrNot(double rate, double sigma, boolean replaced) {
        return rate == 1
                ? GaussianMixturePair.gaussian((replaced ? 2 : 1) / sigma)
                : GaussianMixturePair.sampled(rate, sigma, replaced);
    }
}
