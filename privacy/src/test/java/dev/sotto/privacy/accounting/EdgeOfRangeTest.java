package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
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
import dev.sotto.privacy.event.SelfComposed;
import dev.sotto.privacy.event.TruncatedSubsampledGaussian;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where a double holds next to nothing of one of two probabilities, or where the two are nearly the same: bounds must stay
 * bounds, and answers must come.
 */
class EdgeOfRangeTest {
    private static final NeighbouringRelation ZERO = NeighbouringRelation.ZERO_OUT;
    private static final RdpAccountant RDP = RdpAccountant.standard();
    private static final PldAccountant PLD = PldAccountant.standard();

    /** Events that hide nearly everything, by how little they tell. */
    static Stream<DpEvent> faint() {
        return Stream.of(1e-12, 1e-9, 1e-7, 1e-5, 1e-3)
                .flatMap(size -> Stream.of(
                        new EpsilonDelta(size, 0),
                        new PermuteAndFlip(size),
                        new Laplace(1 / size, 1, ZERO),
                        new DiscreteLaplace(size, 1, ZERO),
                        new DiscreteGaussian(Math.min(1 / size, 2000), 1, ZERO),
                        new MixtureOfGaussians(1 / size, List.of(0.0, 1.0, 2.0), List.of(0.3, 0.3, 0.4), ZERO),
                        new RandomizedResponse(1 - size, 4, ZERO),
                        new TruncatedSubsampledGaussian(1000, size, 3, 1, 1, ZERO),
                        new PoissonSampled(size, new Laplace(1, 1, ZERO)),
                        new PoissonSampled(size, new Gaussian(1, 1, ZERO)),
                        new PoissonSampled(size, new Gaussian(1, 1, NeighbouringRelation.REPLACE_ONE)),
                        new PoissonSampled(size, new EpsilonDelta(1, 0)),
                        new PoissonSampled(size, new DiscreteGaussian(2, 1, ZERO))));
    }

    /** The loss distribution of a single event is exact. A curve that rounding makes 0 would promise epsilon 0. */
    @ParameterizedTest
    @MethodSource("faint")
    void renyiNeverPromisesMoreThanIsTrue(DpEvent event) {
        for (double delta = 1e-14; delta < 0.1; delta *= 30) {
            double exact = PLD.epsilon(event, new Delta(delta)).orInfinity();
            assertThat(RDP.epsilon(event, new Delta(delta)).orInfinity())
                    .as("delta %s", delta)
                    .isGreaterThanOrEqualTo(exact * (1 - 1e-6) - 1e-14);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-9, 1e-4, 1e-3, 1e-2, 0.1, 1, 10})
    void theExponentialMechanismIsNoBetterThanItsWorstTwoLosses(double epsilon) {
        for (double order : new double[] {1.1, 2, 30, 1000}) {
            double found = RdpAccountant.withOrders(order).divergences(new ExponentialMechanism(epsilon))[0];
            for (double share = 0.0005; share < 1; share += 0.0005) {
                double high = Math.expm1((share - 1) * epsilon) / Math.expm1(-epsilon);
                double a = order - 1;
                double excess =
                        Math.expm1(a * share * epsilon) * high + (1 - high) * Math.expm1(a * (share - 1) * epsilon);
                double divergence = a * epsilon > 30
                        ? share * epsilon + Math.log(high + (1 - high) * Math.exp(-a * epsilon)) / a
                        : Math.log1p(excess) / a;
                // That rounding of so small a difference is no more than this.
                double rounding = 4e-16 * epsilon;
                assertThat(found).as("order %s", order).isGreaterThanOrEqualTo(divergence * (1 - 1e-9) - rounding);
            }
        }
    }

    static Stream<Arguments> loud() {
        return Stream.of(
                Arguments.of(new EpsilonDelta(800, 0), 800),
                Arguments.of(new ExponentialMechanism(1000), 1000),
                Arguments.of(new PermuteAndFlip(1000), 1000),
                Arguments.of(new DiscreteLaplace(800, 1, ZERO), 800),
                Arguments.of(new DiscreteLaplace(1, 2_000_000_000, NeighbouringRelation.REPLACE_ONE), 4e9),
                Arguments.of(new DiscreteGaussian(0.001, 1, ZERO), 500_000),
                Arguments.of(new DiscreteGaussian(0.02, 1, ZERO), 1250));
    }

