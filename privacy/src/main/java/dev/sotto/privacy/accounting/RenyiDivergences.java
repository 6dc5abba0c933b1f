package dev.sotto.privacy.accounting;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.event.DiscreteGaussian;
import dev.sotto.privacy.event.DiscreteGaussianVector;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.privacy.event.EpsilonDelta;
import dev.sotto.privacy.event.ExponentialMechanism;
import dev.sotto.privacy.event.Laplace;
import dev.sotto.privacy.event.MixtureOfGaussians;
import dev.sotto.privacy.event.NonPrivate;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.RepeatAndSelect;
import dev.sotto.privacy.event.SampledWithoutReplacement;
import dev.sotto.privacy.event.TruncatedSubsampledGaussian;
import dev.sotto.privacy.event.Zcdp;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/** Interprets events as curves of Renyi divergences over fixed orders. Immutable and thread-safe. */
final class RenyiDivergences {
    /** The standard deviation from which on discrete Gaussian noise is as good as continuous. */
    private static final double CONTINUOUS = 1000;

    /** Where quadrature would take more nodes, atoms that dominate the pair bound its divergences. */
    private static final int MOST_NODES = 200_000;

    /** From so many different events on, their curves are worked out side by side. */
    private static final int MANY = 16;

    private final double[] orders;
    private final boolean loose;
    private final double largest;

    /**
     * An interpreter.
     *
     * @param orders at which divergences are kept
     * @param loose whether fractional orders of the Poisson-sampled Gaussian follow Google's looser series
     */
    RenyiDivergences(double[] orders, boolean loose) {
        this.orders = orders;
        this.loose = loose;
        this.largest = Arrays.stream(orders).max().orElse(2);
    }

    double[] of(DpEvent event) {
        List<Map.Entry<DpEvent, Long>> parts = List.copyOf(DpEvents.parts(event).entrySet());
        double[] total = new double[orders.length];
        // Added in the order of the parts, so that how many threads there are changes no bit.
        List<double[]> curves = (parts.size() < MANY ? parts.stream() : parts.parallelStream())
                .map(part -> curve(part.getKey()))
                .toList();
        for (int k = 0; k < curves.size(); k++) {
            for (int i = 0; i < total.length; i++) {
                total[i] += parts.get(k).getValue() * curves.get(k)[i];
            }
        }
        return total;
    }

    private double[] curve(DpEvent event) {
        OptionalDouble distance = LossPairs.gaussianDistance(event);
        if (distance.isPresent()) {
            double square = distance.getAsDouble() * distance.getAsDouble();
            return each(order -> order * square / 2);
        } else if (event instanceof DiscreteGaussianVector vector) {
            double ratio = vector.sensitivity() / vector.sigma();
            return each(order -> order * ratio * ratio / 2);
        } else if (event instanceof NonPrivate) {
            return each(order -> Double.POSITIVE_INFINITY);
        } else if (event instanceof PoissonSampled sampled) {
            return sampled(sampled);
        } else if (event instanceof SampledWithoutReplacement sampled) {
            return withoutReplacement(sampled);
        } else if (event instanceof TruncatedSubsampledGaussian truncated) {
            return truncated(truncated);
        } else if (event instanceof Laplace laplace) {
            double shift = laplace.sensitivity() / laplace.scale();
            return shift < 1e-2
                    ? PairMoments.divergences(new LaplacePair(shift), orders)
                    : each(order -> laplace(shift, order));
        } else if (event instanceof Zcdp zcdp) {
            return each(order -> zcdp.xi() + zcdp.rho() * order);
        } else if (event instanceof ExponentialMechanism mechanism) {
            return each(order -> SelectionCurves.exponential(mechanism.epsilon(), order));
        } else if (event instanceof RepeatAndSelect repeated) {
            return SelectionCurves.repeated(repeated, orders, of(repeated.event()));
        } else if (event instanceof MixtureOfGaussians mixture) {
            GaussianMixturePair pair = LossPairs.mixture(mixture);
            double[] byQuadrature = pair.nodes(largest) < MOST_NODES ? each(pair::divergence) : new double[] {0};
            // A sum of logarithms has lost its digits where next to nothing diverges.
            return Arrays.stream(byQuadrature).min().orElse(0) < 1e-6
                    ? PairMoments.divergences(pair, orders)
                    : byQuadrature;
        } else if (event instanceof EpsilonDelta bound && bound.delta() > 0) {
            throw new UnboundedEventException("rdp", event, "pld can");
        } else if (event instanceof DiscreteGaussian gaussian && gaussian.sigma() > CONTINUOUS) {
            // Never more than continuous noise (Canonne, Kamath, Steinke 2020, theorem 4), and from here on no less.
            double ratio = gaussian.sensitivity() / gaussian.sigma();
            return each(order -> order * ratio * ratio / 2);
        }
        return PairMoments.divergences(LossPairs.of(event, "rdp"), orders);
    }

