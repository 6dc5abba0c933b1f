package dev.sotto.coordinator.identity;

import dev.sotto.coordinator.store.Clients;
import dev.sotto.coordinator.store.EnrolledClient;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the database says of clients, remembered for a moment: each call of a node asks who it is, and a delivery asks for its
 * key besides, thousands at once. What this process changes counts at once; what another does, after that moment. Who is
 * unknown is not remembered. Thread-safe.
 */
final class KnownClients {
    private static final long MOMENT_NANOS = 2_000_000_000;

    private final Clients clients;
    private final Map<String, Known> byId = new HashMap<>();
    private final Map<String, Known> bySerial = new HashMap<>();
    private long changes;

    private record Known(EnrolledClient client, long since) {}

    KnownClients(Clients clients) {
        this.clients = clients;
    }

    Optional<EnrolledClient> byId(String id) {
        return remembered(byId, id).or(() -> asked(byId, id, () -> clients.find(id)));
    }

    Optional<EnrolledClient> bySerial(String serial) {
        return remembered(bySerial, serial).or(() -> asked(bySerial, serial, () -> clients.bySerial(serial)));
    }

    private synchronized Optional<EnrolledClient> remembered(Map<String, Known> all, String key) {
        return Optional.ofNullable(all.get(key))
                .filter(known -> System.nanoTime() - known.since() < MOMENT_NANOS)
                .map(Known::client);
    }

    private Optional<EnrolledClient> asked(
            Map<String, Known> all, String key, Supplier<Optional<EnrolledClient>> question) {
        long since = System.nanoTime();
        long before = changes();
        Optional<EnrolledClient> found = question.get();
        found.ifPresent(client -> remember(all, key, client, since, before));
        return found;
    }

    private synchronized long changes() {
        return changes;
    }

    /** Not if something has changed since: what was read may be what was before. */
    private synchronized void remember(
            Map<String, Known> all, String key, EnrolledClient client, long since, long before) {
        if (before == changes) {
            all.put(key, new Known(client, since));
        }
    }

    /** Something was changed here, and has been written. */
    synchronized void changed() {
        changes++;
        byId.clear();
        bySerial.clear();
    }
}
