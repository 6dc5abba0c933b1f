package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.event.DpEvent;
import org.junit.jupiter.api.Test;

class RdpFilterTest {
    private static final Delta DELTA = new Delta(1e-5);

    @Test
    void admitsAsManyEqualEventsAsTheBestOrderWould() {
        for (double sigma : new double[] {0.6, 1, 4}) {
            DpEvent step = RdpGoldensTest.sgd(0.02, sigma, 10);
            long most = Calibration.steps(
                    RdpAccountant.standard(),
                    new Epsilon(3),
                    DELTA,
                    n -> RdpGoldensTest.sgd(0.02, sigma, 10 * n),
                    1_000_000);
            RdpFilter filter = new RdpFilter(new Epsilon(3), DELTA, step);
            long admitted = 0;
            while (filter.admit(step)) {
                admitted++;
            }
            assertThat(admitted).isEqualTo(most);
            assertThat(filter.wouldExceed(step)).isTrue();
        }
    }

    @Test
    void aRefusedEventCostsNothing() {
        DpEvent small = RdpGoldensTest.sgd(0.02, 2, 10);
        DpEvent large = RdpGoldensTest.sgd(1, 0.1, 10);
        RdpFilter filter = new RdpFilter(new Epsilon(1), DELTA, small);
        assertThat(filter.admit(large)).isFalse();
        assertThat(filter.admit(small)).isTrue();
    }

    @Test
    void anOdometerReadsWhatTheAccountantWouldSay() {
        DpEvent step = RdpGoldensTest.sgd(0.02, 1, 100);
        Odometer odometer = new Odometer();
        assertThat(odometer.epsilon(DELTA).orInfinity()).isZero();
        for (int round = 1; round <= 5; round++) {
            odometer.add(step);
            double all = RdpAccountant.standard()
                    .epsilon(RdpGoldensTest.sgd(0.02, 1, 100L * round), DELTA)
                    .orInfinity();
            assertThat(odometer.epsilon(DELTA).orInfinity()).isCloseTo(all, within(1e-12 * all));
        }
    }
}
