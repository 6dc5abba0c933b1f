package dev.sotto.coordinator.network;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** All tasks that are open, and what became of those that were. Thread-safe. */
final class TaskBook {
    private static final int MOST_REMEMBERED = 50_000;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, OpenTask> open = new LinkedHashMap<>();
    private final Map<String, Closed> closed = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Closed> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    /**
     * A task that is over.
     *
     * @param why in words that go on after "it is refused:"
     * @param counted digest of the update that was counted; empty if none was
     */
    record Closed(String client, String session, int round, String why, Optional<String> counted) {}

    /** An id that was never used before, in this process or another. */
    String newId() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    synchronized void enter(OpenTask task) {
        open.put(task.id(), task);
    }

    synchronized Optional<OpenTask> open(String id) {
        return Optional.ofNullable(open.get(id));
    }

    synchronized Optional<Closed> closed(String id) {
        return Optional.ofNullable(closed.get(id));
    }

    synchronized void close(OpenTask task, String why, Optional<String> counted) {
        open.remove(task.id());
        closed.put(
                task.id(),
                new Closed(
                        task.client().id(), task.round().session(), task.round().number(), why, counted));
    }
}
