package dev.sotto.owner.desk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.owner.desk.Activity.Current;
import dev.sotto.owner.desk.Activity.Kind;
import dev.sotto.owner.ledger.SessionKey;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An owner's activity")
class ActivityTest {
    private static final SessionKey KEY = new SessionKey("network-1", "s-17");

    private final Activity activity = new Activity();

    @Test
    void isWhatBeganAndHasNotEnded() {
        assertThat(activity.now()).isEmpty();
        assertThat(activity.last()).isEmpty();
        Instant before = Instant.now();
        try (Activity.Work first = activity.begin(KEY, "scans", Kind.TRAINING, 2, 10)) {
            Current begun = activity.now().get(0);
            assertThat(begun.steps()).isZero();
            assertThat(begun.since()).isBetween(before, Instant.now());
            try (Activity.Work second = activity.begin(KEY, "scans", Kind.EVALUATION, 1, 10)) {
                second.step(1, 1);
                assertThat(activity.now()).extracting(Current::kind).containsExactly(Kind.TRAINING, Kind.EVALUATION);
            }
            first.step(3, 15);
            assertThat(activity.now())
                    .containsExactly(new Current(KEY, "scans", Kind.TRAINING, 2, 10, 3, 15, begun.since()));
        }
        assertThat(activity.now()).isEmpty();
        assertThat(activity.last().orElseThrow().what().step()).isEqualTo(3);
        assertThat(activity.last().orElseThrow().at()).isBetween(before, Instant.now());
    }

    @Test
    void endsOnceHoweverOftenItIsClosed() {
        Activity.Work work = activity.begin(KEY, "scans", Kind.TRAINING, 1, 2);
        work.close();
        var ended = activity.last();
        work.close();
        assertThat(activity.last()).isEqualTo(ended);
    }
}
