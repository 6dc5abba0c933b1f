package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.event.DpEvent;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    private static DpEvent sgd(double rate, double sigma, long steps) {
        return RdpGoldensTest.sgd(rate, sigma, steps);
    }

    private static int clients(Accountant accountant, int population, double ratio, double delta) {
        return Calibration.clientsPerRound(
                accountant,
                new Epsilon(2),
                new Delta(delta),
                clients -> sgd((double) clients / population, clients * ratio, 100),
                population);
    }

    @Test
    void clientsPerRoundOfTheSeedComputation() {
        assertThat(clients(RdpAccountant.standard(), 50_000, 0.005, 1e-4)).isEqualTo(124);
        assertThat(clients(PldAccountant.standard(), 50_000, 0.005, 1e-4)).isEqualTo(100);
        assertThat(clients(RdpAccountant.standard(), 3383, 0.01, 1e-5)).isEqualTo(120);
        double[] around = {2.0502551134123177, 2.0131233201039644, 1.969671065215639, 1.9314949361852862};
        for (int i = 0; i < around.length; i++) {
            int clients = 122 + i;
            double epsilon = RdpAccountant.standard()
                    .epsilon(sgd(clients / 50_000.0, clients * 0.005, 100), new Delta(1e-4))
                    .orInfinity();
            assertThat(epsilon).isCloseTo(around[i], within(1e-2)).isLessThanOrEqualTo(around[i] * (1 + 1e-9));
        }
    }

    @Test
    void noiseUnderLossDistributions() {
        double sigma = Calibration.noiseMultiplier(
                AccountantChoice.PLD, new Epsilon(1), new Delta(1e-5), s -> sgd(1 / 938.0, s, 9380));
        assertThat(sigma).isBetween(0.7490, 0.7493);
        double rounds = Calibration.noiseMultiplier(
                PldAccountant.withGrid(1e-4), new Epsilon(1), new Delta(1e-6), s -> sgd(0.1, s, 512));
        assertThat(rounds).isCloseTo(9.661829338758873, within(1e-6));
        double adaptive = Calibration.noiseMultiplier(
                AccountantChoice.PLD, new Epsilon(1), new Delta(1e-6), s -> sgd(0.1, s, 512));
        assertThat(adaptive).isCloseTo(9.661829338758873, within(1e-4));
        double renyi = Calibration.noiseMultiplier(
                AccountantChoice.RDP, new Epsilon(1), new Delta(1e-6), s -> sgd(0.1, s, 512));
        assertThat(renyi).isCloseTo(10.364128, within(1e-5));
    }

    /** To 1e-7 of upstream's value; one event needs no grid, so the answer is exact. */
    @Test
    void noiseOfASingleEvent() {
        double sigma = Calibration.noiseMultiplier(
                AccountantChoice.PLD, new Epsilon(1), new Delta(1e-5), s -> sgd(0.01, s, 1));
        assertThat(sigma).isCloseTo(0.67379294682, within(1e-7)).isGreaterThanOrEqualTo(0.6737928924602);
    }

    @Test
    void theAnswerStaysWithinTheTarget() {
        Epsilon target = new Epsilon(2);
        Delta delta = new Delta(1e-6);
        PldAccountant pld = PldAccountant.standard();
        double sigma = Calibration.noiseMultiplier(pld, target, delta, s -> sgd(0.02, s, 300));
        assertThat(pld.epsilon(sgd(0.02, sigma, 300), delta).orInfinity()).isBetween(1.999, 2.0);
        double rate = Calibration.rate(pld, target, delta, q -> sgd(q, 1, 300));
        assertThat(pld.epsilon(sgd(rate, 1, 300), delta).orInfinity()).isBetween(1.99, 2.0);
        assertThat(Calibration.rate(pld, target, delta, q -> sgd(q, 100, 3))).isEqualTo(1);
    }

    @Test
    void stepsForATarget() {
        Epsilon target = new Epsilon(2);
        Delta delta = new Delta(1e-6);
        PldAccountant pld = PldAccountant.standard();
        assertThat(Calibration.steps(pld, target, delta, n -> sgd(0.1, 3, n), 1_000_000))
                .isEqualTo(155);
        assertThat(Calibration.steps(pld, target, delta, n -> sgd(0.1, 3, n), 100))
                .isEqualTo(100);
        assertThat(Calibration.steps(pld, target, delta, n -> sgd(1, 0.3, n), 100))
                .isZero();
    }

    @Test
    void whatIsOutOfReachIsSaid() {
        assertThatThrownBy(() -> clients(RdpAccountant.standard(), 50, 0.005, 1e-4))
                .hasMessageContaining("not even 50 clients per round are enough");
        assertThatThrownBy(() -> Calibration.noiseMultiplier(
                        AccountantChoice.RDP, new Epsilon(0), new Delta(1e-5), s -> sgd(0.1, s, 1)))
                .hasMessageContaining("target epsilon is 0");
    }

    @Test
    void anExactGaussianOfEpsilonOne() {
        double sigma = Calibration.noiseMultiplier(
                ExactGaussian.instance(), new Epsilon(1), new Delta(1e-6), s -> sgd(1, s, 1));
        double epsilon = ExactGaussian.instance()
                .epsilon(sgd(1, sigma, 1), new Delta(1e-6))
                .orInfinity();
        assertThat(epsilon).isCloseTo(1, within(1e-6)).isLessThanOrEqualTo(1);
        assertThat(RdpAccountant.standard()
                        .epsilon(sgd(1, 4.530877117, 1), new Delta(1e-6))
                        .orInfinity())
                .isCloseTo(1.00000029, within(5e-9));
        // Upstream's value for Renyi accounting at orders in steps of 0.001.
        double[] orders = new double[60_000];
        for (int i = 0; i < orders.length; i++) {
            orders[i] = 1.001 + i * 0.001;
        }
        assertThat(RdpAccountant.withOrders(orders)
                        .epsilon(sgd(1, 4.530877117, 1), new Delta(1e-6))
                        .orInfinity())
                .isCloseTo(1, within(1e-7));
    }
}
