package dev.sotto.coordinator.session;

import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Who watches which session. A watcher that is slow or fails holds nobody up for long: it must only take note. An event shows
 * the whole session, and a session of thousands has thousands of events that say what one client did: showing it takes no more
 * than a share of the time of whoever tells them, and beyond that they come without. Thread-safe.
 */
final class SessionEvents {
    /** Kinds of which a session has as many as clients, or more. */
    private static final Set<String> OF_ONE_CLIENT = Set.of("client", "update", "progress", "refused", "log");

    private static final long BURST_NANOS = 50_000_000;
    private static final int SHARE = 20;

    private final Clock clock;
    private final Map<String, Long> numbers = new HashMap<>();
    private long left = BURST_NANOS;
    private long refilled = System.nanoTime();
    private final Map<String, Set<Consumer<SessionEvent>>> watchers = new HashMap<>();

    SessionEvents(Clock clock) {
        this.clock = clock;
    }

    /** Tells what happens from now on, until the subscription is closed. */
    synchronized AutoCloseable watch(String session, Consumer<SessionEvent> watcher) {
        watchers.computeIfAbsent(session, id -> new LinkedHashSet<>()).add(watcher);
        return () -> leave(session, watcher);
    }

    private synchronized void leave(String session, Consumer<SessionEvent> watcher) {
        Set<Consumer<SessionEvent>> all = watchers.getOrDefault(session, Set.of());
        if (all.remove(watcher) && all.isEmpty()) {
            watchers.remove(session);
        }
    }

    /**
     * Tells everybody who watches.
     *
     * @param view is asked for only if somebody watches, and there is time
     */
    void tell(String session, String kind, String text, Supplier<SessionView> view) {
        List<Consumer<SessionEvent>> all;
        long number;
        synchronized (this) {
            number = numbers.merge(session, 1L, Long::sum);
            all = List.copyOf(watchers.getOrDefault(session, Set.of()));
        }
        if (all.isEmpty()) {
            return;
        }
        boolean ofOne = OF_ONE_CLIENT.contains(kind);
        boolean shows = !ofOne || hasTime();
        long start = System.nanoTime();
        SessionEvent event = new SessionEvent(
                number, clock.instant(), kind, text, shows ? Optional.of(view.get()) : Optional.empty());
        all.forEach(watcher -> watcher.accept(event));
        if (ofOne && shows) {
            spend(System.nanoTime() - start);
        }
    }

    private synchronized boolean hasTime() {
        long now = System.nanoTime();
        left = Math.min(BURST_NANOS, left + (now - refilled) / SHARE);
        refilled = now;
        return left > 0;
    }

    private synchronized void spend(long nanos) {
        left -= nanos;
    }
}
