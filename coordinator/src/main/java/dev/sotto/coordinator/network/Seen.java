package dev.sotto.coordinator.network;

import dev.sotto.coordinator.identity.Gate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Who was connected when, for lists. Thousands may connect at once and none is to wait for the database, so they are noted
 * together, a moment later. Thread-safe.
 */
final class Seen {
    private static final Logger LOG = Logger.getLogger(Seen.class.getName());

    private final Gate gate;
    private final Map<String, String> unwritten = new LinkedHashMap<>();

    Seen(Gate gate) {
        this.gate = gate;
    }

    /** A client is connected, or was until now. */
    synchronized void note(Connection connection) {
        unwritten.put(connection.client(), connection.version());
    }

    private synchronized Map<String, String> take() {
        Map<String, String> all = new LinkedHashMap<>(unwritten);
        unwritten.clear();
        return all;
    }

    /** Writes down what was noted; what cannot be written is left out, since nothing but a list shows it. */
    void write() {
        Map<String, String> all = take();
        if (!all.isEmpty()) {
            try {
                gate.seen(all);
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "who is connected could not be noted: " + e.getMessage(), e);
            }
        }
    }
}
