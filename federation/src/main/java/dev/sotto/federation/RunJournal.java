package dev.sotto.federation;

import java.util.List;

/**
 * Keeps what a run needs to go on after its process has died. Each call returns only when what it was told is safe: data is
 * touched after {@link #begins} alone, and nobody learns of a round before {@link #finished}. Called from the run's thread.
 * All methods do nothing by default.
 */
public interface RunJournal {
    /** Keeps nothing. */
    RunJournal NONE = new RunJournal() {};

    /** The run is about to begin from this state: round 0, or the last round that an earlier process finished. */
    default void ready(FederationState state) {}

    /** A round begins, in which these clients are going to be asked. */
    default void begins(int round, List<String> cohort) {}

    /** A round is over. */
    default void finished(RoundRecord record, FederationState state) {}
}
