package dev.sotto.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The experiment that people start from says only what is so. */
final class StarterExperimentTest {
    private static final List<String> SMALL = List.of("data.train=4000", "data.test=10");

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() {
        file = folder.resolve("mine.yaml");
        StarterExperiment.write(file);
    }

    private Experiment load(String yaml, String... settings) {
        ExperimentFile written =
                ExperimentFile.parse("starter", folder, yaml).with(SMALL).with(List.of(settings));
        return Experiment.load(written, written.context());
    }

    @Test
    void itLoadsAsWritten() throws IOException {
        Experiment experiment = load(Files.readString(file));
        assertThat(experiment.plan().name()).isEqualTo("my-experiment");
        assertThat(experiment.clients()).hasSize(4);
    }

    /** Lines that show a default change nothing when their comment sign goes. */
    @Test
    void itsCommentedDefaultsAreTheDefaults() throws IOException {
        String text = Files.readString(file);
        String uncommented = text.replace("# rate-decay", "rate-decay")
                .replace("# server:", "server:")
                .replace("# partition: iid              # or one of", "partition: iid")
                .replace("# clipping: flat", "clipping: flat")
                .replace("# clip-per: example", "clip-per: example")
                .replace("# relation: zero-out", "relation: zero-out")
                .replace("# hard-limit: true", "hard-limit: true")
                .replace("# evaluation:", "evaluation:");
        assertThat(uncommented
                        .lines()
                        .filter(line -> line.strip().startsWith("#"))
                        .count())
                .isEqualTo(text.lines()
                                .filter(line -> line.strip().startsWith("#"))
                                .count()
                        - 8);
        assertThat(load(uncommented).resolved()).isEqualTo(load(text).resolved());
    }

    @Test
    void itsCommentedExamplesAreAccepted() throws IOException {
        String text = Files.readString(file)
                .replace("# seed: 42", "seed: 42")
                .replace("# cohort:", "cohort:")
                .replace("# noise-multiplier:", "noise-multiplier:");
        Experiment experiment = load(text);
        assertThat(experiment.seed()).contains(42L);
        assertThat(experiment.plan().participation().cohort()).hasToString("FixedSize[clients=2]");
        assertThat(experiment.plan().privacy().orElseThrow().noiseMultiplier()).isPresent();
    }

    @Test
    void itsOwnLayersAreAccepted() throws IOException {
        String text = Files.readString(file)
                .replaceFirst("(?m)^model: .*$", "")
                .replaceAll("(?m)^# (model:| +layers:| +- )", "$1");
        assertThat(load(text).plan().model().layers()).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{dirichlet: 0.5}", "{shards: 2}", "{pathological: 2}", "{sizes: linear}", "{per-client: 300}"})
    void itsPartitionsAreAccepted(String partition) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(partition.replace("300", "50"));
        assertThat(load(text, "data.partition=" + partition, "client.batch-size=1")
                        .clients())
                .hasSize(4);
    }

    @Test
    void itOverwritesNothing() {
        assertThatThrownBy(() -> StarterExperiment.write(file)).hasMessageContaining("it is there already");
    }
}
