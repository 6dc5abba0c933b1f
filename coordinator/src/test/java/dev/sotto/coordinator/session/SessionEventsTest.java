package dev.sotto.coordinator.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class SessionEventsTest {
    private static final int EVENTS = 400;

    private final SessionEvents events = new SessionEvents(Clock.systemUTC());
    private final List<SessionEvent> heard = new ArrayList<>();

    /** A view that takes 5 ms, as that of a session of thousands does. */
    private static SessionView slow() {
        long until = System.nanoTime() + 5_000_000;
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
        return null;
    }

    @Test
    void ofManyClientsOnlySoManyAreToldAndTheSessionsOwnEventsAlways() {
        events.watch("s", heard::add);
        for (int i = 0; i < EVENTS; i++) {
            events.tell("s", "update", "client " + i, SessionEventsTest::slow);
        }
        events.tell("s", "committed", "round 1/1", SessionEventsTest::slow);

        // 200 ms at once hold 40 of 5 ms, and each 5 ms that pass bring a twentieth of one more.
        assertThat(heard).hasSizeBetween(2, EVENTS / 4);
        SessionEvent last = heard.get(heard.size() - 1);
        assertThat(last.kind()).isEqualTo("committed");
        assertThat(last.number()).isEqualTo(EVENTS + 1);
    }

    @Test
    void ofAFewClientsNothingIsLeftOut() {
        events.watch("s", heard::add);
        for (int i = 0; i < EVENTS; i++) {
            events.tell("s", "update", "client " + i, () -> null);
        }

        assertThat(heard).hasSize(EVENTS);
    }
}
