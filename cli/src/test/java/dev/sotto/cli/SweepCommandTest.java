package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sweep prints, writes and ends with. */
final class SweepCommandTest {
    private static final String EPSILON = "privacy.example-level.epsilon";

    @TempDir
    private Path folder;

    private TinyExperiment tiny;

    @BeforeEach
    void write() {
        tiny = new TinyExperiment(folder);
    }

    private Path out() {
        return folder.resolve("sweep");
    }

    private Sotto sweep(String... arguments) {
        List<String> all = new ArrayList<>(List.of("sweep", tiny.file().toString(), "--out", out().toString()));
        all.addAll(List.of(arguments));
        return Sotto.run(all.toArray(String[]::new));
    }

    @Test
    void aSweepShowsWhatEachCombinationBroughtAndCost() {
        Sotto said = sweep("--vary", EPSILON + "=1,3", "--repeats", "2");
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(said.err()).contains("4 runs of ", "  " + EPSILON + ": 1, 3", "  2 runs of each", "4/4  epsilon-");
        assertThat(said.errors()).isEmpty();
        assertThat(said.out())
                .contains("epsilon  ", "accuracy", "noise", "runs")
                .contains("Tuning not accounted: each epsilon is that run's alone.")
                .containsPattern(
                        "All 4 runs that protect something cost, together, epsilon \\d.* at delta 0.001 for each example.")
                .contains(
                        out().resolve("sweep.csv").toString(),
                        out().resolve("sweep.svg").toString());
        assertThat(out().resolve("sweep.svg")).exists();
    }

    @Test
    void jsonIsExactlyOneObject() {
        Sotto said = sweep("--vary", EPSILON + "=1,3", "--json");
        assertThat(said.out().lines()).hasSize(1);
        JsonNode json = said.json();
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "name",
                        "vary",
                        "repeats",
                        "runs",
                        "combinations",
                        "best",
                        "tuning",
                        "together",
                        "failed",
                        "seconds");
        assertThat(json.path("tuning").asText()).isEqualTo("not accounted");
        assertThat(json.path("together").path("epsilon").asDouble()).isGreaterThan(3);
        assertThat(json.path("runs").path(0).path("settings").path(EPSILON).asText())
                .isEqualTo("1");
    }

    @Test
    void theSameCommandAgainAndResumeKeepWhatIsOver() {
        assertThat(sweep("--vary", EPSILON + "=1,3").status()).isZero();
        assertThat(sweep("--vary", EPSILON + "=1,3").err()).contains("1/2  ", "(kept)", "2/2  ");
        Sotto resumed = Sotto.run("sweep", "--resume", out().toString(), "--json");
        assertThat(resumed.status()).isZero();
        assertThat(resumed.err()).contains("(kept)");
        assertThat(resumed.json().path("runs")).hasSize(2);
    }

    @Test
    void accountedTuningIsTheGuaranteeOfTheChoice() {
        Sotto said = sweep("--vary", EPSILON + "=1,3", "--account-tuning");
        assertThat(said.out())
                .contains("Tuning accounted: every run is charged")
                .containsPattern("Whichever of the models is kept, each example is protected by \\(\\d.*, 0.001\\)-");
        Sotto json = Sotto.run("sweep", "--resume", out().toString(), "--account-tuning", "--json");
        assertThat(json.json().path("tuning").asText()).isEqualTo("every run charged");
        assertThat(sweep("--vary", "privacy=null", "--account-tuning").errors())
                .singleElement()
                .asString()
                .contains("--account-tuning: privacy-null protects nothing");
    }

    @Test
    void badKeysAndValuesFailBeforeAnythingRuns() {
        Sotto said = sweep("--vary", "privacy.example-level.epsilonn=1,3");
        assertThat(said.status()).isEqualTo(Failures.USAGE);
        assertThat(said.errors())
                .singleElement()
                .asString()
                .endsWith("privacy.example-level.epsilonn: unknown key; did you mean 'epsilon'?");
        assertThat(sweep("--vary", "rounds=2,0").errors())
                .singleElement()
                .asString()
                .endsWith("rounds: 0 is out of range; it must be at least 1 and at most 100000");
        assertThat(sweep().errors()).singleElement().asString().startsWith("sotto: nothing varies: give --vary");
        assertThat(sweep("--vary", "rounds=1,2", "--workers", "0").errors())
                .containsExactly("sotto: --workers 0 is out of range; it must be at least 1");
        assertThat(Sotto.run("sweep", "--resume", folder.toString()).errors())
                .containsExactly(
                        "sotto: sweep directory " + folder + ": no sweep was begun here: it has no definition.json");
        assertThat(sweep("--resume", folder.toString()).errors())
                .singleElement()
                .asString()
                .contains("leave out EXPERIMENT.yaml, --vary, --set, --repeats and --out");
        assertThat(out()).doesNotExist();
    }

    @Test
    void aRunThatFailsIsALineAndAStatus() {
        Sotto said = sweep("--set", "privacy.example-level.noise-multiplier=1", "--vary", EPSILON + "=0.01,9");
        assertThat(said.status()).isEqualTo(Failures.FAILED);
        assertThat(said.errors())
                .singleElement()
                .asString()
                .startsWith("sotto: epsilon-0.01: data set 'client-0': epsilon 0")
                .contains("is spent and would become");
        assertThat(said.out()).contains("accuracy");
        assertThat(out().resolve("cells/epsilon-9/report.html")).exists();
    }
}
