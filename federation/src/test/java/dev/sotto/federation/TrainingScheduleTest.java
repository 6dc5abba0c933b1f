package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.federation.TrainingSchedule.Change;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.ledger.InMemoryLedger;
import dev.sotto.privacy.random.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A training schedule")
class TrainingScheduleTest {
    private static final TrainingSettings FIRST = TrainingSettings.of(OptimizerSpec.sgd(0.2), 20);
    private static final TrainingSettings SLOWER = TrainingSettings.of(OptimizerSpec.sgd(0.01), 20);
    private static final TrainingSettings LONGER = SLOWER.withEpochs(3);
    private static final TrainingSchedule SCHEDULE =
            new TrainingSchedule(FIRST, List.of(new Change(3, SLOWER), new Change(5, LONGER)));

    @Test
    void holdsFromEachChangeToTheNext() {
        assertThat(List.of(1, 2))
                .allSatisfy(round -> assertThat(SCHEDULE.settings(round)).isEqualTo(FIRST));
        assertThat(List.of(3, 4))
                .allSatisfy(round -> assertThat(SCHEDULE.settings(round)).isEqualTo(SLOWER));
        assertThat(List.of(5, 500))
                .allSatisfy(round -> assertThat(SCHEDULE.settings(round)).isEqualTo(LONGER));
    }

    @Test
    void refusesChangesOutOfOrder() {
        assertThatThrownBy(() -> new TrainingSchedule(FIRST, List.of(new Change(5, SLOWER), new Change(5, LONGER))))
                .hasMessage("a change from round 5 follows one from round 5; rounds must rise");
        assertThatThrownBy(() -> new Change(1, SLOWER)).hasMessage("from-round is 1; it must be at least 2");
    }

    @Test
    void isWhatClientsTrainBy() {
        List<TrainingSettings> seen = new ArrayList<>();
        Client client = new Client(
                "hospital",
                Toys.clouds(100, 1),
                Optional.empty(),
                SCHEDULE,
                Optional.empty(),
                new InMemoryLedger(Map.of()),
                Randomness.seeded(1),
                (context, parameters, training) -> {
                    seen.add(context.settings());
                    return new StandardTrainer().train(context, parameters, training);
                });
        for (int round = 1; round <= 5; round++) {
            client.train(new RoundTask(round, Toys.zeros()), Toys.training());
        }
        assertThat(seen).containsExactly(FIRST, FIRST, SLOWER, SLOWER, LONGER);
        assertThat(client.stepsTaken()).isEqualTo(4 * 5 + 15);
    }

    @Test
    void isAccountedExactlyAndAllPlannedRoundsFit() {
        ExamplePrivacy asked = ExamplePrivacy.calibrated(2, 1e-3, 1);
        ClientPrivacy privacy = asked.forClient(100, SCHEDULE, 6);
        assertThat(privacy.plannedSteps()).isEqualTo(4 * 5 + 2 * 15);
        assertThat(privacy.stepsPerRound()).isEmpty();

        Client client = new Client(
                "hospital",
                Toys.clouds(100, 1),
                Optional.empty(),
                SCHEDULE,
                Optional.of(privacy),
                new InMemoryLedger(privacy.budget()),
                Randomness.seeded(1),
                new StandardTrainer());
        for (int round = 1; round <= 6; round++) {
            client.train(new RoundTask(round, Toys.zeros()), Toys.training());
        }
        assertThat(client.stepsTaken()).isEqualTo(50);
        assertThat(client.epsilon().orElseThrow()).isBetween(1.98, 2.0);
        assertThat(asked.forClient(100, FIRST, 6).plan().noise().value())
                .as("noise for the first settings in all rounds would be too little")
                .isLessThan(privacy.plan().noise().value());
    }

    @Test
    void keepsTheBatchSizeUnderExampleLevelPrivacy() {
        TrainingSchedule bigger =
                new TrainingSchedule(FIRST, List.of(new Change(3, TrainingSettings.of(OptimizerSpec.sgd(0.2), 40))));
        assertThatThrownBy(() -> ExamplePrivacy.withNoise(1, 1).forClient(100, bigger, 6))
                .hasMessage(
                        "batch size changes from 20 to 40; under example-level privacy it must stay, as the sampling "
                                + "rate follows from it");
    }
}
