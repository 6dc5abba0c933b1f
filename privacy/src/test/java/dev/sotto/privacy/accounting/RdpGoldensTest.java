package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.Laplace;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SampledWithoutReplacement;
import dev.sotto.privacy.event.SelfComposed;
import dev.sotto.privacy.event.SingleEpochTreeAggregation;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RdpGoldensTest {
    private final RdpAccountant exact = RdpAccountant.standard();

    static DpEvent sgd(double rate, double sigma, long steps) {
        DpEvent gaussian = new Gaussian(sigma, 1, NeighbouringRelation.ADD_OR_REMOVE_ONE);
        return new SelfComposed(rate == 1 ? gaussian : new PoissonSampled(rate, gaussian), steps);
    }

    static Stream<Golden> gaussians() {
        return Stream.concat(Golden.rows("RDP", "Poisson(Gaussian)").stream(), Golden.rows("RDP", "Gaussian").stream());
    }

    @ParameterizedTest
    @MethodSource("gaussians")
    void theExactSeriesNeverExceedsTheLooseOneAndIsCloseToIt(Golden row) {
        double epsilon = exact.epsilon(sgd(row.rate(), row.sigma(), row.steps()), new Delta(row.delta()))
                .orInfinity();
        assertThat(epsilon).isLessThanOrEqualTo(row.epsilon() * (1 + 1e-9)).isGreaterThan(row.epsilon() * 0.9);
    }

    @Test
    void theSignsOfTheSeriesMatter() {
        assertThat(exact.epsilon(sgd(0.1, 0.5, 100), new Delta(1e-5)).orInfinity())
                .isCloseTo(35.225, within(1e-3));
        assertThat(exact.epsilon(sgd(0.5, 5, 1000), new Delta(1e-5)).orInfinity())
                .isCloseTo(19.290, within(1e-3));
    }

    @Test
    void divergencesAtFiveOrdersAreThoseOfExactQuadrature() {
        double[] rdp = RdpAccountant.withOrders(1.5, 2.5, 5, 50, 100).divergences(sgd(0.01, 2.5, 50));
        double[] quadrature = {
            6.50070897188040e-4, 1.08541805691812e-3, 2.18075656230788e-3, 2.38460375387062e-2, 167.416307548418
        };
        for (int i = 0; i < rdp.length; i++) {
            assertThat(rdp[i]).isCloseTo(quadrature[i], within(1e-12 * quadrature[i]));
        }
    }

    @Test
    void epsilonAfterEachRoundForTwoClients() {
        for (List<String> f : Golden.table("rounds.csv")) {
            long steps = Long.parseLong(f.get(4)) * Long.parseLong(f.get(7));
            DpEvent event = sgd(Double.parseDouble(f.get(3)), Double.parseDouble(f.get(5)), steps);
            double epsilon = exact.epsilon(event, new Delta(Double.parseDouble(f.get(6))))
                    .orInfinity();
            assertThat(epsilon).isCloseTo(Double.parseDouble(f.get(8)), within(6e-5));
        }
    }

    @Test
    void noiseForATargetEpsilon() {
        double sigma = Calibration.noiseMultiplier(
                AccountantChoice.RDP, new Epsilon(1), new Delta(1e-5), s -> sgd(1 / 938.0, s, 9380));
        assertThat(sigma).isCloseTo(0.91321, within(5e-6));
        assertThat(exact.epsilon(sgd(1 / 938.0, sigma, 9380), new Delta(1e-5)).orInfinity())
                .isLessThanOrEqualTo(1)
                .isGreaterThan(1 - 1e-7);
    }

    @Test
    void deltaInvertsEpsilon() {
        DpEvent event = sgd(0.01, 1, 1000);
        double epsilon = exact.epsilon(event, new Delta(1e-5)).orInfinity();
        assertThat(exact.delta(event, new Epsilon(epsilon))).isCloseTo(1e-5, within(1e-12));
    }

    static Stream<Golden> all() {
        return Golden.rows("RDP", "").stream().filter(row -> !row.event().contains("calibration"));
    }

    @ParameterizedTest
    @MethodSource("all")
    void theCompatibleModeGivesUpstreamsNumbers(Golden row) {
        RdpAccountant compatible = RdpAccountant.googleCompatible();
        DpEvent event = new SelfComposed(event(row), row.steps());
        double loose = compatible.epsilon(event, new Delta(row.delta())).orInfinity();
        assertThat(loose).isCloseTo(row.epsilon(), within(1e-7 * row.epsilon()));
        assertThat(exact.epsilon(event, new Delta(row.delta())).orInfinity()).isLessThanOrEqualTo(loose * (1 + 1e-12));
    }

    private static DpEvent event(Golden row) {
        if (row.event().startsWith("Sampled")) {
            // Upstream's multiplier is the standard deviation over 2C here.
            DpEvent gaussian = new Gaussian(2 * row.sigma(), 1, NeighbouringRelation.REPLACE_ONE);
            return new SampledWithoutReplacement(row.parameter("N"), row.parameter("m"), gaussian);
        } else if (row.event().startsWith("SingleEpoch")) {
            return new SingleEpochTreeAggregation(
                    row.sigma(), 1, List.of((long) row.parameter("step_counts")), NeighbouringRelation.ZERO_OUT);
        } else if (row.event().equals("Laplace")) {
            return new Laplace(row.sigma(), 1, NeighbouringRelation.ADD_OR_REMOVE_ONE);
        }
        return sgd(row.rate(), row.sigma(), 1);
    }
}
