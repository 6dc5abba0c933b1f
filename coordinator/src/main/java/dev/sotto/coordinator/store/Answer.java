package dev.sotto.coordinator.store;

import java.util.Locale;

/**
 * What a client said last to a session's offer.
 *
 * @param reason why it refuses, or what it waits for; empty if it takes part
 */
public record Answer(String client, Decision decision, String reason) {
    /** What a client can say. */
    public enum Decision {
        ACCEPTED,
        REFUSED,
        /** A person at the client decides. */
        PENDING;

        /** As users see it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
