package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DiscreteGaussian;
import dev.sotto.privacy.event.DiscreteLaplace;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.privacy.event.EpsilonDelta;
import dev.sotto.privacy.event.ExponentialMechanism;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.Laplace;
import dev.sotto.privacy.event.MixtureOfGaussians;
import dev.sotto.privacy.event.NoOp;
import dev.sotto.privacy.event.PermuteAndFlip;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.RandomizedResponse;
import dev.sotto.privacy.event.RepeatAndSelect;
import dev.sotto.privacy.event.SampledWithoutReplacement;
import dev.sotto.privacy.event.SelfComposed;
import dev.sotto.privacy.event.SingleEpochTreeAggregation;
import dev.sotto.privacy.event.TruncatedSubsampledGaussian;
import dev.sotto.privacy.event.Zcdp;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OtherEventsTest {
    private static final NeighbouringRelation ADD = NeighbouringRelation.ADD_OR_REMOVE_ONE;
    private static final NeighbouringRelation REPLACE = NeighbouringRelation.REPLACE_ONE;
    private static final NeighbouringRelation ZERO = NeighbouringRelation.ZERO_OUT;
    private static final Delta DELTA = new Delta(1e-5);

    static Stream<DpEvent> every() {
        return Stream.of(
                new NoOp(),
                new Gaussian(2, 1, REPLACE),
                new Laplace(2, 1, ZERO),
                new DiscreteGaussian(3, 1, ADD),
                new DiscreteLaplace(0.5, 2, ADD),
                new MixtureOfGaussians(3, List.of(0.0, 1.0), List.of(0.7, 0.3), ADD),
                new RandomizedResponse(0.5, 4, REPLACE),
                new RandomizedResponse(0.5, 4, ZERO),
                new EpsilonDelta(0.3, 1e-7),
                new EpsilonDelta(0.3, 0),
                new Zcdp(0.01, 0.001),
                new ExponentialMechanism(0.3),
                new PermuteAndFlip(0.3),
                new RepeatAndSelect(new Gaussian(10, 1, ADD), 5, 0),
                new RepeatAndSelect(new Gaussian(10, 1, ADD), 5, 0.5),
                new RepeatAndSelect(new Gaussian(10, 1, ADD), 5, 1),
                new RepeatAndSelect(new Gaussian(10, 1, ADD), 5, Double.POSITIVE_INFINITY),
                new PoissonSampled(0.1, new Gaussian(1, 1, ADD)),
                new PoissonSampled(0.1, new Gaussian(1, 1, REPLACE)),
                new PoissonSampled(0.1, new Laplace(1, 1, ZERO)),
                new PoissonSampled(0.1, new DiscreteGaussian(3, 1, ADD)),
                new PoissonSampled(0.1, new DiscreteGaussian(3, 1, ZERO)),
                new PoissonSampled(0.1, new DiscreteGaussian(3, 1, REPLACE)),
                new PoissonSampled(0.1, new DiscreteLaplace(0.5, 1, REPLACE)),
                new PoissonSampled(0.1, new Laplace(1, 1, REPLACE)),
                new PoissonSampled(0.1, new EpsilonDelta(0.5, 1e-7)),
                new PoissonSampled(0.1, new ExponentialMechanism(0.5)),
                new PoissonSampled(0.1, new Composed(List.of(new Gaussian(3, 1, ADD), new Gaussian(4, 1, ADD)))),
                new SampledWithoutReplacement(1000, 10, new Gaussian(2, 1, REPLACE)),
                new SampledWithoutReplacement(1000, 10, new Gaussian(2, 1, ZERO)),
                new SampledWithoutReplacement(1000, 10, new Gaussian(2, 1, ADD)),
                new TruncatedSubsampledGaussian(1000, 0.01, 20, 1, 1, REPLACE),
                new TruncatedSubsampledGaussian(1000, 0.01, 20, 1, 1, ADD),
                new SingleEpochTreeAggregation(5, 1, List.of(1000L, 10L), ZERO));
    }

    static Stream<Accountant> accountants() {
        return Stream.of(RdpAccountant.standard(), PldAccountant.standard());
    }

    @ParameterizedTest
    @MethodSource("every")
    void orderDoesNotMatter(DpEvent event) {
        DpEvent other = new EpsilonDelta(0.1, 0);
        accountants().filter(accountant -> bounds(accountant, event)).forEach(accountant -> {
            double one = accountant.epsilon(Composed.of(event, other), DELTA).orInfinity();
            double two = accountant.epsilon(Composed.of(other, event), DELTA).orInfinity();
            assertThat(one).isCloseTo(two, within(1e-9 * (1 + two)));
        });
    }

    @ParameterizedTest
    @MethodSource("every")
    void lossDistributionsAreNoLooserThanRenyi(DpEvent event) {
        // Of the exponential mechanism a loss distribution knows only that it is pure; its bounded range is Renyi's to
        // use.
        if (!(event instanceof ExponentialMechanism)
                && accountants().allMatch(accountant -> bounds(accountant, event))) {
            for (int count : new int[] {1, 20}) {
                DpEvent composed = new SelfComposed(event, count);
                double rdp = RdpAccountant.standard().epsilon(composed, DELTA).orInfinity();
                double pld = PldAccountant.standard().epsilon(composed, DELTA).orInfinity();
                double tightest = AccountantChoice.TIGHTEST
                        .accountant()
                        .epsilon(composed, DELTA)
                        .orInfinity();
                assertThat(pld).isLessThanOrEqualTo(rdp * (1 + 1e-3) + 1e-12);
                assertThat(tightest).isLessThanOrEqualTo(Math.min(rdp, pld) * (1 + 1e-12));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("every")
    void jsonGivesTheSameEventBack(DpEvent event) {
        DpEvent nested = Composed.of(event, new SelfComposed(event, 3));
        assertThat(DpEvents.fromJson(DpEvents.toJson(nested))).isEqualTo(nested);
    }

    static boolean bounds(Accountant accountant, DpEvent event) {
        try {
            return accountant.epsilon(event, DELTA).epsilon().isPresent();
        } catch (UnboundedEventException e) {
            return false;
        }
    }

    @Test
    void replaceOneIsTwiceTheDistanceUnderEveryAccountant() {
        for (double std : new double[] {1, 3}) {
            double exact = ExactGaussian.instance()
                    .epsilon(new Gaussian(std, 1, REPLACE), DELTA)
                    .orInfinity();
            double halved = ExactGaussian.instance()
                    .epsilon(new Gaussian(std / 2, 1, ADD), DELTA)
                    .orInfinity();
            assertThat(exact).isEqualTo(halved);
        }
        for (NeighbouringRelation relation : NeighbouringRelation.values()) {
            DpEvent event = new SelfComposed(new Gaussian(4, 1, relation), 10);
            double exact = ExactGaussian.instance().epsilon(event, DELTA).orInfinity();
            double pld = PldAccountant.standard().epsilon(event, DELTA).orInfinity();
            double rdp = RdpAccountant.standard().epsilon(event, DELTA).orInfinity();
            assertThat(exact).isLessThanOrEqualTo(pld * (1 + 1e-9));
            assertThat(pld).isLessThan(rdp);
        }
    }

    @Test
    void underReplaceOnePoissonSamplingRenyiBoundsTheLossDistribution() {
        for (double rate : new double[] {0.001, 0.1, 0.9}) {
            DpEvent event = new SelfComposed(new PoissonSampled(rate, new Gaussian(2, 1, REPLACE)), 50);
            double rdp = RdpAccountant.standard().epsilon(event, DELTA).orInfinity();
            double pld = PldAccountant.standard().epsilon(event, DELTA).orInfinity();
            assertThat(pld).isLessThan(rdp);
            double whole = RdpAccountant.standard()
                    .epsilon(new SelfComposed(new Gaussian(2, 1, REPLACE), 50), DELTA)
                    .orInfinity();
            assertThat(rdp).isLessThan(whole);
        }
    }

    @Test
    void randomizedResponseIsPureAtItsLimit() {
        DpEvent event = new RandomizedResponse(0.5, 4, REPLACE);
        double pure = Math.log((0.5 + 0.125) / 0.125);
        assertThat(PldAccountant.standard().epsilon(event, new Delta(1e-12)).orInfinity())
                .isCloseTo(pure, within(1e-6));
        assertThat(PldAccountant.standard().delta(event, new Epsilon(pure + 1e-3)))
                .isLessThan(1e-15);
    }
}