    /** One of the two probabilities is below what a double holds, but their ratio is known. */
    @ParameterizedTest
    @MethodSource("loud")
    void anEpsilonIsFoundWhereNextToNothingIsHidden(DpEvent event, double epsilon) {
        for (Accountant accountant : List.of(RDP, PLD, AccountantChoice.TIGHTEST.accountant())) {
            assertThat(accountant.epsilon(event, new Delta(1e-9)).orInfinity())
                    .isCloseTo(epsilon, within(0.03 + 1e-9 * epsilon));
        }
        assertThat(PLD.epsilon(new SelfComposed(event, 1000), new Delta(1e-9)).orInfinity())
                .isCloseTo(1000 * epsilon, within(10 * epsilon));
    }

    /** The Gaussian at distance 2/sigma bounds from above; what one unit adds with probability q bounds from below. */
    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.01, 0.03, 0.1})
    void littleNoiseUnderReplaceOne(double sigma) {
        Gaussian gaussian = new Gaussian(sigma, 1, NeighbouringRelation.REPLACE_ONE);
        DpEvent event = new PoissonSampled(0.3, gaussian);
        Delta delta = new Delta(1e-6);
        double most = ExactGaussian.instance().epsilon(gaussian, delta).orInfinity();
        double least = PLD.epsilon(new PoissonSampled(0.3, new Gaussian(sigma, 1, ZERO)), delta)
                .orInfinity();
        double pld = PLD.epsilon(event, delta).orInfinity();
        assertThat(pld).isBetween(least * (1 - 1e-9), most);
        assertThat(RDP.epsilon(event, delta).orInfinity()).isGreaterThan(pld);
        assertThat(PLD.delta(event, new Epsilon(pld))).isCloseTo(1e-6, within(1e-12));
    }

    /** Integers far apart stand for those between; from a sigma on they are too many, and the curve is that of the continuous. */
    @Test
    void muchDiscreteNoiseIsAboutAsMuchContinuousNoise() {
        for (double sigma : new double[] {1000, 30_000, 200_000}) {
            for (long steps : new long[] {1, 100_000}) {
                DpEvent discrete = new SelfComposed(new DiscreteGaussian(sigma, 1, ZERO), steps);
                DpEvent continuous = new SelfComposed(new Gaussian(sigma, 1, ZERO), steps);
                Delta delta = new Delta(1e-9);
                double exact =
                        ExactGaussian.instance().epsilon(continuous, delta).orInfinity();
                assertThat(PLD.epsilon(discrete, delta).orInfinity()).isBetween(exact * (1 - 1e-6), exact * (1 + 5e-4));
                assertThat(RDP.epsilon(discrete, delta).orInfinity())
                        .isCloseTo(RDP.epsilon(continuous, delta).orInfinity(), within(1e-5));
            }
        }
        DpEvent vast = new DiscreteGaussian(1e6, 1, ZERO);
        assertThatThrownBy(() -> PLD.epsilon(vast, new Delta(1e-9)))
                .isInstanceOf(UnboundedEventException.class)
                .hasMessageContaining("rdp can; others with a sigma of at most");
        assertThat(AccountantChoice.TIGHTEST
                        .accountant()
                        .epsilon(vast, new Delta(1e-9))
                        .accountant())
                .isEqualTo("rdp");
    }

    @Test
    void mixturesThatMoveNothingOrVeryFar() {
        DpEvent nothing = new SelfComposed(new MixtureOfGaussians(1, List.of(0.0), List.of(1.0), ZERO), 1000);
        DpEvent far = new MixtureOfGaussians(0.01, List.of(0.0, 1.0), List.of(0.5, 0.5), ZERO);
        for (Accountant accountant : List.of(RDP, PLD)) {
            assertThat(accountant.epsilon(nothing, new Delta(1e-9)).orInfinity())
                    .isZero();
            assertThat(accountant.delta(nothing, new Epsilon(0))).isZero();
        }
        double sampled = PLD.epsilon(new PoissonSampled(0.5, new Gaussian(0.01, 1, ZERO)), new Delta(1e-9))
                .orInfinity();
        assertThat(PLD.epsilon(far, new Delta(1e-9)).orInfinity()).isCloseTo(sampled, within(1e-6 * sampled));
        assertTimeout(
                Duration.ofSeconds(20),
                () -> assertThat(RDP.epsilon(far, new Delta(1e-9)).orInfinity()).isGreaterThan(sampled));
    }
}
