package dev.sotto.federation;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.ExampleLevelPlan;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.ledger.Budget;
import java.util.Optional;

/**
 * Example-level privacy worked out for one client.
 *
 * @param plan from which sampling, clipping, noise and events are derived
 * @param stepsPerRound steps a round takes
 * @param rounds rounds planned
 * @param delta of the guarantee
 * @param limit target or limit
 * @param accountant that calibrates, enforces and reports
 * @param hardLimit whether the limit is enforced
 */
public record ClientPrivacy(
        ExampleLevelPlan plan,
        int stepsPerRound,
        int rounds,
        Delta delta,
        Optional<Epsilon> limit,
        AccountantChoice accountant,
        boolean hardLimit) {

    /** Everything a round will release, fixed before it starts. */
    public DpEvent roundEvent(int fromStep) {
        return plan.events(fromStep, stepsPerRound);
    }

    /** What all planned rounds will release. */
    public DpEvent plannedEvent() {
        return plan.events(0, Math.multiplyExact(stepsPerRound, rounds));
    }

    /** The budget that the client's ledger enforces for this. */
    public Budget budget() {
        return hardLimit && limit.isPresent()
                ? new Budget(limit.get(), delta, accountant).forPlan(plannedEvent())
                : Budget.unlimited(delta, accountant);
    }
}
