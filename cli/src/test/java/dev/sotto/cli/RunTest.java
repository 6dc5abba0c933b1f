package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run prints, writes and ends with. */
final class RunTest {
    private static final List<String> FILES = List.of(
            "accuracy.svg",
            "experiment.yaml",
            "history.jsonl",
            "model.npz",
            "model.safetensors",
            "privacy.json",
            "report.html",
            "result.json");
    private static final List<String> FILES_WITHOUT_RELEASE =
            FILES.stream().filter(name -> !name.startsWith("model.")).toList();

    @TempDir
    private Path folder;

    private TinyExperiment tiny;

    @BeforeEach
    void write() {
        tiny = new TinyExperiment(folder);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aRunSaysWhatItDoesAndWhatCameOfIt() {
        Sotto said = tiny.run();
        assertThat(said.status()).isZero();
        assertThat(said.err())
                .contains("2 clients, examples per client: min 20")
                .contains("model logistic, 10 parameters")
                .contains("epsilon 3.0, delta 0.001, noise calibrated over all planned steps, zero-out neighbours")
                .contains("round 1/2  accuracy")
                .contains("round 2/2  accuracy");
        assertThat(said.errors()).isEmpty();
        assertThat(said.out())
                .contains("each example is protected by (3.000, 0.001)-differential privacy")
                .contains(tiny.runs().resolve("report.html").toString());
    }

    @Test
    void oneDirectoryHoldsTheRun() throws IOException {
        tiny.run();
        assertThat(names(tiny.runs())).isEqualTo(FILES);
        assertThat(Files.readAllLines(tiny.runs().resolve("history.jsonl"))).hasSize(2);
        assertThat(Files.readString(tiny.runs().resolve("experiment.yaml"))).contains("max-grad-norm: 1.0");
    }

    @Test
    void theResolvedExperimentRunsAgain() {
        tiny.run("seed=7");
        Path again = folder.resolve("again");
        Sotto said = Sotto.run(
                "run", tiny.runs().resolve("experiment.yaml").toString(), "--out", again.toString(), "--json");
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(again.resolve("model.npz"))
                .hasSameBinaryContentAs(tiny.runs().resolve("model.npz"));
    }

    @Test
    void jsonIsExactlyOneObjectWithTheKeysThatScriptsReadBy() {
        Sotto said = tiny.runWith(List.of("--json"));
        assertThat(said.out().lines()).hasSize(1);
        JsonNode json = said.json();
        assertThat(json.fieldNames())
                .toIterable()
                .contains("name", "rounds", "accuracy", "loss", "stopped", "clients", "privacy", "model", "seconds");
        assertThat(json.get("rounds").intValue()).isEqualTo(2);
        assertThat(json.get("accuracy").doubleValue()).isBetween(0.0, 1.0);
        assertThat(json.get("stopped").isNull()).isTrue();
        assertThat(json.get("clients")).hasSize(2);
        assertThat(json.get("clients").get(0).fieldNames())
                .toIterable()
                .containsExactly("id", "examples", "steps", "epsilon", "delta");
        assertThat(json.get("privacy").fieldNames())
                .toIterable()
                .contains("unit", "epsilon", "delta", "accountant", "relation");
        assertThat(json.get("privacy").get("unit").textValue()).isEqualTo("example");
        assertThat(json.get("privacy").get("epsilon").doubleValue()).isBetween(2.9, 3.0);
        assertThat(Path.of(json.get("model").textValue())).exists();
    }

    @Test
    void anEpsilonThatDoesNotExistIsNull() {
        JsonNode json = tiny.runWith(List.of("--json"), "privacy=null").json();
        assertThat(json.get("privacy").get("unit").textValue()).isEqualTo("none");
        assertThat(json.get("privacy").get("epsilon").isNull()).isTrue();
        assertThat(json.get("clients").get(0).get("epsilon").isNull()).isTrue();
    }

    @Test
    void anEarlierRunIsReplacedOnlyByForce() {
        tiny.run();
        Sotto refused = tiny.run();
        assertThat(refused.status()).isEqualTo(Failures.USAGE);
        assertThat(refused.last())
                .isEqualTo("sotto: run directory " + tiny.runs()
                        + ": holds an earlier run, give another directory, or replace it by --force");
        assertThat(tiny.runWith(List.of("--force")).status()).isZero();
    }

    @Test
    void whatCannotGoOnSaysWhyInOneLine() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThat(Sotto.run("run", "--resume", empty.toString()).errors())
                .containsExactly("sotto: run directory " + empty
                        + ": not a run's directory: it has no experiment.yaml and no history.jsonl");
        tiny.run();
        Sotto over = Sotto.run("run", "--resume", tiny.runs().toString());
        assertThat(over.status()).isEqualTo(Failures.USAGE);
        assertThat(over.errors())
                .containsExactly(
                        "sotto: run directory " + tiny.runs() + ": the run is over, there is nothing to go on with");
        assertThat(tiny.runWith(List.of("--resume", empty.toString())).errors())
                .containsExactly("sotto: --out: a run goes on where it is, so not with --resume");
    }

