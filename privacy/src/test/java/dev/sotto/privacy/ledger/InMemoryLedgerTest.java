package dev.sotto.privacy.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.accounting.Calibration;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SelfComposed;
import java.util.Map;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InMemoryLedgerTest {
    private static final DpEvent STEP = new PoissonSampled(0.01, new Gaussian(1, 1, NeighbouringRelation.ZERO_OUT));
    private static final DpEvent ROUND = new SelfComposed(STEP, 100);
    private static final Delta DELTA = new Delta(1e-5);

    @ParameterizedTest
    @EnumSource(AccountantChoice.class)
    void admitsAsManyRoundsAsTheAccountantDoesAndNoMore(AccountantChoice choice) {
        double limit = 2;
        InMemoryLedger ledger = new InMemoryLedger(new Budget(new Epsilon(limit), DELTA, choice));
        int rounds = 0;
        while (choice.accountant()
                        .epsilon(new SelfComposed(STEP, 100L * (rounds + 1)), DELTA)
                        .orInfinity()
                <= limit) {
            ledger.commit(ledger.reserve("hospital", ROUND, "round " + rounds));
            rounds++;
        }
        assertThat(rounds).isGreaterThan(3);
        DpEvent before = ledger.spent("hospital");
        assertThatThrownBy(() -> ledger.reserve("hospital", ROUND, "one more"))
                .isInstanceOf(BudgetExceededException.class)
                .hasMessageContaining("hospital")
                .hasMessageContaining("limit is 2.0 at delta 1.0E-5");
        assertThat(ledger.spent("hospital")).isEqualTo(before).isEqualTo(new SelfComposed(STEP, 100L * rounds));
    }

    @Test
    void aReservationIsSpentWhetherOrNotItIsCommitted() {
        InMemoryLedger ledger = new InMemoryLedger(Budget.unlimited(DELTA, AccountantChoice.RDP));
        ledger.reserve("a", ROUND, "never released");
        assertThat(ledger.spent("a")).isEqualTo(ROUND);
        assertThat(ledger.entries("a")).hasSize(1);
    }

    @Test
    void aReservationIsCommittedOnceAndOnlyWhereItWasMade() {
        InMemoryLedger ledger = new InMemoryLedger(Budget.unlimited(DELTA, AccountantChoice.RDP));
        Reservation reservation = ledger.reserve("a", ROUND, "round 1");
        ledger.commit(reservation);
        assertThatThrownBy(() -> ledger.commit(reservation)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> ledger.commit(new Reservation(1, "b", ROUND, "round 1")))
                .isInstanceOf(IllegalStateException.class);
        assertThat(ledger.entries("a"))
                .extracting(LedgerEntry::kind)
                .containsExactly(LedgerEntry.Kind.RESERVED, LedgerEntry.Kind.COMMITTED);
    }

    @Test
    void aDataSetWithoutABudgetIsRefused() {
        InMemoryLedger ledger =
                new InMemoryLedger(Map.of("a", new Budget(new Epsilon(1), DELTA, AccountantChoice.RDP)));
        assertThatThrownBy(() -> ledger.reserve("b", ROUND, "x")).hasMessageContaining("'b' has no budget");
    }

    @ParameterizedTest
    @EnumSource(AccountantChoice.class)
    void differentEventsFitIfTheyWerePlannedAndTheWholeFits(AccountantChoice choice) {
        DpEvent other = new PoissonSampled(0.01, new Gaussian(2, 1, NeighbouringRelation.ZERO_OUT));
        DpEvent plan = Composed.of(ROUND, new SelfComposed(other, 100));
        double whole = choice.accountant().epsilon(plan, DELTA).orInfinity();
        Budget budget = new Budget(new Epsilon(whole * 1.001), DELTA, choice).forPlan(plan);
        InMemoryLedger ledger = new InMemoryLedger(budget);
        ledger.reserve("a", ROUND, "first");
        ledger.reserve("a", new SelfComposed(other, 50), "second");
        ledger.reserve("a", new SelfComposed(other, 50), "third");
        assertThatThrownBy(() -> ledger.reserve("a", ROUND, "not planned")).isInstanceOf(BudgetExceededException.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = AccountantChoice.class,
            names = {"PLD", "TIGHTEST"})
    void nothingIsAdmittedInThePlaceOfWhatWasPlanned(AccountantChoice choice) {
        DpEvent loud = new PoissonSampled(0.01, new Gaussian(0.8, 1, NeighbouringRelation.ZERO_OUT));
        DpEvent plan = Composed.of(ROUND, new SelfComposed(loud, 100));
        double whole = choice.accountant().epsilon(plan, DELTA).orInfinity();
        InMemoryLedger ledger =
                new InMemoryLedger(new Budget(new Epsilon(whole * 1.0001), DELTA, choice).forPlan(plan));
        ledger.reserve("a", ROUND, "round 1");
        // Two such rounds cost less than the plan; admitted, the choice could follow from what was released.
        assertThat(choice.accountant()
                        .epsilon(new SelfComposed(STEP, 200), DELTA)
                        .orInfinity())
                .isLessThan(whole);
        assertThatThrownBy(() -> ledger.reserve("a", ROUND, "again"))
                .isInstanceOf(BudgetExceededException.class)
                .hasMessageContaining("would become");
        assertThatThrownBy(() -> ledger.reserve("a", new Gaussian(9, 1, NeighbouringRelation.ZERO_OUT), "other"))
                .isInstanceOf(BudgetExceededException.class)
                .hasMessage("data set 'a': under the " + choice.label() + " accountant only what was planned before the"
                        + " first release can be held against a limit, in parts or over again; other events need a budget"
                        + " under rdp");
        ledger.reserve("a", new SelfComposed(loud, 100), "round 2");
    }

    @Test
    void aRefusalTellsTheNumbersThatAreHeldAgainstTheLimit() {
        DpEvent rare = new PoissonSampled(0.001, new Gaussian(0.4, 1, NeighbouringRelation.ZERO_OUT));
        DoubleFunction<DpEvent> plain = sigma -> new Gaussian(sigma, 1, NeighbouringRelation.ZERO_OUT);
        Epsilon limit = new Epsilon(2);
        DpEvent large = plain.apply(Calibration.noiseMultiplier(AccountantChoice.RDP, limit, DELTA, plain));
        InMemoryLedger ledger = new InMemoryLedger(new Budget(limit, DELTA, AccountantChoice.RDP).forPlan(rare));
        // At its best order it fits; the limit is held at the one that suits the plan.
        assertThat(AccountantChoice.RDP.accountant().epsilon(large, DELTA).orInfinity())
                .isLessThanOrEqualTo(2);
        assertThatThrownBy(() -> ledger.reserve("a", large, "x"))
                .isInstanceOf(BudgetExceededException.class)
                .message()
                .matches(words -> told(words, "would become ") > 2, "tells more than the limit");
    }

    private static double told(String words, String after) {
        return Double.parseDouble(words.split(after, 2)[1].split("[ ;]", 2)[0]);
    }
}
