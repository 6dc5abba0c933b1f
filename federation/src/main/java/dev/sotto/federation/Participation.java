package dev.sotto.federation;

import dev.sotto.privacy.Require;

/**
 * Who takes part in a round, and what a round needs.
 *
 * @param cohort who is asked
 * @param minClients updates that a round needs to be released; 0 only under client-level privacy, where an empty round
 *     releases noise
 * @param dropout simulated: the share of the asked who vanish without a word, each on its own
 */
public record Participation(Cohort cohort, int minClients, double dropout) {
    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public Participation {
        Require.atLeast("min-clients", minClients, 0);
        Require.probability("dropout", dropout);
        if (cohort instanceof Cohort.FixedSize fixed && fixed.clients() < minClients) {
            throw new IllegalArgumentException("min-clients is " + minClients + ", but a round asks only "
                    + fixed.clients() + " clients; it must be at most that");
        }
    }

    /** That cohort; one update is enough, and nobody vanishes. */
    public static Participation of(Cohort cohort) {
        return new Participation(cohort, 1, 0);
    }

    /** The same with another least number of updates. */
    public Participation needing(int clients) {
        return new Participation(cohort, clients, dropout);
    }
}
