package dev.sotto.experiment.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.ClientReport;
import dev.sotto.federation.RoundRecord;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.learning.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {
    @TempDir
    private Path temporary;

    @Test
    void aFileInTheWayIsOneClearLine() throws IOException {
        Path file = Files.writeString(temporary.resolve("out"), "mine");
        assertThatThrownBy(() -> RunDirectory.create(file))
                .isInstanceOf(ConfigException.class)
                .hasMessage("run directory " + file + ": a file of that name is in the way; give a directory");
        assertThat(file).hasContent("mine");
    }

    @Test
    void aParentThatIsAFileIsOneClearLine() throws IOException {
        Path file = Files.writeString(temporary.resolve("out"), "mine");
        assertThatThrownBy(() -> RunDirectory.create(file.resolve("run")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("run directory " + file.resolve("run") + ": ")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void aPlaceThatTakesNoFilesIsOneClearLine() {
        // Refused for everyone, root too.
        assertThatThrownBy(() -> RunDirectory.create(Path.of("/proc/sotto-run")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("run directory /proc/sotto-run: cannot be written to: ");
    }

    @Test
    void filesThatNoRunWroteAreNotTouched() throws IOException {
        Path experiment = Files.writeString(temporary.resolve("experiment.yaml"), "# by hand\n");
        assertThatThrownBy(() -> RunDirectory.create(temporary))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("holds experiment.yaml, which no run wrote");
        assertThat(experiment).hasContent("# by hand\n");
    }

    @Test
    void anEarlierRunIsNotTouchedByAnother() throws IOException {
        RunDirectory.create(temporary).writeText(RunDirectory.PRIVACY, "what it spent");
        assertThatThrownBy(() -> RunDirectory.create(temporary))
                .isInstanceOf(ConfigException.class)
                .hasMessage("run directory " + temporary
                        + ": holds an earlier run, give another directory, or replace it by --force");
        assertThat(temporary.resolve(RunDirectory.PRIVACY)).hasContent("what it spent");
    }

    @Test
    void anEarlierRunIsReplacedWholeIfAskedForAndOtherFilesStay() throws IOException {
        Path notes = Files.writeString(temporary.resolve("notes.txt"), "keep");
        RunDirectory first = RunDirectory.create(temporary);
        first.writeText(RunDirectory.REPORT, "old");
        first.append(round(1, OptionalDouble.empty()));

        RunDirectory second = RunDirectory.replace(temporary);

        assertThat(second.file(RunDirectory.REPORT)).doesNotExist();
        assertThat(second.read().history()).isEmpty();
        assertThat(notes).hasContent("keep");
    }

    @Test
    void openingWhatIsNoRunIsOneClearLine() {
        assertThatThrownBy(() -> RunDirectory.open(temporary))
                .isInstanceOf(ConfigException.class)
                .hasMessage("run directory " + temporary
                        + ": not a run's directory: it has no experiment.yaml and no history.jsonl");
    }

    @Test
    void theExperimentIsYamlThatReadsBackTheSame() {
        ObjectNode experiment = Json.object().put("name", "a: b # c").put("seed", "12");
        experiment.putObject("privacy").put("delta", 1e-5).put("hard-limit", true);
        experiment.putArray("layers").add("relu").addObject().put("linear", 10);
        RunDirectory directory = RunDirectory.create(temporary);

        directory.writeExperiment(experiment);

        assertThat(directory.read().experiment()).isEqualTo(experiment);
        assertThat(directory.file(RunDirectory.EXPERIMENT)).content().contains("  hard-limit: true\n");
    }

    @Test
    void theHistoryIsALineARoundAndNeverHoldsNaN() throws IOException {
        RoundRecord record = new RoundRecord(
                1,
                true,
                Optional.of(new Evaluation(10, Double.NaN, 9)),
                Map.of("f1", Double.POSITIVE_INFINITY),
                Optional.empty(),
                List.of(ClientReport.refused(
                        "c",
                        5,
                        OptionalDouble.of(Double.POSITIVE_INFINITY),
                        new ClientReport.Refusal(ClientReport.Reason.BUDGET, "too much"))),
                OptionalDouble.of(Double.POSITIVE_INFINITY),
                Optional.empty(),
                0.5);
        RunDirectory directory = RunDirectory.create(temporary);

        directory.append(RoundLine.of(record, true, Disclosure.EVERYTHING, Optional.empty()));

        String text = Files.readString(directory.file(RunDirectory.HISTORY));
        assertThat(text).endsWith("\n").doesNotContain("NaN", "Infinity");
        assertThat(text.lines()).hasSize(1);
        JsonNode line = Json.parse(text);
        assertThat(line.properties().stream().map(Map.Entry::getKey))
                .containsExactly(
                        "round",
                        "released",
                        "accuracy",
                        "loss",
                        "metrics",
                        "heldOutAccuracy",
                        "heldOutLoss",
                        "heldOutStddev",
                        "epsilon",
                        "exampleEpsilon",
                        "clippingNorm",
                        "noiseStddev",
                        "updates",
                        "seconds",
                        "clients");
        assertThat(line.path("accuracy").asDouble()).isEqualTo(0.9);
        assertThat(line.path("loss").isNull()).isTrue();
        assertThat(line.path("epsilon").isNull()).isTrue();
        assertThat(line.path("metrics").path("f1").isNull()).isTrue();
        assertThat(line.path("updates").asInt()).isZero();
        JsonNode client = line.path("clients").path(0);
        assertThat(client.path("refused").asText()).isEqualTo("budget");
        assertThat(client.path("message").asText()).isEqualTo("too much");
        assertThat(client.path("updateNorm").isNull()).isTrue();
    }

    @Test
    void accuracyIsAbsentWhereTheTargetIsNoClass() {
        RoundRecord record = new RoundRecord(
                1,
                true,
                Optional.of(new Evaluation(10, 5, 0)),
                Map.of(),
                Optional.empty(),
                List.of(),
                OptionalDouble.empty(),
                Optional.empty(),
                1);
        RoundLine line = RoundLine.of(record, false, Disclosure.EVERYTHING, Optional.empty());
        assertThat(line.accuracy()).isEmpty();
        assertThat(line.loss()).hasValue(0.5);
    }

    @Test
    void theHistoryReadsBackAndALineThatAKillCutShortIsLeftOut() throws IOException {
        RunDirectory directory = RunDirectory.create(temporary);
        directory.append(round(1, OptionalDouble.of(0.5)));
        directory.append(round(2, OptionalDouble.of(0.75)));
        Files.writeString(directory.file(RunDirectory.HISTORY), "{\"round\":3,\"rel", StandardOpenOption.APPEND);

        assertThat(RunDirectory.open(temporary).read().history())
                .containsExactly(round(1, OptionalDouble.of(0.5)), round(2, OptionalDouble.of(0.75)));
    }

    @Test
    void aDamagedHistoryIsNamedWithItsLine() throws IOException {
        RunDirectory directory = RunDirectory.create(temporary);
        directory.append(round(1, OptionalDouble.empty()));
        Files.writeString(directory.file(RunDirectory.HISTORY), "nonsense\n", StandardOpenOption.APPEND);
        assertThatThrownBy(directory::read)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("history.jsonl:2: not what a run writes")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void writingLeavesNothingBesideTheFileAndOthersMayReadIt() throws IOException {
        RunDirectory directory = RunDirectory.create(temporary);
        Path other = Files.createFile(temporary.resolve("as-the-system-makes-them"));
        directory.writeText(RunDirectory.REPORT, "one");
        directory.writeText(RunDirectory.REPORT, "two");
        assertThat(directory.file(RunDirectory.REPORT)).hasContent("two");
        assertThat(names()).containsExactlyInAnyOrder("as-the-system-makes-them", "history.jsonl", "report.html");
        assertThat(Files.getPosixFilePermissions(directory.file(RunDirectory.REPORT)))
                .isEqualTo(Files.getPosixFilePermissions(other));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static RoundLine round(int round, OptionalDouble accuracy) {
        return new RoundLine(
                round,
                true,
                accuracy,
                OptionalDouble.empty(),
                Map.of("f1", 0.5),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalLong.of(1),
                OptionalDouble.of(0.25),
                List.of());
    }
}
