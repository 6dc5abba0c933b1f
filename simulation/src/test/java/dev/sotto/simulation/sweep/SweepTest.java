package dev.sotto.simulation.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.data.DataContext;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.federation.RoundRecord;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

@DisplayName("A sweep")
final class SweepTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String YAML = """
            name: tiny
            seed: 4
            data: {source: generated, train: 60, test: 20, clients: 3, features: 4}
            model: logistic
            rounds: 3
            client: {batch-size: 10}
            privacy:
              example-level: {noise-multiplier: 1, delta: 1e-3}
            """;
    private static final String NOISE = "privacy.example-level.noise-multiplier";

    @TempDir
    private Path folder;

    private Path directory() {
        return folder.resolve("sweep");
    }

    private Sweep sweep(int repeats, String... vary) {
        return sweep(YAML, repeats, vary);
    }

    private Sweep sweep(String yaml, int repeats, String... vary) {
        Grid grid = new Grid(
                ExperimentFile.parse("tiny.yaml", Path.of(""), yaml),
                Arrays.stream(vary).map(Axis::parse).toList(),
                repeats);
        return Sweep.of(grid, DataContext.ofSystem(), directory());
    }

    /** Which cells were run, and which were kept from before. */
    private static final class Seen implements SweepListener {
        private final Set<String> started = Collections.synchronizedSet(new TreeSet<>());
        private final Set<String> kept = Collections.synchronizedSet(new TreeSet<>());

        @Override
        public void started(Cell cell, int round, int rounds) {
            started.add(cell.name() + " after " + round);
        }

        @Override
        public void finished(CellResult result, boolean wasKept) {
            if (wasKept) {
                kept.add(result.cell().name());
            }
        }
    }

    /** The power is gone. */
    private static final class PowerCut extends Error {
        private static final long serialVersionUID = 1;
    }

    private List<String> models(SweepResult result) throws IOException {
        List<String> models = new ArrayList<>();
        for (CellResult cell : result.results()) {
            models.add(Arrays.toString(Files.readAllBytes(cell.directory().resolve("model.npz"))));
        }
        return models;
    }

    @Test
    void runsEveryCellInADirectoryOfItsOwn() {
        SweepResult result = sweep(2, NOISE + "=1,2").run(2, new SweepListener() {});
        assertThat(result.failures()).isEmpty();
        assertThat(result.results()).hasSize(4).allSatisfy(cell -> {
            assertThat(cell.directory()).isDirectoryContaining("glob:**/report.html");
            assertThat(cell.summary().orElseThrow().rounds()).isEqualTo(3);
        });
        assertThat(result.combinations()).hasSize(2).allSatisfy(combination -> assertThat(combination.results())
                .hasSize(2));
        assertThat(result.combinations().get(0).noiseMultiplier()).hasValue(1);
        assertThat(result.combinations().get(0).epsilon().orElseThrow())
                .isGreaterThan(result.combinations().get(1).epsilon().orElseThrow());
    }

    @Test
    void itsPageSaysWhatIsTheSameInAllRuns() throws IOException {
        sweep(2, NOISE + "=1,2").run(2, new SweepListener() {});
        String page = Files.readString(directory().resolve("sweep.html"));
        String same = page.substring(page.indexOf("The same in all runs"));
        assertThat(same)
                .contains("rounds: 3", "batch-size: 10", "delta: 0.001", "strategy: fedavg", "- linear:")
                .doesNotContain("noise-multiplier", "seed: 4");
    }

    /** An example of the smallest client, which costs most, may be with the smallest again, under whatever name. */
    @Test
    void addsNothingUpWhereClientsOfOneNameNeedNotHoldTheSame() {
        SweepResult result = sweep(YAML.replace("clients: 3", "partition: {proportions: [1, 4]}"), 1, "data.seed=1,2")
                .run(2, new SweepListener() {});
        assertThat(result.spent().levels()).isEmpty();
        assertThat(result.spent().obstacle().orElseThrow()).startsWith("their sections data differ");
        SweepResult charged = Sweep.of(
                        new Grid(
                                ExperimentFile.parse("tiny.yaml", Path.of(""), YAML),
                                List.of(Axis.parse("data.seed=1,2")),
                                1),
                        DataContext.ofSystem(),
                        folder.resolve("charged"))
                .run(2, new SweepListener() {});
        assertThat(charged.spent().charged()).isFalse();
    }

    @Test
    void findsTheSameWhateverRunsAtOnce() throws IOException {
        List<String> alone = models(sweep(2, NOISE + "=1,2").run(1, new SweepListener() {}));
        Path first = directory();
        Files.move(first, folder.resolve("alone"));
        assertThat(models(sweep(2, NOISE + "=1,2").run(4, new SweepListener() {})))
                .isEqualTo(alone);
        assertThat(alone).doesNotHaveDuplicates();
    }

    @Test
    void keepsWhatIsOverAndGoesOnWithWhatWasInterrupted() throws IOException {
        List<String> whole = models(sweep(1, NOISE + "=1,2,3").run(1, new SweepListener() {}));
        Files.move(directory(), folder.resolve("whole"));
        Sweep sweep = sweep(1, NOISE + "=1,2,3");
        assertThatThrownBy(() -> sweep.run(1, new SweepListener() {
                    @Override
                    public void round(Cell cell, RoundRecord record) {
                        if (cell.name().endsWith("-2") && record.round() == 2) {
                            throw new PowerCut();
                        }
                    }
                }))
                .hasRootCauseInstanceOf(PowerCut.class);
        Seen seen = new Seen();
        Grid again = new SweepDirectory(directory()).grid();
        SweepResult result =
                Sweep.of(again, DataContext.ofSystem(), directory()).run(1, seen);
        assertThat(seen.kept).containsExactly("noise-multiplier-1");
        assertThat(seen.started).hasSize(2).allMatch(name -> !name.startsWith("noise-multiplier-1"));
        assertThat(models(result)).isEqualTo(whole);
    }

    @Test
    void mayGrow() {
        sweep(1, NOISE + "=1,2").run(2, new SweepListener() {});
        Seen seen = new Seen();
        SweepResult result = sweep(1, NOISE + "=2,4").run(2, seen);
        assertThat(seen.kept).containsExactly("noise-multiplier-2");
        assertThat(seen.started).containsExactly("noise-multiplier-4 after 0");
        assertThat(result.spent().runs())
                .as("those that fell out of the grid have touched the data too")
                .isEqualTo(3);
    }

    @Test
    void goesOnWithNothingButTheSameExperiment() {
        sweep(1, NOISE + "=1,2").run(2, new SweepListener() {});
        assertThatThrownBy(() -> sweep(YAML.replace("rounds: 3", "rounds: 4"), 1, NOISE + "=1,2"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("sweep directory " + directory() + ": noise-multiplier-1 was run as another experiment: "
                        + "rounds was 3 and is 4; give another directory");
        assertThatThrownBy(() -> sweep(YAML.replace("rounds: 3", "rounds: 4"), 1, NOISE + "=3,4")
                        .run(1, new SweepListener() {}))
                .hasMessage("sweep directory " + directory()
                        + ": holds a sweep of another experiment: rounds was 3 and is 4; give another directory");
        assertThatThrownBy(() -> new SweepDirectory(folder).grid())
                .hasMessage("sweep directory " + folder + ": no sweep was begun here: it has no definition.json");
    }

    @Test
    void failsBeforeAnythingRunsWhereACellIsWrong() {
        assertThatThrownBy(() -> sweep(1, "privacy.example-level.noise-multiplie=1,2"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "privacy.example-level.noise-multiplie: unknown key; did you mean 'noise-multiplier'?");
        assertThatThrownBy(() -> sweep(1, "client.batch-size=10,21"))
                .hasMessageContaining("client.batch-size: 21 is more than the 20 training examples");
        assertThat(directory()).doesNotExist();
    }

    @Test
    void isNotStoppedByACellThatFails() {
        String open = """
                name: open
                data: {source: generated, kind: regression, train: 60, test: 20, clients: 3}
                model: logistic
                rounds: 3
                client: {batch-size: 10}
                """;
        SweepResult result =
                sweep(open, 1, "client.optimizer.learning-rate=90,0.01").run(2, new SweepListener() {});
        assertThat(result.failures())
                .singleElement()
                .satisfies(failed -> assertThat(failed.cell().name()).isEqualTo("learning-rate-90"));
        assertThat(result.best().orElseThrow().cell().name()).isEqualTo("learning-rate-0.01");
    }

    @Test
    void tellsWhatAllRunsCostTogether() throws IOException {
        SweepResult result = sweep(2, NOISE + "=1,2").run(2, new SweepListener() {});
        List<DpEvent> events = new ArrayList<>();
        for (CellResult cell : result.results()) {
            JsonNode statement =
                    JSON.readTree(cell.directory().resolve("privacy.json").toFile());
            events.add(DpEvents.fromJson(statement.path("clients").path(0).path("event")));
        }
        double together = AccountantChoice.RDP
                .accountant()
                .epsilon(new Composed(events), new Delta(1e-3))
                .orInfinity();
        assertThat(result.spent().levels()).singleElement().satisfies(level -> {
            assertThat(level.unit()).isEqualTo("example");
            assertThat(level.epsilon().orElseThrow()).isCloseTo(together, within(1e-9));
            assertThat(level.epsilon().orElseThrow())
                    .isGreaterThan(result.combinations().get(0).epsilon().orElseThrow());
        });
        JsonNode json = SweepFiles.json(result);
        assertThat(json.path("tuning").asText()).isEqualTo("not accounted");
        assertThat(json.path("together").path("epsilon").asDouble()).isCloseTo(together, within(1e-9));
        assertThat(json.path("together").path("runs").asInt()).isEqualTo(4);
    }

    @Test
    void hasNoEpsilonIfAnyRunHasNone() {
        SweepResult result =
                sweep(1, "privacy=null,{example-level: {noise-multiplier: 1}}").run(2, new SweepListener() {});
        assertThat(result.spent().open()).isEqualTo(1);
        assertThat(result.spent().epsilon()).isEmpty();
        assertThat(SweepFiles.json(result).path("together").path("epsilon").isNull())
                .isTrue();
        assertThat(TuningWords.of(result.spent()))
                .last()
                .isEqualTo(
                        "1 run protects nothing: if the data is private, no epsilon bounds the choice among all runs.");
    }

    @Test
    void withoutNoiseClipsAndProtectsNothing() {
        String across = YAML.replaceAll("(?m)^  example-level.*$", "  client-level: {clipping-norm: 0.5, delta: 1e-3}");
        String noise = "privacy.client-level.noise-multiplier";
        Sweep sweep = sweep(across, 1, noise + "=0,1");
        SweepResult result = sweep.run(2, new SweepListener() {});
        assertThat(result.results().get(0).noiseMultiplier()).hasValue(0);
        assertThat(result.results().get(0).epsilon()).isEmpty();
        assertThat(result.results().get(0).summary().orElseThrow().privacy().isPrivate())
                .isFalse();
        assertThat(result.results().get(1).epsilon()).isPresent();
        assertThat(result.spent().open()).isEqualTo(1);
        assertThatThrownBy(sweep::requireAllPrivate)
                .hasMessage("--account-tuning: noise-multiplier-0 protects nothing, so that no epsilon bounds the "
                        + "choice; leave it out");
    }

    @Test
    void writesATableAnObjectFiguresAndAPage() throws Exception {
        sweep(2, NOISE + "=1,2,4", "server.weighting=examples,uniform").run(2, new SweepListener() {});
        List<String> table = Files.readAllLines(directory().resolve("sweep.csv"));
        assertThat(table).hasSize(13);
        assertThat(table.get(0))
                .startsWith(
                        "privacy.example-level.noise-multiplier,server.weighting,repeat,accuracy,loss,epsilon,delta,");
        assertThat(table.get(1)).matches("1,examples,1,(0\\.|1\\.0,).*");
        JsonNode json = JSON.readTree(directory().resolve("sweep.json").toFile());
        assertThat(json.path("runs")).hasSize(12);
        assertThat(json.path("combinations")
                        .path(0)
                        .path("accuracy")
                        .path("least")
                        .asDouble())
                .isLessThanOrEqualTo(json.path("combinations")
                        .path(0)
                        .path("accuracy")
                        .path("greatest")
                        .asDouble());
        String svg = Files.readString(directory().resolve("sweep.svg"));
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        assertThat(svg)
                .contains("Accuracy against noise multiplier", "Accuracy against epsilon")
                .contains("weighting examples", "weighting uniform", "class=\"band f1\"");
        assertThat(directory().resolve("sweep.html"))
                .content()
                .contains("Tuning not accounted", "cells/noise-multiplier-1_weighting-examples_run-1/report.html");
    }
}
