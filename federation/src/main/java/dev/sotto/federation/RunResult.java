package dev.sotto.federation;

import java.util.List;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param parameters the last released model
 * @param history a record a round
 * @param ending why it ended
 * @param reason the ending in one line, where there is more to say
 */
public record RunResult(float[] parameters, List<RoundRecord> history, Ending ending, Optional<String> reason) {

    /** Why a run ended. */
    public enum Ending {
        /** All planned rounds were run. */
        COMPLETED,
        /** Every client's budget is spent, or the next round would pass it. */
        BUDGET,
        /** Training without privacy reached a loss that is not finite; the model is the last finite one. */
        DIVERGED,
        /** Clients failed, and fewer than a round needs were left. */
        FAILED,
        /** Somebody asked the run to stop. */
        CANCELLED
    }

    /** Rounds whose model was released. */
    public int rounds() {
        return (int) history.stream().filter(RoundRecord::released).count();
    }
}
