package dev.sotto.coordinator.session;

import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Who watches which session. A watcher that is slow or fails holds nobody up for long: it must only take note. Thread-safe. */
final class SessionEvents {
    private final Clock clock;
    private final Map<String, Long> numbers = new HashMap<>();
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
     * Tells everybody.
     *
     * @param view is asked for only if somebody watches
     */
    void tell(String session, String kind, String text, Supplier<SessionView> view) {
        List<Consumer<SessionEvent>> all;
        long number;
        synchronized (this) {
            number = numbers.merge(session, 1L, Long::sum);
            all = List.copyOf(watchers.getOrDefault(session, Set.of()));
        }
        if (!all.isEmpty()) {
            SessionEvent event = new SessionEvent(number, clock.instant(), kind, text, view.get());
            all.forEach(watcher -> watcher.accept(event));
        }
    }
}
