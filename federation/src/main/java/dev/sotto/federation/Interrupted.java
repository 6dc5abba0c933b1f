package dev.sotto.federation;

import java.util.List;

/**
 * A run to be gone on with.
 *
 * @param state after its last round that is safe
 * @param history up to that round
 * @param begun rounds that were begun after it and did not come to a safe end: what they reserved stays spent
 */
public record Interrupted(FederationState state, List<RoundRecord> history, List<Begun> begun) {
    public Interrupted {
        history = List.copyOf(history);
        begun = List.copyOf(begun);
    }

    /**
     * A round of which no more is known than that data may have been touched.
     *
     * @param cohort who was asked
     */
    public record Begun(int round, List<String> cohort) {}
}
