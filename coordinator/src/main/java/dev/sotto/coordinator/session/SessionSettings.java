package dev.sotto.coordinator.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.Plan;
import dev.sotto.privacy.NeighbouringRelation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an operator decides when a session starts, besides what its package says.
 *
 * @param clients acceptances that end the wait; at least {@code minClients}
 * @param minClients acceptances that are enough once the wait is over; at least 1
 * @param gather how long to wait for clients
 * @param round how long clients have in a round
 * @param enough updates that close a round early; 0 to wait for everybody asked
 * @param only ids of the clients that are asked to join; empty for all
 * @param seed of the coordinator's randomness; tests only, nothing is private with it
 * @param testData section {@code data} of an experiment whose test examples the coordinator evaluates on; empty for none
 */
public record SessionSettings(
        int clients,
        int minClients,
        Duration gather,
        Duration round,
        int enough,
        List<String> only,
        OptionalLong seed,
        Optional<ObjectNode> testData) {
    /** How long clients have in a round, if nobody says. */
    public static final Duration ROUND = Duration.ofMinutes(3);
    /** How long to wait for clients, if nobody says. */
    public static final Duration GATHER = Duration.ofMinutes(10);

    private static final Duration LONGEST = Duration.ofDays(7);

    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public SessionSettings {
        only = List.copyOf(only);
        require(minClients >= 1, "min-clients is " + minClients + "; it must be at least 1");
        require(
                clients >= minClients,
                "clients is " + clients + ", but at least " + minClients + " are needed; it must be at least that");
        require(enough >= 0, "enough is " + enough + "; it must be 0 or more");
        require(
                enough == 0 || enough >= minClients,
                "enough is " + enough + ", but a round needs " + minClients + " updates; it must be at least that");
        require(
                only.isEmpty() || only.size() >= minClients,
                "only names " + only.size() + " clients, but at least " + minClients + " are needed");
        requireDuration("round-timeout", round);
        requireDuration("gather-timeout", gather);
    }

    /**
     * Refuses what a plan cannot be carried out with. Who answers first keeps others out of the sum, so where draws are secret
     * or a client may be there or not, one client would move it by another's update besides its own.
     *
     * @param population clients of the session
     */
    public void requireFits(Plan plan, int population) {
        boolean displaced = plan.clientLevelPlan(population)
                .map(own -> own.amplifies() || own.relation() == NeighbouringRelation.ADD_OR_REMOVE_ONE)
                .orElse(false);
        require(
                enough == 0 || !displaced,
                "enough is " + enough
                        + ", but under privacy.client-level with a secret draw a round waits for everybody"
                        + " drawn, until its timeout: those who come first would keep others out of the sum, for which"
                        + " the noise is not made; leave it out");
    }

    private static void requireDuration(String name, Duration value) {
        require(
                !value.isZero() && !value.isNegative() && value.compareTo(LONGEST) <= 0,
                name + " is " + value.toSeconds() + " s; it must be 1 second to 7 days");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
