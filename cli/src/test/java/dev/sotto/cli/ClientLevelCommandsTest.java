package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands say where whole clients are protected. */
final class ClientLevelCommandsTest {
    private static final String YAML = """
            name: wards
            data: {source: generated, train: 400, test: 50, clients: 20, features: 4}
            model: logistic
            rounds: 3
            cohort: {rate: 0.3}
            client: {batch-size: 10}
            privacy:
              client-level: {epsilon: 4, delta: 1e-3, clipping-norm: 0.5}
            """;
    private static final String EXAMPLES = "privacy.example-level.epsilon=3";

    @TempDir
    private Path folder;

    private Sotto run(String out, List<String> arguments, String... settings) {
        Path file = TinyExperiment.write(folder.resolve("wards.yaml"), YAML);
        List<String> all = new ArrayList<>(List.of("run", file.toString(), "--out", path(out)));
        all.addAll(arguments);
        Sotto said = Sotto.run(Sotto.with(all, settings));
        assertThat(said.status()).as(said.err()).isZero();
        return said;
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private String statement(String run) {
        return folder.resolve(run).resolve("privacy.json").toString();
    }

    private static JsonNode json(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        Sotto said = Sotto.run(all.toArray(String[]::new));
        assertThat(said.status()).as(said.err()).isZero();
        return said.json();
    }

    @Test
    void aRunSaysWhatItProtectsAndForWhom() {
        Sotto said = run("one", List.of());
        assertThat(said.err())
                .contains("client-level privacy: each client is protected with everything it holds, "
                        + "add-or-remove-one neighbours")
                .contains("calibrated over all planned rounds")
                .contains("at the coordinator, who is trusted")
                .contains("updates clipped to norm 0.5")
                .contains("cohort: each of 20 clients with probability 0.3, 6 expected, kept secret")
                .containsPattern("3 rounds: epsilon 4\\.000 at delta 0\\.001 for those who never learn the cohorts,\\R"
                        + "  [\\d.]+ for those who do")
                .containsPattern("round 3/3  accuracy .*  epsilon 4\\.000");
        assertThat(said.out())
                .contains(
                        "each client is protected by (4.000, 0.001)-differential privacy, add-or-remove-one neighbours")
                .contains("for whoever learns who was drawn in each round, as the coordinator does, it is epsilon");
    }

    @Test
    void theConsoleNamesNobodyAndCountsNobodysExamples() {
        for (List<String> settings : List.of(List.<String>of(), List.of(EXAMPLES))) {
            Sotto said = run("run-" + settings.size(), List.of(), settings.toArray(String[]::new));
            assertThat(said.out() + said.err())
                    .doesNotContainPattern("client-\\d|updates \\d")
                    .doesNotContain("examples per client", "takes no part");
        }
    }

    @Test
    void jsonKeepsItsKeysAndHasBothLevels() {
        JsonNode json = run("one", List.of("--json"), EXAMPLES).json();
        assertThat(json.get("clients")).hasSize(20);
        assertThat(json.get("clients").get(0).fieldNames())
                .toIterable()
                .containsExactly("id", "examples", "steps", "epsilon", "delta");
        assertThat(json.get("clients").get(0).get("examples").isNull()).isTrue();
        assertThat(json.get("clients").get(0).get("steps").isNull()).isTrue();
        JsonNode privacy = json.get("privacy");
        assertThat(privacy.get("unit").textValue()).isEqualTo("client");
        assertThat(privacy.get("epsilon").doubleValue()).isBetween(3.98, 4.0);
        assertThat(privacy.get("epsilonKnowingCohorts").doubleValue()).isGreaterThan(4);
        assertThat(privacy.get("levels").findValuesAsText("unit")).containsExactly("example", "client");
        assertThat(privacy.get("levels").get(0).get("epsilon").doubleValue()).isEqualTo(3);
    }

    @Test
    void whatABudgetEndedSaysSo() {
        Sotto said = run("one", List.of(), "privacy.client-level.noise-multiplier=1.5", "rounds=50");
        assertThat(said.err()).contains("; the run ends before it passes 4");
        assertThat(said.out()).contains("stopped early: budget");
    }

    @Test
    void aRoundWithTooFewClientsDoesNotSayHowFewAndStaysPaidFor() {
        Sotto said = run("one", List.of("--json"), "cohort={dropout: 0.5, min-clients: 20}", "rounds=2");
        assertThat(said.err())
                .contains("not released: too few updates")
                .doesNotContainPattern("updates \\d|\\d came|\\d s  ");
        assertThat(said.json().get("rounds").intValue()).isZero();
        assertThat(said.json().get("privacy").get("epsilon").doubleValue()).isBetween(3.98, 4.0);
    }

    @Test
    void aRoundOfASecretDrawIsNeverHeldBack() {
        Path file = TinyExperiment.write(folder.resolve("wards.yaml"), YAML);
        Sotto said = Sotto.run(Sotto.with(List.of("run", file.toString()), "cohort.min-clients=2"));
        assertThat(said.status()).isEqualTo(Failures.USAGE);
        assertThat(said.errors()).hasSize(1);
        assertThat(said.err())
                .contains(
                        "wards.yaml: cohort.min-clients: 2 is not possible under privacy.client-level with cohort.rate")
                .contains("valid is 0, which is the default, or to ask everyone");
    }

    @Test
    void runsOnTheSameClientsCompose() {
        run("one", List.of());
        run("two", List.of());
        JsonNode one = json("privacy", "compose", statement("one"));
        JsonNode both = json("privacy", "compose", statement("one"), statement("two"));
        assertThat(both.get("unit").textValue()).isEqualTo("client");
        assertThat(both.get("delta").doubleValue()).isEqualTo(1e-3);
        assertThat(both.get("epsilon").doubleValue())
                .isGreaterThan(one.get("epsilon").doubleValue())
                .isLessThan(8);
        assertThat(both.get("epsilonKnowingCohorts").doubleValue())
                .isGreaterThan(both.get("epsilon").doubleValue());
        assertThat(Sotto.run("privacy", "compose", statement("one")).out())
                .startsWith("epsilon ")
                .contains(" at delta 0.001 for each client", "for whoever learns which clients were drawn, epsilon");
    }

    @Test
    void aRunThatProtectsExamplesAloneLeavesNothingForClientsAndAddsForExamples() {
        run("clients", List.of());
        run("examples", List.of(), "privacy.client-level=null", EXAMPLES, "privacy.example-level.delta=1e-3");
        JsonNode alone = json("privacy", "compose", statement("examples"));
        JsonNode mixed = json("privacy", "compose", statement("clients"), statement("examples"));
        assertThat(mixed.get("unit").textValue()).isEqualTo("example");
        assertThat(mixed.get("levels").findValuesAsText("unit")).containsExactly("example", "client");
        assertThat(mixed.get("levels").get(1).get("epsilon").isNull()).isTrue();
        assertThat(mixed.get("epsilon").doubleValue())
                .as("one example changes its client's update: a client replaced by another")
                .isGreaterThan(alone.get("epsilon").doubleValue() + 4);
        assertThat(Sotto.run("privacy", "compose", statement("clients"), statement("examples"))
                        .out())
                .contains("epsilon none at delta 0.001 for each client", "each run must protect clients");
    }

    @Test
    void runsWithBothLevelsComposeAtBoth() {
        run("one", List.of(), EXAMPLES, "privacy.example-level.delta=1e-3");
        run("two", List.of(), EXAMPLES, "privacy.example-level.delta=1e-3");
        JsonNode both = json("privacy", "compose", statement("one"), statement("two"));
        assertThat(both.get("levels").findValuesAsText("unit")).containsExactly("example", "client");
        assertThat(both.get("levels").get(0).get("epsilon").doubleValue()).isEqualTo(6);
        assertThat(both.get("levels").get(0).get("delta").doubleValue()).isEqualTo(2e-3);
        assertThat(both.get("levels").get(1).get("epsilon").doubleValue()).isBetween(4.0, 8.0);
    }

    @Test
    void otherClientsAreRefusedAndAnOpenRunLeavesNothing() {
        run("one", List.of());
        run("other", List.of(), "data.clients=10");
        run("open", List.of(), "privacy=null");
        Sotto other = Sotto.run("privacy", "compose", statement("one"), statement("other"));
        assertThat(other.errors()).singleElement().asString().contains("its clients are not those of the other runs");
        assertThat(json("privacy", "compose", statement("one"), statement("open"))
                        .get("epsilon")
                        .isNull())
                .isTrue();
    }

    @Test
    void comparingShowsWhatEachLevelCosts() {
        Path file = TinyExperiment.write(folder.resolve("wards.yaml"), YAML);
        Sotto said = Sotto.run("compare", file.toString(), "--set", EXAMPLES, "--set", "data.clients=3");
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(said.out().lines().map(line -> line.replaceFirst("  +.*", "")))
                .containsExactly(
                        "trained on",
                        "only client-0",
                        "only client-1",
                        "only client-2",
                        "federated",
                        "federated, examples private",
                        "federated, clients private",
                        "federated, private",
                        "rows without an epsilon have no guarantee: they are exact results on protected data",
                        "rates: the experiment's where gradients are clipped; else 1, 0.3 or 0.1 times that, by training loss");
        JsonNode rows = json("compare", file.toString()).get("rows");
        assertThat(rows.findValuesAsText("name"))
                .as("with twenty clients, none is trained alone")
                .containsExactly("federated", "federated, private");
        assertThat(rows.get(1).get("unit").textValue()).isEqualTo("client");
        assertThat(rows.get(1).get("epsilon").doubleValue()).isBetween(3.98, 4.0);
        assertThat(Files.exists(folder.resolve("runs"))).isFalse();
    }
}
