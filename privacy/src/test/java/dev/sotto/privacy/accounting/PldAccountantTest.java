package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DiscreteLaplace;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.EpsilonDelta;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.Laplace;
import dev.sotto.privacy.event.MixtureOfGaussians;
import dev.sotto.privacy.event.NonPrivate;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SelfComposed;
import dev.sotto.privacy.event.TruncatedSubsampledGaussian;
import dev.sotto.privacy.event.Zcdp;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PldAccountantTest {
    private static final NeighbouringRelation ANY = NeighbouringRelation.ADD_OR_REMOVE_ONE;
    private static final PldAccountant GRID = PldAccountant.withGrid(1e-4);
    private static final PldAccountant ADAPTIVE = PldAccountant.standard();

    private static DpEvent event(Golden row) {
        NeighbouringRelation relation = row.event().contains("REPLACE_ONE") ? NeighbouringRelation.REPLACE_ONE : ANY;
        if (row.event().startsWith("Truncated")) {
            return new SelfComposed(
                    new TruncatedSubsampledGaussian(
                            row.parameter("N"), row.rate(), row.parameter("B"), row.sigma(), 1, relation),
                    row.steps());
        }
        DpEvent gaussian = new Gaussian(row.sigma(), 1, relation);
        return new SelfComposed(row.rate() == 1 ? gaussian : new PoissonSampled(row.rate(), gaussian), row.steps());
    }

    static Stream<Golden> rows() {
        return Golden.rows("PLD", "").stream();
    }

    /** The rows whose figure is off by more than their tolerance: at delta 1e-10 upstream's transform rounds too much. */
    private static boolean isUpstreamsRounding(Golden row) {
        return row.delta() == 1e-10
                && row.steps() == 100_000
                && ((row.rate() == 1e-4 && row.sigma() == 0.8) || (row.rate() == 1e-5 && row.sigma() == 0.5));
    }

    static Stream<Golden> sound() {
        return rows().filter(row -> !isUpstreamsRounding(row));
    }

    /** On the same grid, to 1e-3 in epsilon. A grid that adapts is never much looser, and often tighter. */
    @ParameterizedTest
    @MethodSource("sound")
    void agreesWithUpstreamOnTheSameGrid(Golden row) {
        PldAccountant grid = row.notes().startsWith("disc=0.001") ? PldAccountant.withGrid(1e-3) : GRID;
        double fixed = grid.epsilon(event(row), new Delta(row.delta())).orInfinity();
        assertThat(fixed).isCloseTo(row.epsilon(), within(1e-3 * row.epsilon()));
        assertThat(ADAPTIVE.epsilon(event(row), new Delta(row.delta())).orInfinity())
                .isLessThan(fixed * (1 + 3e-4));
    }

    static Stream<Golden> rounded() {
        return rows().filter(PldAccountantTest::isUpstreamsRounding);
    }

    /**
     * The exact values decide: 0.546889, where the row says 0.543969 and so promises too much, and 2.823672, where it says
     * 2.838044. Ours lie above them, by what the grid takes: 0.25% on upstream's, 0.2% on one that adapts.
     */
    @ParameterizedTest
    @MethodSource("rounded")
    void whereUpstreamRoundsTooMuchTheExactValueDecides(Golden row) {
        double exact = row.rate() == 1e-4 ? 0.546889 : 2.823672;
        assertThat(exactDelta(row, exact * (1 - 1e-5))).isGreaterThan(row.delta());
        assertThat(exactDelta(row, exact * (1 + 1e-5))).isLessThan(row.delta());
        assertThat(Math.abs(row.epsilon() / exact - 1)).isGreaterThan(5e-3);
        Delta delta = new Delta(row.delta());
        assertThat(GRID.epsilon(event(row), delta).orInfinity()).isBetween(exact, exact * 1.003);
        assertThat(ADAPTIVE.epsilon(event(row), delta).orInfinity()).isBetween(exact, exact * 1.002);
    }

    private static double exactDelta(Golden row, double epsilon) {
        return ExactComposition.delta(row.rate(), row.sigma(), row.steps(), false, epsilon);
    }

    static Stream<Arguments> estimates() {
        return Golden.rows("PRV", "").stream().map(row -> {
            String notes = row.notes();
            double low = Double.parseDouble(notes.replaceAll(".*low=([0-9.]+).*", "$1"));
            return Arguments.of(row, low);
        });
    }

    @ParameterizedTest
    @MethodSource("estimates")
    void liesBetweenTheBoundsOfAnIndependentAccountant(Golden row, double low) {
        assertThat(ADAPTIVE.epsilon(event(row), new Delta(row.delta())).orInfinity())
                .isBetween(low, row.epsilon());
    }

    static Stream<Golden> exactRows() {
        return Golden.rows("EXACT", "").stream();
    }

    @ParameterizedTest
    @MethodSource("exactRows")
    void isNeverBelowTheExactValueAndWithinATenthOfAPercent(Golden row) {
        DpEvent event = new Gaussian(row.sigma(), 1, ANY);
        Delta delta = new Delta(row.delta());
        double exact = ExactGaussian.instance().epsilon(event, delta).orInfinity();
        assertThat(exact).isCloseTo(row.epsilon(), within(1e-9 * row.epsilon()));
        assertThat(ADAPTIVE.epsilon(event, delta).orInfinity()).isBetween(exact * (1 - 1e-9), exact * 1.001);
    }

    static Stream<Arguments> upstreamEpsilons() {
        return Stream.of(
                Arguments.of(
                        Composed.of(
                                new SelfComposed(new Laplace(1, 1, ANY), 3),
                                new SelfComposed(new Laplace(2, 1, ANY), 2)),
                        1e-14,
                        4.0,
                        1e-6),
                Arguments.of(
                        new SelfComposed(new PoissonSampled(0.2, new Laplace(0.5, 1, ANY)), 3), 1e-14, 2.46964, 1e-3),
                Arguments.of(
                        Composed.of(
                                new SelfComposed(new DiscreteLaplace(1, 1, ANY), 3),
                                new SelfComposed(new DiscreteLaplace(0.5, 1, ANY), 2)),
                        1e-14,
                        4.0,
                        1e-6),
                Arguments.of(
                        Composed.of(
                                new SelfComposed(mixture(1, List.of(0.0, 1.0, 2.0), List.of(0.2, 0.6, 0.2)), 3),
                                new SelfComposed(mixture(2, List.of(0.0, 2.0, 3.0), List.of(0.33, 0.34, 0.33)), 2)),
                        1e-6,
                        17.193115,
                        1e-6),
                Arguments.of(
                        Composed.of(
                                new SelfComposed(new TruncatedSubsampledGaussian(4, 0.5, 2, 1, 1, ANY), 3),
                                new SelfComposed(new TruncatedSubsampledGaussian(3, 0.5, 2, 1, 1, ANY), 2)),
                        1e-6,
                        17.904330,
                        1e-6),
                Arguments.of(Composed.of(new EpsilonDelta(1, 0.1), new EpsilonDelta(2, 0.2)), 0.28, 3.0, 1e-6),
                Arguments.of(
                        new SelfComposed(new PoissonSampled(0.1, new Gaussian(3, 1, ANY)), 512),
                        1e-6,
                        3.769686581455342,
                        1e-8));
    }

    private static DpEvent mixture(double std, List<Double> sensitivities, List<Double> probabilities) {
        return new MixtureOfGaussians(std, sensitivities, probabilities, ANY);
    }

    @ParameterizedTest
    @MethodSource("upstreamEpsilons")
    void upstreamTestValues(DpEvent event, double delta, double epsilon, double tolerance) {
        assertThat(GRID.epsilon(event, new Delta(delta)).orInfinity()).isCloseTo(epsilon, within(tolerance));
    }

    @Test
    void upstreamDeltas() {
        DpEvent gaussians = new SelfComposed(new Gaussian(Math.sqrt(3), 1, ANY), 3);
        assertThat(GRID.delta(gaussians, new Epsilon(1))).isCloseTo(0.126936, within(1e-5));
        DpEvent sampled = new SelfComposed(new PoissonSampled(0.2, new Gaussian(0.5, 1, ANY)), 3);
        assertThat(GRID.delta(sampled, new Epsilon(1))).isCloseTo(0.15594, within(1e-4));
        DpEvent pure = Composed.of(
                new SelfComposed(new DiscreteLaplace(1, 1, ANY), 3),
                new SelfComposed(new DiscreteLaplace(0.5, 1, ANY), 2));
        assertThat(GRID.delta(pure, new Epsilon(4))).isZero();
        assertThat(GRID.delta(pure, new Epsilon(4 - 1e-6))).isPositive();
    }

    @Test
    void aTinyRateDoesNotHitAFloor() {
        DpEvent event = new SelfComposed(new PoissonSampled(1e-5, new Gaussian(20, 1, ANY)), 100_000);
        double floor = GRID.epsilon(event, new Delta(1e-5)).orInfinity();
        assertThat(floor).isCloseTo(0.00438, within(1e-5));
        double rdp = RdpAccountant.standard().epsilon(event, new Delta(1e-5)).orInfinity();
        assertThat(ADAPTIVE.epsilon(event, new Delta(1e-5)).orInfinity())
                .isLessThan(rdp)
                .isPositive();
    }

    @Test
    void deltaInvertsEpsilonDownToTinyDeltas() {
        DpEvent event = new SelfComposed(new PoissonSampled(0.01, new Gaussian(1, 1, ANY)), 1000);
        for (double delta : new double[] {0.1, 1e-3, 1e-6, 1e-10, 1e-15}) {
            double epsilon = ADAPTIVE.epsilon(event, new Delta(delta)).orInfinity();
            assertThat(ADAPTIVE.delta(event, new Epsilon(epsilon))).isCloseTo(delta, within(5e-3 * delta));
        }
    }

    @Test
    void infiniteLossesHaveNoEpsilon() {
        Delta delta = new Delta(1e-5);
        assertThat(ADAPTIVE.epsilon(new NonPrivate(), delta).epsilon()).isEmpty();
        assertThat(ADAPTIVE.epsilon(new EpsilonDelta(1, 1e-4), delta).epsilon()).isEmpty();
        assertThat(ADAPTIVE.epsilon(new EpsilonDelta(1, 1e-6), delta).orInfinity())
                .isCloseTo(1, within(1e-4));
        assertThat(ADAPTIVE.delta(new NonPrivate(), new Epsilon(1))).isEqualTo(1);
    }

    @Test
    void anEventItCannotBoundIsNamedTogetherWithWhoCan() {
        assertThatThrownBy(() -> ADAPTIVE.epsilon(new Zcdp(1, 0), new Delta(1e-5)))
                .isInstanceOf(UnboundedEventException.class)
                .hasMessageContaining("pld")
                .hasMessageContaining("Zcdp")
                .hasMessageContaining("rdp can");
    }

    @Test
    void eventsThatNoAccountantBoundsTogetherAreNamed() {
        DpEvent event = Composed.of(new Zcdp(1, 0), new EpsilonDelta(1, 1e-6));
        assertThatThrownBy(() -> AccountantChoice.TIGHTEST.accountant().epsilon(event, new Delta(1e-5)))
                .isInstanceOf(UnboundedEventException.class)
                .hasMessageContaining("the pld accountant cannot bound Zcdp")
                .hasMessageContaining("the rdp accountant cannot bound EpsilonDelta");
    }

    @Test
    void theAnswerSaysUnderWhichConditionsItHolds() {
        DpEvent event =
                new SelfComposed(new PoissonSampled(0.01, new Gaussian(1, 1, NeighbouringRelation.ZERO_OUT)), 100);
        EpsilonAnswer answer = AccountantChoice.TIGHTEST.accountant().epsilon(event, new Delta(1e-5));
        assertThat(answer.accountant()).isEqualTo("pld");
        assertThat(answer.explanation()).contains("neighbours: zero-out", "Poisson sampling", "unit is removed");
    }
}
