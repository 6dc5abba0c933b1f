package dev.sotto.folders;

import java.time.Duration;

/**
 * How a project waits for its participants.
 *
 * @param minClients participants without whom it does not begin, and updates that a round needs; at least 1
 * @param gather how long it waits for all of them to approve; then those who have take part
 * @param round how long they have in a round; who has not answered then is left out of it
 * @param enough updates that close a round early; 0 to wait for everybody asked
 */
public record LaunchRules(int minClients, Duration gather, Duration round, int enough) {
    /** How long participants have to approve, if nobody says: people decide, and folders sync at their leisure. */
    public static final Duration GATHER = Duration.ofDays(7);
    /** How long they have in a round, if nobody says. */
    public static final Duration ROUND = Duration.ofHours(1);

    private static final Duration LONGEST = Duration.ofDays(90);

    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public LaunchRules {
        require(minClients >= 1, "min-clients is " + minClients + "; it must be at least 1");
        require(
                enough == 0 || enough >= minClients,
                "enough is " + enough + ", but a round needs " + minClients
                        + " updates; it must be at least that, or 0");
        requireDuration("gather-timeout", gather);
        requireDuration("round-timeout", round);
    }

    /** With the usual times, waiting for everybody asked. */
    public static LaunchRules usual(int minClients) {
        return new LaunchRules(minClients, GATHER, ROUND, 0);
    }

    private static void requireDuration(String name, Duration value) {
        require(
                !value.isZero() && !value.isNegative() && value.compareTo(LONGEST) <= 0,
                name + " is " + value.toSeconds() + " s; it must be 1 second to " + LONGEST.toDays() + " days");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
