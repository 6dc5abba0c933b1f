package dev.sotto.coordinator.network;

import dev.sotto.coordinator.session.Reach.RoundObserver;
import dev.sotto.coordinator.session.RefusalKind;
import java.util.logging.Level;
import java.util.logging.Logger;

/** An observer whose failures are its own. */
record SafeObserver(RoundObserver observer) implements RoundObserver {
    private static final Logger LOG = Logger.getLogger(SafeObserver.class.getName());

    @Override
    public void refused(String client, int round, RefusalKind kind, String reason) {
        safely(() -> observer.refused(client, round, kind, reason));
    }

    @Override
    public void accepted(String client, int round, long bytes, long lastByte) {
        safely(() -> observer.accepted(client, round, bytes, lastByte));
    }

    @Override
    public void progressed(String client, int round, int tenths) {
        safely(() -> observer.progressed(client, round, tenths));
    }

    @Override
    public void log(String client, String line) {
        safely(() -> observer.log(client, line));
    }

    private static void safely(Runnable told) {
        try {
            told.run();
        } catch (RuntimeException e) {
            LOG.log(Level.SEVERE, "who watches a session failed", e);
        }
    }
}
