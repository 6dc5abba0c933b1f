package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.DataContext;
import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.run.RunDirectory;
import dev.sotto.experiment.run.SavedRun;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.RunResult.Ending;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SelfComposed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A run that was interrupted")
final class ResumeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String YAML = """
            name: tiny
            data: {source: generated, train: 60, test: 20, clients: 3, features: 4}
            model: logistic
            rounds: 6
            client: {batch-size: 10}
            privacy:
              example-level: {epsilon: 3, delta: 1e-3}
            """;
    private static final RunListener NOBODY = new RunListener() {};

    @TempDir
    private Path folder;

    /** The power is gone: after a round was begun, before anybody in it is asked. */
    private static final class PowerCut extends Error {
        private static final long serialVersionUID = 1;
    }

    private static RunListener cutInRound(int cut) {
        return new RunListener() {
            @Override
            public void roundStarted(int round, int clients) {
                if (round == cut) {
                    throw new PowerCut();
                }
            }
        };
    }

    private static Experiment experiment(String... settings) {
        return Experiment.load(
                ExperimentFile.parse("tiny.yaml", Path.of(""), YAML).with(Arrays.asList(settings)),
                DataContext.ofSystem());
    }

    private Path interrupted(String name, int round, String... settings) {
        Path directory = folder.resolve(name);
        assertThatThrownBy(() -> ExperimentRun.run(experiment(settings), directory, cutInRound(round)))
                .isInstanceOf(PowerCut.class);
        return directory;
    }

    private static ExperimentRun.Finished resumed(Path directory, RunListener watcher) {
        SavedRun saved = SavedRun.read(directory);
        return ExperimentRun.resume(Experiment.load(saved.file(), saved.file().context()), saved, watcher);
    }

    private static List<JsonNode> history(Path directory) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve(RunDirectory.HISTORY))) {
            lines.add(((ObjectNode) JSON.readTree(line)).without("seconds"));
        }
        return lines;
    }

    private static JsonNode read(Path directory, String file, String... without) throws IOException {
        return ((ObjectNode) JSON.readTree(directory.resolve(file).toFile())).without(List.of(without));
    }

    private static void assertSame(Path resumed, Path whole) throws IOException {
        assertThat(resumed.resolve(RunDirectory.NPZ)).hasSameBinaryContentAs(whole.resolve(RunDirectory.NPZ));
        assertThat(history(resumed)).isEqualTo(history(whole));
        assertThat(read(resumed, RunDirectory.PRIVACY)).isEqualTo(read(whole, RunDirectory.PRIVACY));
        assertThat(read(resumed, RunDirectory.RESULT, "seconds", "model"))
                .isEqualTo(read(whole, RunDirectory.RESULT, "seconds", "model"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 6})
    void withASeedEndsBitForBitAsIfItHadNotBeen(int round) throws IOException {
        Path whole = folder.resolve("whole");
        ExperimentRun.run(experiment("seed=5"), whole, NOBODY);
        Path cut = interrupted("cut", round, "seed=5");
        resumed(cut, NOBODY);
        assertSame(cut, whole);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "server={strategy: fedadam}",
                "server={strategy: scaffold}",
                "privacy={client-level: {epsilon: 8, delta: 1e-3, clipping-norm: 0.5}}",
                "privacy={client-level: {epsilon: 8, delta: 1e-3, clipping: adaptive, count-stddev: 2}}"
            })
    void bringsBackWhatStrategiesClientsAndMechanismsKeep(String setting) throws IOException {
        Path whole = folder.resolve("whole");
        String[] settings = {"seed=5", "cohort.rate=0.7", "server.weighting=uniform", "privacy=null", setting};
        ExperimentRun.run(experiment(settings), whole, NOBODY);
        Path cut = folder.resolve("cut");
        assertThatThrownBy(() ->
                        ExperimentRun.run(experiment(settings), () -> RunDirectory.create(cut), 1, true, cutInRound(6)))
                .isInstanceOf(PowerCut.class);
        assertThat(SavedRun.read(cut).run().state().round()).isEqualTo(5);
        ExperimentRun.Finished finished = resumed(cut, NOBODY);
        assertSame(cut, whole);
        assertThat(finished.result().rounds()).isEqualTo(6);
    }

    private static String[] correlated(boolean hardLimit) {
        return new String[] {
            "cohort={size: 1, min-separation: 3}",
            "server.weighting=uniform",
            "privacy={client-level: {epsilon: 8, delta: 1e-3, clipping-norm: 0.5, correlation: {kind: banded}, "
                    + "hard-limit: " + hardLimit + "}}"
        };
    }

    @Test
    void goesOnWithCorrelatedNoiseWhereItStood() throws IOException {
        Path whole = folder.resolve("whole");
        String[] settings =
                Stream.concat(Stream.of("seed=5"), Stream.of(correlated(true))).toArray(String[]::new);
        ExperimentRun.run(experiment(settings), whole, NOBODY);
        Path cut = folder.resolve("cut");
        assertThatThrownBy(() ->
                        ExperimentRun.run(experiment(settings), () -> RunDirectory.create(cut), 1, true, cutInRound(5)))
                .isInstanceOf(PowerCut.class);
        resumed(cut, NOBODY);
        assertSame(cut, whole);
    }

    @Test
    void paysForARoundOfCorrelatedNoiseOrEndsWithWhatItReleased() throws IOException {
        ExperimentRun.Finished paid = resumed(interrupted("soft", 4, correlated(false)), NOBODY);
        assertThat(paid.result().rounds()).isEqualTo(6);
        assertThat(paid.summary().privacy().epsilon().orElseThrow()).isGreaterThan(8);

        Path hard = interrupted("hard", 4, correlated(true));
        ExperimentRun.Finished ended = resumed(hard, NOBODY);
        assertThat(ended.result().ending()).isEqualTo(Ending.BUDGET);
        assertThat(ended.result().rounds()).isEqualTo(3);
        assertThat(hard.resolve(RunDirectory.NPZ)).exists();
    }

    @Test
    void mayBeInterruptedAgain() throws IOException {
        Path whole = folder.resolve("whole");
        ExperimentRun.run(experiment("seed=5"), whole, NOBODY);
        Path cut = interrupted("cut", 3, "seed=5");
        for (int round : new int[] {3, 5}) {
            assertThatThrownBy(() -> resumed(cut, cutInRound(round))).isInstanceOf(PowerCut.class);
        }
        resumed(cut, NOBODY);
        assertSame(cut, whole);
    }

    @Test
    void withoutPrivacyGoesOnToo() throws IOException {
        Path cut = interrupted("cut", 4, "privacy=null");
        ExperimentRun.Finished finished = resumed(cut, NOBODY);
        assertThat(finished.result().rounds()).isEqualTo(6);
        assertThat(history(cut)).hasSize(6);
    }

    @Test
    void keepsSpentWhatItsRoundHadReserved() throws IOException {
        Path cut = interrupted("cut", 4, "privacy.example-level.hard-limit=false");
        assertThatThrownBy(() -> resumed(cut, cutInRound(5))).isInstanceOf(PowerCut.class);
        ExperimentRun.Finished finished = resumed(cut, NOBODY);
        assertThat(finished.result().rounds()).isEqualTo(6);
        // Six rounds were released; the fourth and the fifth were begun once more each.
        JsonNode client = read(cut, RunDirectory.PRIVACY).path("clients").path(0);
        assertThat(client.path("steps").asInt()).isEqualTo(12);
        JsonNode event = client.path("event");
        assertThat(event.path("count").asInt()).isEqualTo(16);
        double epsilon = AccountantChoice.RDP
                .accountant()
                .epsilon(DpEvents.fromJson(event), new Delta(1e-3))
                .orInfinity();
        assertThat(epsilon).isGreaterThan(3.1);
        assertThat(finished.summary().privacy().epsilon()).hasValueCloseTo(epsilon, within(1e-12));
    }

    /** Who was in a round is secret, so an example's figure is that of a client in all of them, begun again or not. */
    @Test
    void keepsSpentForExamplesToWhatItsRoundsHadReservedWhereClientsAreProtected() throws IOException {
        String[] both = {
            "cohort={rate: 0.7}",
            "server.weighting=uniform",
            "client.steps=2",
            "privacy={example-level: {noise-multiplier: 1, sampling-rate: 0.1, delta: 1e-3, max-grad-norm: 1}, "
                    + "client-level: {noise-multiplier: 1, delta: 1e-3, clipping-norm: 0.5}}"
        };
        Path cut = interrupted("cut", 3, both);
        assertThat(examples(cut)).isEqualTo(ofRounds(3));
        assertThatThrownBy(() -> resumed(cut, cutInRound(5))).isInstanceOf(PowerCut.class);
        assertThat(examples(cut)).isEqualTo(ofRounds(6));
        resumed(cut, NOBODY);
        assertThat(history(cut))
                .extracting(line -> line.path("exampleEpsilon").asDouble())
                .containsExactly(ofRounds(1), ofRounds(2), ofRounds(4), ofRounds(5), ofRounds(7), ofRounds(8));
        assertThat(examples(cut)).isEqualTo(ofRounds(8));
    }

    private static double examples(Path run) throws IOException {
        JsonNode level = read(run, RunDirectory.PRIVACY).path("levels").path(0);
        assertThat(level.path("unit").asText()).isEqualTo("example");
        return level.path("epsilon").asDouble();
    }

    private static double ofRounds(int rounds) {
        DpEvent step = new PoissonSampled(0.1, new Gaussian(1, 1, NeighbouringRelation.ZERO_OUT));
        return AccountantChoice.RDP
                .accountant()
                .epsilon(new SelfComposed(step, 2L * rounds), new Delta(1e-3))
                .orInfinity();
    }

    @Test
    void mayFindItsLastRoundRefusedByAHardLimit() throws IOException {
        Path cut = interrupted("cut", 4);
        ExperimentRun.Finished finished = resumed(cut, NOBODY);
        assertThat(finished.result().ending()).isEqualTo(Ending.BUDGET);
        assertThat(finished.result().rounds()).isEqualTo(5);
        assertThat(history(cut)).hasSize(5);
        assertThat(finished.summary().privacy().epsilon().orElseThrow()).isBetween(2.9, 3.0);
    }

    @Test
    void statesWhatItHasReservedSoFar() throws IOException {
        Path cut = interrupted("cut", 4);
        JsonNode statement = read(cut, RunDirectory.PRIVACY);
        assertThat(statement.path("epsilon").asDouble()).isBetween(1.0, 3.0);
        assertThat(cut.resolve(RunDirectory.RESULT)).doesNotExist();
    }

    @Test
    void keepsItsCheckpointToItsOwnerAndUntilItIsOver() throws IOException {
        Path cut = interrupted("cut", 2);
        Path secret = cut.resolve("resume");
        assertThat(Files.getPosixFilePermissions(secret)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        try (Stream<Path> files = Files.list(secret)) {
            assertThat(files).isNotEmpty().allSatisfy(file -> assertThat(Files.getPosixFilePermissions(file))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------")));
        }
        assertThat(secret.resolve("README")).content().startsWith("Local and secret: ");
        resumed(cut, NOBODY);
        assertThat(secret).doesNotExist();
    }

    @Test
    void isNotReplacedByAnotherUnlessAskedFor() {
        Path cut = interrupted("cut", 2);
        assertThatThrownBy(() -> ExperimentRun.run(experiment(), cut, NOBODY))
                .isInstanceOf(ConfigException.class)
                .hasMessage("run directory " + cut + ": holds an interrupted run, go on with it by --resume " + cut
                        + ", give another directory, or replace it by --force");
        assertThat(ExperimentRun.replace(experiment(), cut, NOBODY).result().rounds())
                .isEqualTo(6);
    }

    @Test
    void goesOnAsTheSameExperimentOnly() {
        Path cut = interrupted("cut", 2);
        SavedRun saved = SavedRun.read(cut);
        assertThatThrownBy(() -> ExperimentRun.resume(experiment("rounds=9"), saved, NOBODY))
                .isInstanceOf(ConfigException.class)
                .hasMessage("run directory " + cut + ": the experiment was changed since the run began: "
                        + "rounds was 6 and is 9; run it anew in another directory");
        assertThatThrownBy(() -> ExperimentRun.resume(experiment("privacy.example-level.epsilon=9"), saved, NOBODY))
                .hasMessageContaining("privacy.example-level.epsilon was 3.0 and is 9.0");
    }

    @Test
    void isRefusedIfItsExperimentWasEdited() throws IOException {
        Path cut = interrupted("cut", 2);
        Path written = cut.resolve(RunDirectory.EXPERIMENT);
        Files.writeString(written, Files.readString(written).replace("rounds: 6", "rounds: 60"));
        assertThatThrownBy(() -> SavedRun.read(cut)).hasMessageContaining("rounds was 6 and is 60");
    }

    @Test
    void isRefusedIfItIsOverOrNeverWasOrIsDamaged() throws IOException {
        Path over = folder.resolve("over");
        ExperimentRun.run(experiment(), over, NOBODY);
        assertThatThrownBy(() -> SavedRun.read(over))
                .hasMessage("run directory " + over + ": the run is over, there is nothing to go on with");
        assertThatThrownBy(() -> SavedRun.read(folder))
                .hasMessage("run directory " + folder
                        + ": not a run's directory: it has no experiment.yaml and no history.jsonl");
        Path cut = interrupted("cut", 2);
        try (Stream<Path> files = Files.list(cut.resolve("resume"))) {
            Path array = files.filter(file -> file.toString().endsWith(".array"))
                    .findFirst()
                    .orElseThrow();
            byte[] bytes = Files.readAllBytes(array);
            bytes[20] ^= 1;
            Files.write(array, bytes);
        }
        assertThatThrownBy(() -> SavedRun.read(cut)).hasMessageContaining("damaged; the run cannot be gone on with");
        Files.delete(cut.resolve("resume/checkpoint.json"));
        assertThatThrownBy(() -> SavedRun.read(cut))
                .hasMessage("run directory " + cut
                        + ": it keeps no checkpoint to go on from; run the experiment anew in another directory");
    }

    @Test
    void isGoneOnWithByOneProcessOnly() {
        Path cut = interrupted("cut", 2);
        SavedRun saved = SavedRun.read(cut);
        RunListener second = new RunListener() {
            @Override
            public void roundStarted(int round, int clients) {
                ExperimentRun.resume(experiment(), saved, NOBODY);
            }
        };
        assertThatThrownBy(() -> resumed(cut, second))
                .isInstanceOf(ConfigException.class)
                .hasMessage("run directory " + cut + ": another process is running it");
        assertThat(resumed(cut, NOBODY).result().rounds()).isPositive();
    }

    @Test
    void leavesOutAJournalLineThatAKillCutShort() throws IOException {
        Path whole = folder.resolve("whole");
        ExperimentRun.run(experiment("seed=5"), whole, NOBODY);
        Path cut = interrupted("cut", 4, "seed=5");
        Path journal = cut.resolve("resume/journal.jsonl");
        Files.writeString(journal, Files.readString(journal) + "{\"begun\":4,\"coh");
        resumed(cut, NOBODY);
        assertSame(cut, whole);
    }
}