    @Test
    void theSameSeedGivesTheSameBytesAndAnotherSeedOthers() {
        Path other = folder.resolve("other");
        tiny.runWith(List.of("--seed", "5"));
        tiny.runWith(List.of("--seed", "5", "--out", folder.resolve("same").toString()));
        Sotto said = tiny.runWith(List.of("--seed", "6", "--out", other.toString()));
        Path model = tiny.runs().resolve("model.npz");
        assertThat(folder.resolve("same/model.npz")).hasSameBinaryContentAs(model);
        assertThat(other.resolve("model.npz"))
                .satisfies(file -> assertThat(Files.mismatch(file, model)).isNotNegative());
        assertThat(said.err()).contains("seed 6: reproducible, and therefore not private");
        assertThat(said.out()).contains("if its randomness were secret");
    }

    @Test
    void noiseLevelIsShortForClipPer() throws IOException {
        Sotto said = tiny.runWith(List.of("--noise-level", "batch", "--json"));
        assertThat(said.err()).contains("clipped per batch, a comparison only");
        assertThat(Files.readString(tiny.runs().resolve("experiment.yaml"))).contains("clip-per: batch");
        // Epsilon is met all the same: calibration doubles the noise.
        assertThat(said.json().get("privacy").get("epsilon").doubleValue()).isBetween(2.9, 3.0);
    }

    @Test
    void aBudgetThatRefusesAtOnceReleasesNothing() throws IOException {
        Sotto said = tiny.runWith(
                List.of("--json"), "privacy.example-level.noise-multiplier=0.1", "privacy.example-level.epsilon=0.5");
        assertThat(said.status()).isEqualTo(Failures.REFUSED);
        assertThat(said.errors())
                .singleElement()
                .asString()
                .contains("client-0", "epsilon 0", "is spent and would become", "the limit is 0.5 at delta 0.001");
        JsonNode json = said.json();
        assertThat(json.get("rounds").intValue()).isZero();
        assertThat(json.get("stopped").textValue()).isEqualTo("budget");
        assertThat(json.get("privacy").get("epsilon").doubleValue()).isZero();
        assertThat(json.get("clients").get(0).get("steps").intValue()).isZero();
        assertThat(json.get("model").isNull()).isTrue();
        assertThat(names(tiny.runs())).isEqualTo(FILES_WITHOUT_RELEASE);
        assertThat(tiny.runs().resolve("history.jsonl")).isEmptyFile();
    }

    @Test
    void aBudgetThatEndsARunEarlyIsAPlannedEnd() throws IOException {
        Sotto said = tiny.runWith(List.of("--json"), "privacy.example-level.noise-multiplier=1.5", "rounds=50");
        assertThat(said.status()).isZero();
        assertThat(said.errors()).isEmpty();
        assertThat(said.err()).contains("client-0 takes no part: ", "the limit is 3.0");
        JsonNode json = said.json();
        assertThat(json.get("stopped").textValue()).isEqualTo("budget");
        assertThat(json.get("rounds").intValue()).isBetween(1, 49);
        assertThat(json.get("privacy").get("epsilon").doubleValue()).isBetween(1.0, 3.0);
        assertThat(Files.readAllLines(tiny.runs().resolve("history.jsonl")))
                .hasSize(json.get("rounds").intValue());
    }

    @Test
    void trainingThatDivergesStopsWithItsRoundAndKeepsWhatItHad() throws IOException {
        Sotto said = tiny.runWith(
                List.of("--json"),
                "privacy=null",
                "rounds=9",
                "data.kind=regression",
                "client.epochs=2",
                "client.optimizer.learning-rate=0.9");
        assertThat(said.status()).isEqualTo(Failures.FAILED);
        assertThat(said.errors()).singleElement().asString().contains("round ");
        JsonNode json = said.json();
        assertThat(json.get("stopped").textValue()).isEqualTo("diverged");
        assertThat(json.get("rounds").intValue()).isBetween(1, 8);
        assertThat(names(tiny.runs())).isEqualTo(FILES);
    }

    @Test
    void updatesThatNoSumHoldsAreADivergenceWithAdvice() {
        Sotto said =
                tiny.runWith(List.of("--json"), "privacy=null", "client.optimizer={name: sgd, learning-rate: 1e30}");
        assertThat(said.status()).isEqualTo(Failures.FAILED);
        assertThat(said.json().get("stopped").textValue()).isEqualTo("diverged");
        assertThat(said.json().get("reason").textValue())
                .contains("not below 4096, as where training diverges; lower client.optimizer.learning-rate");
    }

    @Test
    void manyRefusalsAreNotAllListed() {
        Sotto said = tiny.run(
                "data.clients=20",
                "client.batch-size=1",
                "privacy.example-level.noise-multiplier=0.1",
                "privacy.example-level.epsilon=0.5");
        assertThat(said.err().lines().filter(line -> line.contains("takes no part")))
                .hasSize(8);
        assertThat(said.out()).contains("and 8 more, see the report");
    }
}
