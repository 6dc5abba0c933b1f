package dev.sotto.privacy.correlated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.event.Gaussian;
import java.util.List;
import org.junit.jupiter.api.Test;

class CorrelatedGaussianTest {
    private static final Participation RETURNING = Participation.separated(100, 10);
    private static final BufferedLinearToeplitz BLT = new BufferedLinearToeplitz(List.of(0.9, 0.5), List.of(0.1, 0.2));

    private static CorrelatedGaussian plan(Participation participation, NeighbouringRelation relation) {
        return new CorrelatedGaussian(BLT, participation, new ClippingNorm(0.5), new NoiseMultiplier(2), relation);
    }

    @Test
    void theWholeRunIsOneGaussianEventOfTheNoiseMultiplier() {
        CorrelatedGaussian plan = plan(RETURNING, NeighbouringRelation.ZERO_OUT);
        Gaussian event = plan.event();
        assertThat(event.standardDeviation()).isCloseTo(1.0, within(1e-12));
        assertThat(event.clippingNorm()).isEqualTo(0.5);
        assertThat(event.relation()).isEqualTo(NeighbouringRelation.ZERO_OUT);
        assertThat(event.standardDeviation() / event.sensitivity()).isCloseTo(2, within(1e-12));
        assertThat(plan.standardDeviation() / plan.sensitivity()).isCloseTo(2, within(1e-12));
        assertThat(plan.sensitivity()).isCloseTo(0.5 * BLT.sensitivity(RETURNING), within(1e-12));
    }

    @Test
    void replaceOneDoublesSensitivityAndNoiseButNotEpsilon() {
        CorrelatedGaussian zeroOut = plan(RETURNING, NeighbouringRelation.ZERO_OUT);
        CorrelatedGaussian replaceOne = plan(RETURNING, NeighbouringRelation.REPLACE_ONE);
        assertThat(replaceOne.sensitivity()).isEqualTo(2 * zeroOut.sensitivity());
        assertThat(replaceOne.standardDeviation()).isEqualTo(2 * zeroOut.standardDeviation());
        Delta delta = new Delta(1e-5);
        for (AccountantChoice choice : List.of(AccountantChoice.RDP, AccountantChoice.PLD)) {
            assertThat(choice.accountant().epsilon(replaceOne.event(), delta).orInfinity())
                    .isCloseTo(
                            choice.accountant().epsilon(zeroOut.event(), delta).orInfinity(), within(1e-9));
        }
    }

    @Test
    void addOrRemoveOneIsRefused() {
        assertThatThrownBy(() -> plan(RETURNING, NeighbouringRelation.ADD_OR_REMOVE_ONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is add-or-remove-one; it must be zero-out or replace-one");
    }

    @Test
    void aCorrelationOfUnknownSensitivityIsRefused() {
        assertThatThrownBy(() -> new CorrelatedGaussian(
                        new BandedToeplitz(List.of(1.0, 0.25, 0.5)),
                        Participation.separated(10, 2),
                        new ClippingNorm(1),
                        new NoiseMultiplier(1),
                        NeighbouringRelation.ZERO_OUT))
                .hasMessageContaining("must not rise");
    }

    /**
     * The negative control: noise for clients that take part once, while they return. The event that belongs to that noise
     * has a noise multiplier 3.2 times smaller or less, and the plan's own has not.
     */
    @Test
    void noiseForOneParticipationIsTooLittleForClientsThatReturn() {
        double meant =
                plan(Participation.once(100), NeighbouringRelation.ZERO_OUT).standardDeviation();
        double actual = meant / plan(RETURNING, NeighbouringRelation.ZERO_OUT).sensitivity();
        assertThat(actual).isLessThan(2 / 3.2);
    }

    @Test
    void aRoundsNoiseHasTheNormOfTheInversesRow() {
        CorrelatedGaussian plan = plan(RETURNING, NeighbouringRelation.ZERO_OUT);
        assertThat(plan.standardDeviation(0)).isEqualTo(plan.standardDeviation());
        double first = BLT.inverseCoefficients(2)[1];
        assertThat(plan.standardDeviation(1))
                .isCloseTo(plan.standardDeviation() * Math.sqrt(1 + first * first), within(1e-12));
    }
}
