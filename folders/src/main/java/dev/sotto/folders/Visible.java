package dev.sotto.folders;

import dev.sotto.federation.Plan;
import dev.sotto.privacy.NeighbouringRelation;
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

    /**
     * Why a plan's rounds cannot be closed early; empty if they can, or are not. Who answers first keeps others out of the sum:
     * if one more client is there, its update comes in and another's goes out, which is more than the noise is made for.
     *
     * @param enough updates that close a round; 0 for none
     */
    public static Optional<String> closedEarly(Plan plan, int clients, int enough) {
        boolean displaced = plan.clientLevelPlan(clients)
                .map(own -> own.relation() == NeighbouringRelation.ADD_OR_REMOVE_ONE)
                .orElse(false);
        return displaced && enough > 0
                ? Optional.of(
                        "enough is " + enough + ", but under privacy.client-level with relation add-or-remove-one a"
                                + " round waits for everybody asked, until its timeout: those who come first would keep others"
                                + " out of the sum, for which the noise is not made; leave it out, or use relation: zero-out")
                : Optional.empty();
    }
}
