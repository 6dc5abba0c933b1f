package dev.sotto.federation;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.ExampleLevelPlan;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.ledger.Budget;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.privacy.ledger.InMemoryLedger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Example-level privacy worked out for one client.
 *
 * @param plan from which sampling, clipping, noise and events are derived
 * @param roundSteps steps that each planned round takes, the first round's first
 * @param accuracy how its accuracy on what it held out is released; empty to withhold it
 * @param delta of the guarantee
 * @param limit target or limit
 * @param accountant that calibrates, enforces and reports
 * @param hardLimit whether the limit is enforced
 */
public record ClientPrivacy(
        ExampleLevelPlan plan,
        List<Integer> roundSteps,
        Optional<AccuracyRelease> accuracy,
        Delta delta,
        Optional<Epsilon> limit,
        AccountantChoice accountant,
        boolean hardLimit) {

    public ClientPrivacy {
        roundSteps = List.copyOf(roundSteps);
    }

    /** Rounds planned. */
    public int rounds() {
        return roundSteps.size();
    }

    /**
     * Steps that a round takes. One beyond the plan, which a hard limit refuses, takes as many as the last that was planned.
     *
     * @param round from 1
     */
    public int steps(int round) {
        return roundSteps.get(Math.min(round, rounds()) - 1);
    }

    /** Steps that a round takes, if all take as many. */
    public OptionalInt stepsPerRound() {
        return roundSteps.stream().distinct().count() == 1 ? OptionalInt.of(roundSteps.get(0)) : OptionalInt.empty();
    }

    /** Steps in all planned rounds. A client that misses rounds takes fewer: the first so many of these. */
    public int plannedSteps() {
        return roundSteps.stream().reduce(0, Math::addExact);
    }

    /** Everything a round will release, fixed before it starts; {@code fromStep} counts over the whole run. */
    public DpEvent roundEvent(int fromStep, int round) {
        return plan.events(fromStep, steps(round));
    }

    /** What all planned rounds and evaluations will release. */
    public DpEvent plannedEvent() {
        DpEvent training = plan.events(0, plannedSteps());
        return accuracy.<DpEvent>map(release -> Composed.of(training, release.plannedEvent()))
                .orElse(training);
    }

    /** The budget that the client's ledger enforces for this. */
    public Budget budget() {
        return hardLimit && limit.isPresent()
                ? new Budget(limit.get(), delta, accountant).forPlan(plannedEvent())
                : Budget.unlimited(delta, accountant);
    }

    /** Whether a budget lets the client train in that many rounds, all of them. */
    boolean covers(int rounds, Budget enforced) {
        int steps = IntStream.rangeClosed(1, rounds).map(this::steps).reduce(0, Math::addExact);
        try {
            new InMemoryLedger(enforced).reserve("", plan.events(0, steps), "");
            return true;
        } catch (BudgetExceededException e) {
            return false;
        }
    }
}
