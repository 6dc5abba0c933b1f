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
        return OptionalDouble.empty();
    }

    /** The pair of one event. */
    static LossPair of(DpEvent event) {
        OptionalDouble distance = gaussianDistance(event);
        if (distance.isPresent()) {
            return GaussianMixturePair.gaussian(distance.getAsDouble());
        } else if (event instanceof PoissonSampled sampled) {
            return sampled(sampled);
        } else if (event instanceof Laplace laplace) {
            return new LaplacePair(laplace.sensitivity() / laplace.scale());
        } else if (event instanceof DiscreteLaplace laplace) {
            return DiscreteNoise.laplace(laplace.parameter(), laplace.sensitivity());
        } else if (event instanceof DiscreteGaussian gaussian) {
            return DiscreteNoise.gaussian(gaussian.sigma(), gaussian.sensitivity());
        } else if (event instanceof MixtureOfGaussians mixture) {
            return mixture(mixture);
        } else if (event instanceof RandomizedResponse response) {
            return response(response);
        } else if (event instanceof EpsilonDelta bound) {
            return bound(bound.epsilon(), bound.delta());
        } else if (event instanceof ExponentialMechanism mechanism) {
            return bound(mechanism.epsilon(), 0);
        } else if (event instanceof PermuteAndFlip mechanism) {
            return bound(mechanism.epsilon(), 0);
        } else if (event instanceof SampledWithoutReplacement sampled) {
            return withoutReplacement(sampled);
        } else if (event instanceof TruncatedSubsampledGaussian truncated) {
            return truncated(truncated);
        }
        throw new UnboundedEventException("pld", event, "rdp can");
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

    private static LossPair sampled(PoissonSampled sampled) {
        boolean replaced = sampled.neighbours().orElse(null) == NeighbouringRelation.REPLACE_ONE;
        OptionalDouble sigma = sampledSigma(sampled.event());
        if (sigma.isPresent()) {
            return GaussianMixturePair.sampled(sampled.rate(), sigma.getAsDouble(), replaced);
        }
        if (replaced || sampled.event() instanceof RandomizedResponse) {
            throw new UnboundedEventException(
                    "pld", sampled, "under Poisson sampling and replace-one only Gaussian events are known to any");
        }
        if (sampled.event() instanceof Composed || sampled.event() instanceof SelfComposed) {
            throw new UnboundedEventException(
                    "pld", sampled, "under Poisson sampling only Gaussian events may be composed");
        }
        return new SampledPair(of(sampled.event()), sampled.rate());
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

    private static LossPair bound(double epsilon, double delta) {
        double high = (1 - delta) / (1 + Math.exp(-epsilon));
        double low = (1 - delta) / (1 + Math.exp(epsilon));
        return new AtomicPair(new double[] {delta, high, low, 0}, new double[] {0, low, high, delta});
    }

    /** Replace-one: the base pair is that of two samples that differ in one unit, 2C apart. */
    private static LossPair withoutReplacement(SampledWithoutReplacement sampled) {
        OptionalDouble sigma = sampledSigma(sampled.event());
        if (sigma.isEmpty() || sampled.neighbours().orElse(null) == NeighbouringRelation.ADD_OR_REMOVE_ONE) {
            throw new UnboundedEventException(
                    "pld", sampled, "without replacement it knows Gaussian events under replace-one or zero-out");
        }
        LossPair base = GaussianMixturePair.gaussian(2 / sigma.getAsDouble());
        if (sampled.rate() == 1) {
            return base;
        }
        LossPair up = GaussianMixturePair.sampled(sampled.rate(), sigma.getAsDouble() / 2, false);
        return new SplitPair(up, up.flipped());
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
