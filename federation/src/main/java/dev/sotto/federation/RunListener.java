package dev.sotto.federation;

import java.util.List;

/** Watches a run. All methods do nothing by default. */
public interface RunListener {
    /** A round begins, with that many clients asked. */
    default void roundStarted(int round, int clients) {}

    /** A client's part is over; called from several threads. */
    default void clientFinished(ClientReport report) {}

    /** A round's updates were too few for the strategy, and the model stays; {@code reason} is one line. */
    default void roundWithheld(int round, String reason) {}

    /** A round is over; {@code parameters} is the model after it, to be copied if kept. */
    default void roundFinished(RoundRecord record, float[] parameters) {}

    /** Whether to stop after the current round. */
    default boolean cancelled() {
        return false;
    }

    /** Tells several listeners. */
    static RunListener all(List<RunListener> listeners) {
        return new RunListener() {
            @Override
            public void roundStarted(int round, int clients) {
                listeners.forEach(listener -> listener.roundStarted(round, clients));
            }

            @Override
            public void clientFinished(ClientReport report) {
                listeners.forEach(listener -> listener.clientFinished(report));
            }

            @Override
            public void roundWithheld(int round, String reason) {
                listeners.forEach(listener -> listener.roundWithheld(round, reason));
            }

            @Override
            public void roundFinished(RoundRecord record, float[] parameters) {
                listeners.forEach(listener -> listener.roundFinished(record, parameters));
            }

            @Override
            public boolean cancelled() {
                return listeners.stream().anyMatch(RunListener::cancelled);
            }
        };
    }
}
