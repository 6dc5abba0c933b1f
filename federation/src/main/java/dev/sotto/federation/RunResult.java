package dev.sotto.federation;

import dev.sotto.federation.clientlevel.ClientLevelPlan;
import dev.sotto.learning.Evaluation;
import dev.sotto.privacy.event.DpEvent;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a run ended.
 *
 * @param parameters the last released model
 * @param history a record a round
 * @param ending why it ended
 * @param reason the ending in one line, where there is more to say
 * @param clientLevel what client-level privacy planned and spent; empty without it
 */
public record RunResult(
        float[] parameters,
        List<RoundRecord> history,
        Ending ending,
        Optional<String> reason,
        Optional<ClientLevelSpent> clientLevel) {

    /**
     * Client-level privacy at the end of a run.
     *
     * @param plan from which everything was derived
     * @param spent every event that was reserved
     * @param epsilon of it, at the plan's delta, for those who never learn the cohorts
     */
    public record ClientLevelSpent(ClientLevelPlan plan, DpEvent spent, OptionalDouble epsilon) {}

    /** Why a run ended. */
    public enum Ending {
        /** All planned rounds were run. */
        COMPLETED,
        /** Budgets are spent: fewer clients than a round needs could pay for the next one. */
        BUDGET,
        /** Training without privacy reached a loss that is not finite; the model is the last finite one. */
        DIVERGED,
        /** Everybody who could pay failed. */
        FAILED,
        /** Somebody asked the run to stop. */
        CANCELLED
    }

    /** How the model did on central test data when it was last evaluated; empty if it never was. */
    public Optional<Evaluation> evaluation() {
        return history.stream().flatMap(round -> round.central().stream()).reduce((earlier, later) -> later);
    }

    /** The largest epsilon that any client has spent; empty without example-level privacy, or before the first round. */
    public OptionalDouble epsilon() {
        return history.isEmpty()
                ? OptionalDouble.empty()
                : history.get(history.size() - 1).epsilon();
    }

    /** Rounds whose model was released. */
    public int rounds() {
        return (int) history.stream().filter(RoundRecord::released).count();
    }
}
