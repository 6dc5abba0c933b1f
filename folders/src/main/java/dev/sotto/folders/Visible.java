package dev.sotto.folders;

import dev.sotto.federation.Plan;
import java.util.Optional;

/** What anybody who looks at the synced tree sees, and what therefore cannot be promised here. */
public final class Visible {
    private Visible() {}

    /**
     * Why a plan promises what folders cannot keep; empty if it does not. Each task is a file in its participant's folder, so
     * everybody sees who was drawn, and a guarantee that rests on the secrecy of the draws does not hold.
     */
    public static Optional<String> misfit(Plan plan, int clients) {
        boolean secret = plan.clientLevelPlan(clients)
                .map(own -> own.amplifies()
                        // The clients' accuracy may count on the draws where training does not.
                        || (own.sampling().amplifies()
                                && plan.evaluation().privateMetrics().isPresent()))
                .orElse(false);
        return secret
                ? Optional.of(
                        "cohort: its privacy rests on nobody knowing who is drawn, and in shared folders everybody"
                                + " sees who gets a task; ask everybody in each round")
                : Optional.empty();
    }
}
