package dev.sotto.coordinator.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.federation.RoundRecord;
import dev.sotto.federation.RoundRecord.ClientLevelRound;
import dev.sotto.learning.Evaluation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What people who watch a session read. */
final class SessionWatchTest {
    private static RoundRecord record(boolean released, Optional<Evaluation> central) {
        return new RoundRecord(
                2,
                released,
                central,
                Map.of(),
                Optional.empty(),
                List.of(),
                OptionalDouble.of(1.25),
                Optional.of(new ClientLevelRound(1, 2, OptionalDouble.of(0.5))),
                3);
    }

    @Test
    void aRoundIsALineWithItsAccuracyInPercentAsInARun() {
        Optional<Evaluation> scores = Optional.of(new Evaluation(10_000, 21_000, 2_877));
        assertThat(SessionWatch.finished(record(true, scores), 3, true))
                .isEqualTo("round 2/3  accuracy 28.8%  loss 2.100  epsilon 1.250");
        assertThat(SessionWatch.finished(record(false, Optional.empty()), 3, true))
                .isEqualTo("round 2/3  epsilon 1.250  not released: too few updates");
    }

    @Test
    void whereClientsAreProtectedItsEpsilonIsThatOfAllOfThem() {
        assertThat(SessionWatch.finished(record(true, Optional.empty()), 3, false))
                .isEqualTo("round 2/3  epsilon 0.5000");
    }
}
