package dev.sotto.coordinator.store;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Where a session stands. It begins by gathering and ends in one of the last four, always. */
public enum SessionState {
    /** Clients are asked to join. */
    GATHERING,
    /** Rounds are run. */
    RUNNING,
    /** Somebody asked it to stop; the round that is on comes to its end. */
    STOPPING,
    /** All planned rounds were run. */
    COMPLETED,
    /** Budgets refuse all further rounds. */
    BUDGET,
    /** Somebody stopped it. */
    STOPPED,
    /** It could not go on. */
    FAILED;

    /** Whether it is over. */
    public boolean over() {
        return compareTo(COMPLETED) >= 0;
    }

    /** Whether a person may have it go on. */
    public boolean resumable() {
        return this == STOPPED || this == FAILED;
    }

    /** As users see it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state of that word; empty if there is none. */
    public static Optional<SessionState> of(String word) {
        return Arrays.stream(values())
                .filter(state -> state.word().equals(word))
                .findFirst();
    }
}
