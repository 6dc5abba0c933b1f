package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.EpsilonDelta;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.NoOp;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SelfComposed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlanFilterTest {
    private static final Delta DELTA = new Delta(1e-5);
    private static final DpEvent STEP = step(1);
    private static final DpEvent LOUD = step(0.8);

    @ParameterizedTest
    @EnumSource(AccountantChoice.class)
    void admitsRepetitionsOfOneEventAsOftenAsTheyFit(AccountantChoice choice) {
        Epsilon limit = new Epsilon(2);
        long most = Calibration.steps(choice.accountant(), limit, DELTA, n -> new SelfComposed(STEP, n), 10_000);
        PlanFilter filter = new PlanFilter(choice, limit, DELTA, new SelfComposed(STEP, most / 3));
        assertThat(most).isGreaterThan(30);
        assertThat(filter.admits(new SelfComposed(STEP, most))).isTrue();
        assertThat(filter.admits(new SelfComposed(STEP, most + 1))).isFalse();
        assertThat(filter.epsilon(new SelfComposed(STEP, most))).isEqualTo(cost(choice, new SelfComposed(STEP, most)));
    }

    @Test
    void admitsPartsOfAPlanThatFitsInAnyOrderAndNothingInTheirPlace() {
        DpEvent plan = Composed.of(new SelfComposed(STEP, 100), new SelfComposed(LOUD, 100));
        PlanFilter filter = filter(cost(AccountantChoice.PLD, plan) * 1.0001, plan);
        assertThat(filter.admits(new NoOp())).isTrue();
        assertThat(filter.admits(LOUD)).isTrue();
        assertThat(filter.admits(new SelfComposed(LOUD, 100))).isTrue();
        assertThat(filter.admits(plan)).isTrue();
        // Far cheaper than the plan. But what is left out may be chosen by what was released, so it is not bought back.
        assertThat(filter.admits(new SelfComposed(STEP, 101))).isFalse();
        assertThat(filter.admits(step(2))).isFalse();
        assertThat(filter.epsilon(step(2))).isInfinite();
    }

    @Test
    void aPlanThatDoesNotFitIsHeldToItsLongestBeginningAndOneThatFitsBeginsAnew() {
        DpEvent plan = Composed.of(new SelfComposed(STEP, 100), new SelfComposed(LOUD, 100));
        DpEvent beginning = Composed.of(new SelfComposed(STEP, 100), new SelfComposed(LOUD, 40));
        PlanFilter shorter = filter(cost(AccountantChoice.PLD, beginning) * 1.0001, plan);
        assertThat(shorter.admits(new SelfComposed(LOUD, 40))).isTrue();
        assertThat(shorter.admits(beginning)).isTrue();
        assertThat(shorter.admits(new SelfComposed(LOUD, 41))).isFalse();

        DpEvent oneAndAHalf = Composed.of(new SelfComposed(STEP, 150), new SelfComposed(LOUD, 100));
        PlanFilter longer = filter(cost(AccountantChoice.PLD, oneAndAHalf) * 1.0001, plan);
        assertThat(longer.admits(oneAndAHalf)).isTrue();
        assertThat(longer.admits(new SelfComposed(STEP, 151))).isFalse();
        assertThat(longer.admits(new SelfComposed(LOUD, 101))).isFalse();
        assertThat(longer.epsilon(LOUD))
                .as("what is skipped counts")
                .isEqualTo(cost(AccountantChoice.PLD, Composed.of(new SelfComposed(STEP, 100), LOUD)));
    }

    /**
     * 80 Gaussian releases and one that fails with a small probability are planned and fit; so do 100 Gaussian ones. Whoever
     * sees the first 80 and then takes what tells more loses nearly twice the delta. The filter allows only what the plan has.
     */
    @Test
    void aChoiceBetweenTwoThingsThatEachFitIsNotAdmitted() {
        DpEvent small = new Gaussian(10, 1, NeighbouringRelation.ZERO_OUT);
        double limit = ExactGaussian.instance()
                .epsilon(new SelfComposed(small, 100), DELTA)
                .orInfinity();
        double left = DELTA.value() - ExactGaussian.delta(Math.sqrt(0.80), limit);
        DpEvent failing = new EpsilonDelta(0, 0.98 * left);
        DpEvent plan = Composed.of(new SelfComposed(small, 80), failing);
        PlanFilter filter = filter(limit, plan);
        assertThat(filter.admits(plan)).isTrue();
        assertThat(deltaOfChoosing(0.98 * left, 20, limit)).isGreaterThan(1.8 * DELTA.value());

        int more = 0;
        while (more < 20 && filter.admits(new SelfComposed(small, 81 + more))) {
            more++;
        }
        assertThat(deltaOfChoosing(0.98 * left, more, limit)).isLessThan(DELTA.value());
    }

    /**
     * What is lost if, after 80 releases at distance 0.1, either one that fails is taken or {@code more} of the same, whichever
     * tells more given the loss so far, which is normal with mean s^2/2 and variance s^2.
     */
    private static double deltaOfChoosing(double failure, int more, double epsilon) {
        double deviation = Math.sqrt(0.80);
        double stride = 1e-3;
        double sum = 0;
        for (double z = -10; z < 10; z += stride) {
            double rest = epsilon - deviation * deviation / 2 - deviation * z;
            double byFailure = failure + (1 - failure) * Math.max(0, -Math.expm1(rest));
            double byMore = gaussian(0.1 * Math.sqrt(more), rest);
            sum += Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * stride * Math.max(byFailure, byMore);
        }
        return sum;
    }

    /** Delta of two normal distributions, for any epsilon: they are as far from each other either way. */
    private static double gaussian(double distance, double epsilon) {
        double delta = ExactGaussian.delta(distance, Math.abs(epsilon));
        return epsilon >= 0 ? delta : -Math.expm1(epsilon) + Math.exp(epsilon) * delta;
    }

    private static PlanFilter filter(double epsilon, DpEvent plan) {
        return new PlanFilter(AccountantChoice.PLD, new Epsilon(epsilon), DELTA, plan);
    }

    private static double cost(AccountantChoice choice, DpEvent event) {
        return choice.accountant().epsilon(event, DELTA).orInfinity();
    }

    private static DpEvent step(double sigma) {
        return new PoissonSampled(0.01, new Gaussian(sigma, 1, NeighbouringRelation.ZERO_OUT));
    }
}
