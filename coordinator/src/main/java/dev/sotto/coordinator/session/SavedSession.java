package dev.sotto.coordinator.session;

import dev.sotto.coordinator.session.Reach.Acceptance;
import dev.sotto.coordinator.store.SessionState;
import dev.sotto.federation.Interrupted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A session as the database has it.
 *
 * @param roster who takes part, sorted by client id; empty while it gathers
 * @param interrupted what it goes on from; empty before the first round was ready
 */
record SavedSession(
        String id,
        String name,
        SessionState state,
        Optional<String> reason,
        byte[] packageDigest,
        int plannedRounds,
        SessionSettings settings,
        List<Acceptance> roster,
        Optional<Interrupted> interrupted,
        Instant created,
        Optional<Instant> ended) {
    SavedSession {
        roster = List.copyOf(roster);
    }

    /** The same after its end. */
    SavedSession ended(SessionState how, Optional<String> why, Instant when) {
        return new SavedSession(
                id,
                name,
                how,
                why,
                packageDigest,
                plannedRounds,
                settings,
                roster,
                interrupted,
                created,
                Optional.of(when));
    }
}
