package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.NonPrivate;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SelfComposed;
import org.junit.jupiter.api.Test;

class TradeOffCurveTest {
    private static final NeighbouringRelation ANY = NeighbouringRelation.ADD_OR_REMOVE_ONE;

    @Test
    void threeGaussiansOfStandardDeviationRootThree() {
        TradeOffCurve curve = TradeOffCurve.of(new SelfComposed(new Gaussian(Math.sqrt(3), 1, ANY), 3));
        assertThat(curve.truePositiveRate(0.1)).isCloseTo(0.38914, within(1e-4));
        assertThat(curve.truePositiveRate(0)).isLessThan(1e-3);
        assertThat(curve.truePositiveRate(1)).isEqualTo(1);
    }

    @Test
    void risesAndLiesAboveGuessing() {
        TradeOffCurve curve = TradeOffCurve.of(new SelfComposed(new PoissonSampled(0.1, new Gaussian(1, 1, ANY)), 20));
        double last = 0;
        for (double fpr = 0.05; fpr < 1; fpr += 0.3) {
            double tpr = curve.truePositiveRate(fpr);
            assertThat(tpr).isBetween(Math.max(last, fpr), 1.0);
            last = tpr;
        }
    }

    @Test
    void withoutPrivacyEveryTestSucceeds() {
        assertThat(TradeOffCurve.of(new NonPrivate()).truePositiveRate(0.01)).isEqualTo(1);
    }
}
