package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.data.Examples;
import dev.sotto.learning.LocalTraining;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.privacy.ledger.InMemoryLedger;
import dev.sotto.privacy.ledger.Ledger;
import dev.sotto.privacy.ledger.LedgerEntry.Kind;
import dev.sotto.privacy.random.Randomness;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A client")
class ClientTest {
    private static final Examples EXAMPLES = Toys.clouds(200, 1);
    private static final int STEPS = 10;

    /** Trains as usual and counts how often it was asked. */
    private static final class CountingTrainer implements ClientTrainer {
        private int calls;

        @Override
        public LocalTraining.Outcome train(ClientContext client, float[] parameters, LocalTraining training) {
            calls++;
            return new StandardTrainer().train(client, parameters, training);
        }
    }

    private static ClientPrivacy privacy(ExamplePrivacy asked, int rounds) {
        return asked.forClient(EXAMPLES.size(), Toys.TRAINING, rounds);
    }

    /** Noise 1 with a limit in the middle between what {@code rounds} rounds spend and what one more would. */
    private static ClientPrivacy limitedTo(int rounds) {
        ClientPrivacy free = privacy(ExamplePrivacy.withNoise(1, 1), rounds);
        double limit = (epsilonOf(free, rounds) + epsilonOf(free, rounds + 1)) / 2;
        return new ClientPrivacy(
                free.plan(),
                Collections.nCopies(10, STEPS),
                Optional.empty(),
                free.delta(),
                Optional.of(new Epsilon(limit)),
                free.accountant(),
                true);
    }

    private static double epsilonOf(ClientPrivacy privacy, int rounds) {
        DpEvent event = privacy.plan().events(0, STEPS * rounds);
        return privacy.accountant().accountant().epsilon(event, privacy.delta()).orInfinity();
    }

    private static Client client(Optional<ClientPrivacy> privacy, Ledger ledger, ClientTrainer trainer) {
        return new Client(
                "hospital",
                EXAMPLES,
                Optional.of(Toys.clouds(50, 2)),
                TrainingSchedule.of(Toys.TRAINING),
                privacy,
                ledger,
                Randomness.seeded(1),
                trainer);
    }

    private static Client client(ClientPrivacy privacy, ClientTrainer trainer) {
        return client(Optional.of(privacy), new InMemoryLedger(privacy.budget()), trainer);
    }

    private static RoundTask round(int round) {
        return new RoundTask(round, Toys.zeros());
    }

    @Test
    void isRefusedBeforeTheFirstGradientWhenTheBudgetIsSpent() {
        CountingTrainer trainer = new CountingTrainer();
        Client client = client(limitedTo(2), trainer);
        client.train(round(1), Toys.training());
        client.train(round(2), Toys.training());
        DpEvent spent = client.spent();
        double epsilon = client.epsilon().orElseThrow();

        assertThatThrownBy(() -> client.train(round(3), Toys.training()))
                .isInstanceOf(BudgetExceededException.class)
                .hasMessageContaining("hospital");
        assertThat(trainer.calls).isEqualTo(2);
        assertThat(client.spent()).isEqualTo(spent);
        assertThat(client.epsilon()).hasValue(epsilon);
        assertThat(client.stepsTaken()).isEqualTo(2 * STEPS);
    }

    @Test
    void isNotRefundedWhenItsTrainingFails() {
        ClientPrivacy privacy = limitedTo(1);
        InMemoryLedger ledger = new InMemoryLedger(privacy.budget());
        Client client = client(Optional.of(privacy), ledger, (context, parameters, training) -> {
            throw new IllegalStateException("power cut");
        });
        assertThatThrownBy(() -> client.train(round(1), Toys.training())).hasMessage("power cut");
        assertThat(client.epsilon().orElseThrow()).isCloseTo(epsilonOf(privacy, 1), within(1e-9));
        assertThat(ledger.entries("hospital")).extracting("kind").containsExactly(Kind.RESERVED);
        assertThatThrownBy(() -> client.train(round(2), Toys.training())).isInstanceOf(BudgetExceededException.class);
    }

    @Test
    void reservesThenCommitsEachRound() {
        ClientPrivacy privacy = privacy(ExamplePrivacy.withNoise(1, 1), 2);
        InMemoryLedger ledger = new InMemoryLedger(privacy.budget());
        Client client = client(Optional.of(privacy), ledger, (context, parameters, training) -> {
            assertThat(ledger.entries("hospital")).last().extracting("kind").isEqualTo(Kind.RESERVED);
            return new StandardTrainer().train(context, parameters, training);
        });
        client.train(round(1), Toys.training());
        client.train(round(2), Toys.training());
        assertThat(ledger.entries("hospital"))
                .extracting("kind")
                .containsExactly(Kind.RESERVED, Kind.COMMITTED, Kind.RESERVED, Kind.COMMITTED);
        assertThat(ledger.entries("hospital"))
                .extracting("purpose")
                .containsExactly("round 1", "round 1", "round 2", "round 2");
    }

