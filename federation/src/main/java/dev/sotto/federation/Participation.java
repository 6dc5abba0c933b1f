package dev.sotto.federation;

import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * Who takes part in a round, and what a round needs.
 *
 * @param cohort who is asked
 * @param minClients updates that a round needs to be released; 0 only under client-level privacy, where an empty round
 *     releases noise, and where draws are secret it must be 0
 * @param minAvailable clients that must be there before a run begins
 * @param reliability simulated: who does not answer in time
 */
public record Participation(Cohort cohort, int minClients, int minAvailable, Reliability reliability) {
    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public Participation {
        Require.atLeast("min-clients", minClients, 0);
        Require.atLeast("min-available", minAvailable, 1);
        if (cohort instanceof Cohort.FixedSize fixed) {
            requireAsked(fixed.clients(), minClients);
        }
        if (cohort instanceof Cohort.MinSeparation turns) {
            requireAsked(turns.clients(), minClients);
        }
    }

    /** Each of the asked vanishes with that probability, without a word. */
    public Participation(Cohort cohort, int minClients, double dropout) {
        this(cohort, minClients, 1, new Reliability(dropout, Optional.empty()));
    }

    private static void requireAsked(int asked, int minClients) {
        if (asked < minClients) {
            throw new IllegalArgumentException("min-clients is " + minClients + ", but a round asks only " + asked
                    + " clients; it must be at most that");
        }
    }

    /** That cohort; one update is enough, and nobody vanishes. */
    public static Participation of(Cohort cohort) {
        return new Participation(cohort, 1, 1, Reliability.FULL);
    }

    /** The same with another least number of updates. */
    public Participation needing(int clients) {
        return new Participation(cohort, clients, minAvailable, reliability);
    }

    /**
     * Checks that a federation is large enough.
     *
     * @param clients how many there are
     * @throws IllegalArgumentException with both numbers
     */
    public void requireAvailable(int clients) {
        requireThere("min-clients", minClients, clients);
        requireThere("min-available", minAvailable, clients);
        // Says whether that many can be asked.
        cohort.sampling(clients);
    }

    private static void requireThere(String name, int needed, int clients) {
        if (clients < needed) {
            throw new IllegalArgumentException(
                    name + " is " + needed + ", but there are " + clients + " clients; it must be at most that");
        }
    }
}
