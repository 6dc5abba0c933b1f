package dev.sotto.privacy.accounting;

import static dev.sotto.privacy.NeighbouringRelation.ADD_OR_REMOVE_ONE;
import static dev.sotto.privacy.NeighbouringRelation.REPLACE_ONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.event.DiscreteGaussian;
import dev.sotto.privacy.event.DiscreteGaussianVector;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SampledWithoutReplacement;
import dev.sotto.privacy.event.SelfComposed;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A discrete Gaussian on a vector")
class DiscreteGaussianVectorTest {
    private static final Delta DELTA = new Delta(1e-5);
    private static final RdpAccountant RDP = RdpAccountant.standard();

    private static double[] curve(DpEvent event) {
        return RDP.divergences(event);
    }

    @Test
    void costsWhatAGaussianCostsAtEachOrder() {
        assertThat(curve(new DiscreteGaussianVector(3, 2, REPLACE_ONE)))
                .containsExactly(curve(new Gaussian(3, 2, REPLACE_ONE)), within(1e-12));
    }

    /** The scalar's curve is computed from its atoms, exactly. */
    @Test
    void neverCostsLessThanAScalarOfTheSameSensitivity() {
        double[] bound = curve(new DiscreteGaussianVector(1.5, 1, ADD_OR_REMOVE_ONE));
        double[] scalar = curve(new DiscreteGaussian(1.5, 1, ADD_OR_REMOVE_ONE));
        for (int i = 0; i < bound.length; i++) {
            assertThat(bound[i]).isGreaterThanOrEqualTo(scalar[i] * (1 - 1e-9));
        }
    }

    @Test
    void isBoundAtWholeOrdersAloneUnderPoissonSampling() {
        double[] orders = RDP.orders();
        double[] bound = curve(new PoissonSampled(0.1, new DiscreteGaussianVector(1.5, 1, ADD_OR_REMOVE_ONE)));
        double[] normal = curve(new PoissonSampled(0.1, new Gaussian(1.5, 1, ADD_OR_REMOVE_ONE)));
        double[] scalar = curve(new PoissonSampled(0.1, new DiscreteGaussian(1.5, 1, ADD_OR_REMOVE_ONE)));
        for (int i = 0; i < orders.length; i++) {
            if (orders[i] == Math.rint(orders[i])) {
                assertThat(bound[i]).isCloseTo(normal[i], within(1e-9 * normal[i]));
                assertThat(bound[i]).isGreaterThanOrEqualTo(scalar[i] * (1 - 1e-6));
            } else {
                assertThat(bound[i]).isInfinite();
            }
        }
        assertThatThrownBy(() -> curve(new PoissonSampled(0.1, new DiscreteGaussianVector(1.5, 1, REPLACE_ONE))))
                .isInstanceOf(UnboundedEventException.class);
    }

    @Test
    void isBoundAsAGaussianIsOnSamplesOfFixedSize() {
        assertThat(curve(new SampledWithoutReplacement(100, 10, new DiscreteGaussianVector(3, 1, REPLACE_ONE))))
                .containsExactly(
                        curve(new SampledWithoutReplacement(100, 10, new Gaussian(3, 1, REPLACE_ONE))), within(1e-12));
    }

    @Test
    void hasNoWorstPairSoThatPldRefusesIt() {
        DpEvent event = new SelfComposed(new DiscreteGaussianVector(3, 1, ADD_OR_REMOVE_ONE), 4);
        assertThatThrownBy(() -> PldAccountant.standard().epsilon(event, DELTA))
                .isInstanceOf(UnboundedEventException.class);
        assertThat(TightestAccountant.INSTANCE.epsilon(event, DELTA).epsilon())
                .isEqualTo(RDP.epsilon(event, DELTA).epsilon());
    }

    @Test
    void isReadAsItIsWritten() {
        DpEvent event = new DiscreteGaussianVector(3, 0.5, REPLACE_ONE);
        assertThat(DpEvents.fromJson(DpEvents.toJson(event))).isEqualTo(event);
        assertThat(DpEvents.toJson(event).path("type").asText()).isEqualTo("discrete-gaussian-vector");
    }
}
