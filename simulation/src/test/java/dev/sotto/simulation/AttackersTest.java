package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.federation.RunListener;
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
        System.out.println("fedavg " + averaged);
    }

    @Test
    void spoilAnAverage() {
        assertThat(averaged.get("none")).isGreaterThan(0.6);
        assertThat(averaged.get("sign-flip")).isLessThan(averaged.get("none") - 0.25);
        assertThat(averaged.get("scaling")).isLessThan(averaged.get("none") - 0.1);
        assertThat(averaged.get("label-flip")).isLessThan(averaged.get("none"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fedmedian",
                "fedtrimmedavg, beta: 0.2",
                "krum, malicious: 3",
                "multikrum, malicious: 3",
                "bulyan, malicious: 3"
            })
    void hardlyMoveARobustStrategy(String server) {
        Map<String, Double> accuracies = row(server);
        System.out.println(server + " " + accuracies);
    }
}