    private double[] sampled(PoissonSampled sampled) {
        if (sampled.event() instanceof DiscreteGaussianVector vector) {
            return sampled(sampled, vector);
        }
        OptionalDouble sigma = LossPairs.sampledSigma(sampled.event());
        if (sigma.isEmpty()) {
            if (sampled.event() instanceof EpsilonDelta bound && bound.delta() > 0) {
                throw new UnboundedEventException("rdp", sampled, "pld can");
            }
            return PairMoments.divergences(LossPairs.of(sampled, "rdp"), orders);
        }
        boolean replaced = sampled.neighbours().orElseThrow() == NeighbouringRelation.REPLACE_ONE;
        return mixtures(sampled.rate(), sigma.getAsDouble(), replaced);
    }

    private double[] mixtures(double rate, double sigma, boolean replaced) {
        DoubleUnaryOperator moments = mixture(rate, sigma, replaced);
        return each(order -> moments.applyAsDouble(order) / (order - 1));
    }

    /**
     * At whole orders the moments of the sample are a sum of whole moments of the mechanism (Mironov, Talwar, Zhang 2019,
     * section 3.3; the noise is symmetric, so theirs is the larger direction). Those are exactly the Gaussian's: a shift by a
     * whole number of units, that many times, is one by a whole number of units. Between whole orders no such sum exists.
     */
    private double[] sampled(PoissonSampled sampled, DiscreteGaussianVector vector) {
        if (vector.relation() == NeighbouringRelation.REPLACE_ONE) {
            throw new UnboundedEventException(
                    "rdp", sampled, "under Poisson sampling it must be add-or-remove-one or zero-out");
        }
        DoubleUnaryOperator moments = mixture(sampled.rate(), vector.sigma() / vector.clippingNorm(), false);
        return each(order ->
                order == Math.rint(order) ? moments.applyAsDouble(order) / (order - 1) : Double.POSITIVE_INFINITY);
    }

    private DoubleUnaryOperator mixture(double rate, double sigma, boolean replaced) {
        if (rate == 1) {
            double distance = (replaced ? 2 : 1) / sigma;
            return order -> order * (order - 1) * distance * distance / 2;
        }
        GaussianMixtureMoments exact = new GaussianMixtureMoments(rate, sigma, replaced, largest);
        if (exact.nodes(largestByQuadrature(replaced)) > MOST_NODES) {
            return PairMoments.logMoments(GaussianMixturePair.sampled(rate, sigma, replaced));
        }
        return order -> loose && !replaced && order != Math.rint(order)
                ? LooseMoments.logMoment(rate, sigma, order)
                : exact.logMoment(order);
    }

    private double largestByQuadrature(boolean replaced) {
        return Arrays.stream(orders)
                .filter(order -> replaced || order != Math.rint(order))
                .max()
                .orElse(1);
    }

    /** The bound rests on whole moments alone, in which discrete and continuous noise agree. */
    private double[] withoutReplacement(SampledWithoutReplacement sampled) {
        OptionalDouble sigma = sampled.event() instanceof DiscreteGaussianVector vector
                ? OptionalDouble.of(vector.sigma() / vector.clippingNorm())
                : LossPairs.sampledSigma(sampled.event());
        boolean resized = sampled.neighbours().orElseThrow() == NeighbouringRelation.ADD_OR_REMOVE_ONE;
        if (sigma.isEmpty() || (resized && sampled.event() instanceof DiscreteGaussianVector)) {
            throw new UnboundedEventException(
                    "rdp",
                    sampled,
                    "nobody can: without replacement only Gaussian events are known, the discrete ones under replace-one and zero-out");
        }
        if (sampled.rate() == 1) {
            return each(order -> 2 * order / (sigma.getAsDouble() * sigma.getAsDouble()));
        }
        // Two samples that differ in one unit lie 2C apart.
        if (resized) {
            return mixtures(sampled.rate(), sigma.getAsDouble() / 2, false);
        }
        FixedSizeMoments moments = new FixedSizeMoments(sampled.rate(), sigma.getAsDouble() / 2);
        return each(order -> moments.logMoment(order) / (order - 1));
    }

    private double[] truncated(TruncatedSubsampledGaussian event) {
        TruncatedSampling parts = TruncatedSampling.of(event);
        DoubleUnaryOperator whole = mixture(event.rate(), parts.sigma(), parts.replaced());
        DoubleUnaryOperator cut =
                parts.rateWhenCut() > 0 ? mixture(parts.rateWhenCut(), parts.sigma() / 2, true) : order -> 0;
        return each(order -> mixed(parts.cut(), cut.applyAsDouble(order), whole.applyAsDouble(order)) / (order - 1));
    }

    /** ln of the mean of two moments, given their logarithms; small ones without cancellation. */
    private static double mixed(double weight, double one, double other) {
        return Math.max(one, other) < 1
                ? Math.log1p(weight * Math.expm1(one) + (1 - weight) * Math.expm1(other))
                : LogMath.add(Math.log(weight) + one, Math.log1p(-weight) + other);
    }

    /** Mironov 2017, table II. */
    private static double laplace(double shift, double order) {
        double up = Math.log(order / (2 * order - 1)) + (order - 1) * shift;
        double down = Math.log((order - 1) / (2 * order - 1)) - order * shift;
        return LogMath.add(up, down) / (order - 1);
    }

    private double[] each(DoubleUnaryOperator divergence) {
        return Arrays.stream(orders)
                .map(divergence)
                .map(value -> Math.max(value, 0))
                .toArray();
    }
}
