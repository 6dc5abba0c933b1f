package dev.sotto.coordinator.session;

import java.util.HashMap;
import java.util.Map;

/** How far clients have come in the round that is on, as they say; only of this process, and gone with it. Thread-safe. */
final class InRound {
    private final Map<String, Integer> tenths = new HashMap<>();

    synchronized void begin() {
        tenths.clear();
    }

    synchronized void progressed(String client, int now) {
        tenths.put(client, now);
    }

    /** Has nothing more to do in this round. */
    synchronized void done(String client) {
        tenths.remove(client);
    }

    synchronized int tenths(String client) {
        return tenths.getOrDefault(client, 0);
    }
}
