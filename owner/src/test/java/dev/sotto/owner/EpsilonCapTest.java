package dev.sotto.owner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SelfComposed;
import dev.sotto.privacy.event.Zcdp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EpsilonCapTest {
    private static final Delta DELTA = new Delta(1e-5);
    private static final DpEvent QUIET = step(1);
    private static final DpEvent LOUD = step(0.8);
    private static final DpEvent PLAN = Composed.of(new SelfComposed(QUIET, 100), new SelfComposed(LOUD, 100));

    @ParameterizedTest
    @EnumSource(AccountantChoice.class)
    void coversPartsOfAPlanThatFits(AccountantChoice choice) {
        EpsilonCap cap = new EpsilonCap(DELTA, choice, PLAN);
        Epsilon enough = new Epsilon(cost(choice, PLAN) * 1.001);
        assertThat(cap.covers(new SelfComposed(LOUD, 100), enough)).isTrue();
        assertThat(cap.covers(PLAN, enough)).isTrue();
        assertThat(cap.covers(PLAN, new Epsilon(enough.value() * 0.9))).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = AccountantChoice.class,
            names = {"PLD", "TIGHTEST"})
    void isHeldByOneRuleAndNotByWhicheverAdmitsMore(AccountantChoice choice) {
        EpsilonCap cap = new EpsilonCap(DELTA, choice, PLAN);
        Epsilon enough = new Epsilon(cost(choice, PLAN) * 1.001);
        DpEvent repeated = new SelfComposed(QUIET, 200);
        DpEvent beside = Composed.of(new SelfComposed(QUIET, 10), step(2));
        assertThat(cost(choice, repeated)).isLessThan(enough.value());
        assertThat(cap.covers(repeated, enough)).as("repetitions of one event").isFalse();
        assertThat(new EpsilonCap(DELTA, AccountantChoice.RDP, PLAN).covers(beside, enough))
                .isTrue();
        assertThat(cap.covers(beside, enough)).as("a Renyi filter").isFalse();
    }

    @Test
    void whatTheAccountantCannotBoundIsNotCovered() {
        DpEvent unknown = new Zcdp(0.001, 0);
        assertThat(new EpsilonCap(DELTA, AccountantChoice.PLD, unknown).covers(unknown, new Epsilon(9)))
                .isFalse();
    }

    private static double cost(AccountantChoice choice, DpEvent event) {
        return choice.accountant().epsilon(event, DELTA).orInfinity();
    }

    private static DpEvent step(double sigma) {
        return new PoissonSampled(0.01, new Gaussian(sigma, 1, NeighbouringRelation.ZERO_OUT));
    }
}
