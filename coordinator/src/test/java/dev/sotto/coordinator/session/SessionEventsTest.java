package dev.sotto.coordinator.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.coordinator.store.SessionState;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class SessionEventsTest {
    private static final int EVENTS = 400;

    private final SessionEvents events = new SessionEvents(Clock.systemUTC());
    private final List<SessionEvent> heard = new ArrayList<>();

    private int shown;

    /** A view that takes 5 ms, as that of a session of thousands does. */
    private SessionView slow() {
        shown++;
        long until = System.nanoTime() + 5_000_000;
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
        return view();
    }

    private static SessionView view() {
        return new SessionView(
                "s",
                "many",
                SessionState.RUNNING,
                Optional.empty(),
                0,
                1,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                "none",
                new byte[0],
                new byte[0],
                Instant.EPOCH,
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    @Test
    void ofManyClientsAllAreToldAndOnlySomeShowTheSession() {
        events.watch("s", heard::add);
        for (int i = 0; i < EVENTS; i++) {
            events.tell("s", "update", "client " + i, this::slow);
        }
        events.tell("s", "committed", "round 1/1", this::slow);

        assertThat(heard).hasSize(EVENTS + 1).extracting(SessionEvent::number).isSorted();
        // 50 ms at once hold 10 of 5 ms, and each 5 ms that pass bring a twentieth of one more.
        assertThat(shown).isBetween(2, EVENTS / 8);
        assertThat(heard.stream().filter(event -> event.session().isPresent())).hasSize(shown);
        assertThat(heard.get(EVENTS).session()).isPresent();
    }

    @Test
    void ofAFewClientsEachShowsTheSession() {
        events.watch("s", heard::add);
        for (int i = 0; i < EVENTS; i++) {
            events.tell("s", "update", "client " + i, SessionEventsTest::view);
        }

        assertThat(heard).hasSize(EVENTS).allMatch(event -> event.session().isPresent());
    }
}
