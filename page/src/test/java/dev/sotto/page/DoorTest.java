package dev.sotto.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The page's door")
class DoorTest {
    private final Hands clock = new Hands();
    private final Door door = new Door(clock);
    private final List<String> told = new ArrayList<>();

    /** A clock that is moved by hand. */
    private static final class Hands extends Clock {
        private Instant now = Instant.parse("2026-11-27T08:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @BeforeEach
    void listen() {
        door.tell(told::add);
    }

    @Test
    void opensOnceForEachToken() {
        assertThat(told).hasSize(1);
        assertThat(told.get(0)).hasSize(43);
        assertThat(door.enter(told.get(0))).isPresent();
        assertThat(door.enter(told.get(0))).isEmpty();
        assertThat(told).hasSize(2).doesNotHaveDuplicates();
        assertThat(door.enter(told.get(1))).isPresent();
    }

    @Test
    void staysShutForAnythingElse() {
        String token = told.get(0);
        for (String other :
                new String[] {null, "", token.substring(1), token + "A", token.substring(0, 42) + "!", "\u0000"}) {
            assertThat(door.enter(other)).isEmpty();
            assertThat(door.visit(other)).isEmpty();
        }
        assertThat(told).hasSize(1);
        assertThat(door.enter(token)).isPresent();
    }

    @Test
    void endsAVisitAfterTwelveHoursOrWhenAskedTo() {
        Door.Visit first = door.enter(told.get(0)).orElseThrow();
        Door.Visit second = door.enter(told.get(1)).orElseThrow();
        assertThat(door.visit(first.secret())).contains(first);
        door.leave(first);
        assertThat(door.visit(first.secret())).isEmpty();
        clock.now = clock.now.plus(Duration.ofHours(12)).minusMillis(1);
        assertThat(door.visit(second.secret())).contains(second);
        clock.now = clock.now.plusMillis(1);
        assertThat(door.visit(second.secret())).isEmpty();
    }

    @Test
    void givesEachVisitAProofOfItsOwn() {
        Door.Visit first = door.enter(told.get(0)).orElseThrow();
        Door.Visit second = door.enter(told.get(1)).orElseThrow();
        assertThat(first.proves(first.proof())).isTrue();
        assertThat(first.proves(second.proof())).isFalse();
        assertThat(first.proves(null)).isFalse();
        assertThat(first.proof()).isNotEqualTo(first.secret());
    }

    @Test
    void forgetsTheOldestOfTooManyVisits() {
        List<Door.Visit> visits = new ArrayList<>();
        for (int i = 0; i < 17; i++) {
            visits.add(door.enter(told.get(i)).orElseThrow());
        }
        assertThat(door.visit(visits.get(0).secret())).isEmpty();
        assertThat(door.visit(visits.get(1).secret())).isPresent();
        assertThat(door.visit(visits.get(16).secret())).isPresent();
    }
}