    @Test
    void hasSpentWhatAllItsRoundsTogetherCostAndNotTheLastAlone() {
        ClientPrivacy privacy = privacy(ExamplePrivacy.withNoise(1, 1), 5);
        Client client = client(privacy, new StandardTrainer());
        for (int round = 1; round <= 5; round++) {
            ClientUpdate update = client.train(round(round), Toys.training());
            assertThat(update.epsilon().orElseThrow()).isCloseTo(epsilonOf(privacy, round), within(1e-9));
        }
        assertThat(epsilonOf(privacy, 5)).isGreaterThan(1.2 * epsilonOf(privacy, 1));
    }

    @Test
    void isHeldToTheReservedNumberOfSteps() {
        for (int steps : new int[] {STEPS - 1, STEPS + 1, 0}) {
            ClientPrivacy privacy = privacy(ExamplePrivacy.withNoise(1, 1), 2);
            InMemoryLedger ledger = new InMemoryLedger(privacy.budget());
            Client client = client(Optional.of(privacy), ledger, (context, parameters, training) -> {
                ClientContext.Private own = context.privacy().orElseThrow();
                return training.trainPrivately(
                        context.examples(),
                        parameters,
                        context.settings(),
                        1,
                        steps,
                        own.mechanism(),
                        context.random(),
                        context.correction());
            });
            assertThatThrownBy(() -> client.train(round(1), Toys.training()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("client hospital: its training code released " + steps + " times and took " + steps
                            + " steps, but 10 are reserved");
            assertThat(ledger.entries("hospital")).extracting("kind").containsExactly(Kind.RESERVED);
        }
    }

    @Test
    void cannotClaimStepsThatItDidNotTake() {
        Client client = client(
                privacy(ExamplePrivacy.withNoise(1, 1), 2),
                (context, parameters, training) -> new LocalTraining.Outcome(STEPS, 0));
        assertThatThrownBy(() -> client.train(round(1), Toys.training()))
                .hasMessageContaining("released 0 times and took 10 steps, but 10 are reserved");
    }

    @Test
    void sendsNoMeasurementsUnderPrivacy() {
        Client open = client(Optional.empty(), new InMemoryLedger(Map.of()), new StandardTrainer());
        ClientUpdate plain = open.train(round(1), Toys.training());
        assertThat(plain.metrics()).containsOnlyKeys("trainingLoss");
        assertThat(plain.epsilon()).isEmpty();

        ClientUpdate closed = client(privacy(ExamplePrivacy.withNoise(1, 1), 1), new StandardTrainer())
                .train(round(1), Toys.training());
        assertThat(closed.metrics()).isEmpty();
    }

    @Test
    void sendsTheDifferenceAndLeavesTheTaskAlone() {
        float[] model = Toys.filled(Toys.zeros().length, 0.25f);
        ClientUpdate update = client(Optional.empty(), new InMemoryLedger(Map.of()), (c, parameters, t) -> {
                    parameters[0] += 1;
                    return new LocalTraining.Outcome(1, 0);
                })
                .train(new RoundTask(1, model), Toys.training());
        assertThat(model).containsOnly(0.25f);
        assertThat(update.delta()[0]).isEqualTo(1);
        assertThat(Toys.norm(update.delta())).isEqualTo(1);
    }

    @Test
    void drawsOtherBatchesAndNoiseInEachRoundAndTheSameForTheSameSeed() {
        ClientPrivacy privacy = privacy(ExamplePrivacy.withNoise(1, 1), 2);
        float[] first = client(privacy, new StandardTrainer())
                .train(round(1), Toys.training())
                .delta();
        float[] again = client(privacy, new StandardTrainer())
                .train(round(1), Toys.training())
                .delta();
        float[] second = client(privacy, new StandardTrainer())
                .train(round(2), Toys.training())
                .delta();
        assertThat(again).isEqualTo(first);
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void hasAnIdThatFilesAndStreamsCanCarryAndAtLeastOneExample() {
        assertThatThrownBy(() -> new ClientProfile("a/b", 1))
                .hasMessage("client id is 'a/b'; it must be letters, digits, dots, dashes and underscores");
        assertThatThrownBy(() -> new ClientProfile("", 1)).hasMessageContaining("client id is ''");
        assertThatThrownBy(() -> new ClientProfile("a", 0))
                .hasMessage("number of examples of client a is 0; it must be at least 1");
    }
}
