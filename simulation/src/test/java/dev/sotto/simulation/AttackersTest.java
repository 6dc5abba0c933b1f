package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.federation.ClientTrainer;
import dev.sotto.federation.RunListener;
import dev.sotto.learning.Initialization;
import dev.sotto.learning.LocalTraining;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of docs/strategies.md on less data and a smaller model: 15 clients, three of them malicious. */
@DisplayName("Attackers")
class AttackersTest {
    private static final String EXPERIMENT = """
            seed: 1
            data: {source: digits, train: 1500, test: 500, clients: 15}
            model: logistic
            rounds: 12
            client: {batch-size: 10, optimizer: {learning-rate: 0.05}}
            evaluation: {every: 12}
            """;

    private static final Map<String, String> ATTACKS = Map.of(
            "none", "null",
            "sign-flip", "{clients: 3, kind: sign-flip, factor: 5}",
            "scaling", "{clients: 3, kind: scaling, factor: 30}",
            "label-flip", "{clients: 3, kind: label-flip}");

    private static Map<String, Double> averaged;

    /** Accuracy under each attack. */
    private static Map<String, Double> row(String server) {
        return ATTACKS.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> accuracy(server, entry.getValue())));
    }

    private static double accuracy(String server, String attackers) {
        ExperimentFile file = ExperimentFile.parse("attackers", Path.of(""), EXPERIMENT)
                .with(List.of("server={strategy: " + server + "}", "simulate.attackers=" + attackers));
        Experiment experiment = Experiment.load(file, file.context());
        return Simulation.of(experiment)
                .run(new RunListener() {})
                .result()
                .evaluation()
                .orElseThrow()
                .accuracy();
    }

    @BeforeAll
    static void averages() {
        averaged = row("fedavg");
    }

    @Test
    void spoilAnAverage() {
        assertThat(averaged.get("none")).isGreaterThan(0.6);
        assertThat(averaged.get("sign-flip")).isLessThan(0.2);
        assertThat(averaged.get("scaling")).isLessThan(0.45);
        assertThat(averaged.get("label-flip")).isBetween(0.5, averaged.get("none"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fedmedian", "fedtrimmedavg, beta: 0.2", "multikrum, malicious: 3", "bulyan, malicious: 3"})
    void hardlyMoveARobustStrategy(String server) {
        assertThat(row(server).values())
                .allSatisfy(accuracy -> assertThat(accuracy).isGreaterThan(averaged.get("none") - 0.1));
    }

    @Test
    void areNeverPickedByKrumWhichLearnsFromOneClientARound() {
        Map<String, Double> accuracies = row("krum, malicious: 3");
        assertThat(accuracies.values())
                .allSatisfy(accuracy -> assertThat(accuracy).isBetween(0.4, averaged.get("none")));
        // Whatever the liars send, the same honest updates are picked.
        assertThat(accuracies.get("sign-flip"))
                .isEqualTo(accuracies.get("scaling"))
                .isEqualTo(accuracies.get("label-flip"));
    }

    @Test
    void sendWhatTheirKindSays() {
        float[] honest = sent("null");
        float[] flipped = sent("{kind: sign-flip, factor: 2}");
        float[] scaled = sent("{kind: scaling, factor: 3}");
        for (int i = 0; i < honest.length; i++) {
            assertThat(flipped[i]).isCloseTo(-2 * honest[i], within(1e-5f));
            assertThat(scaled[i]).isCloseTo(3 * honest[i], within(1e-5f));
        }
        // The bias of a class moves by how often it is seen: y and 9 - y have changed places.
        float[] relabelled = sent("{kind: label-flip}");
        int biases = honest.length - 10;
        for (int y = 0; y < 10; y++) {
            assertThat(relabelled).isNotEqualTo(honest);
            assertThat(Math.signum(relabelled[biases + y] - relabelled[biases + 9 - y]))
                    .isEqualTo(Math.signum(honest[biases + 9 - y] - honest[biases + y]));
        }
    }

    /** What the last of two clients adds to the model, in a round that the first one takes no part in. */
    private static float[] sent(String attackers) {
        ExperimentFile file = ExperimentFile.parse("two", Path.of(""), EXPERIMENT)
                .with(List.of("rounds=1", "data.clients=2", "data.train=60", "simulate.attackers=" + attackers));
        Simulation whole = Simulation.of(Experiment.load(file, file.context()));
        ClientTrainer onlyTheLast =
                (client, parameters, training) -> client.id().equals("client-1")
                        ? whole.trainer().train(client, parameters, training)
                        : new LocalTraining.Outcome(1, 0);
        Simulation simulation = new Simulation(
                whole.plan(),
                whole.strategy(),
                whole.engine(),
                whole.clients(),
                whole.test(),
                whole.metrics(),
                onlyTheLast,
                whole.randomness(),
                1);
        float[] moved = simulation.run(new RunListener() {}).result().parameters();
        float[] start = Initialization.draw(whole.plan().model(), whole.randomness().stream("initial-parameters"));
        for (int i = 0; i < moved.length; i++) {
            moved[i] -= start[i];
        }
        return moved;
    }
}
