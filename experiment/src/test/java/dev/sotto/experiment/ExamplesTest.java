package dev.sotto.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.formats.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The experiments that come with Sotto can be loaded, on made-up data where theirs cannot be shipped. */
final class ExamplesTest {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("sotto.root", "..")).resolve("examples");

    @TempDir
    private Path folder;

    static Stream<Path> examples() throws IOException {
        List<Path> found;
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            found = files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
        return found.stream();
    }

    @Test
    void thereAreExamples() throws IOException {
        assertThat(examples().map(file -> file.getFileName().toString()))
                .contains("digits.yaml", "mnist-2-clients.yaml", "mnist-10-clients.yaml", "heart.yaml", "adult.yaml");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleLoads(Path file) throws IOException {
        ExperimentFile written = ExperimentFile.read(file);
        // What is asked of the data by number is asked of less of it.
        ExperimentFile smaller = written.tree().path("data").has("train")
                ? written.with(List.of("data.train=2000", "data.test=10"))
                : written;
        Experiment experiment = Experiment.load(smaller, new StandIns(folder).write(smaller));
        assertThat(experiment.plan().name() + ".yaml")
                .isEqualTo(file.getFileName().toString());
        assertThat(experiment.plan().isPrivate()).isTrue();
        assertThat(experiment.test()).isPresent();
        assertThat(experiment.seed()).as("a seed would make it not private").isEmpty();
    }

    @Test
    void theBuiltInExperimentIsTheDigitsExample() {
        ExperimentFile example = ExperimentFile.read(EXAMPLES.resolve("digits.yaml"));
        assertThat(ExperimentFile.builtIn().tree()).isEqualTo(example.tree());
    }

    @Test
    void hospitalsAreCalledAsTheirFiles() throws IOException {
        ExperimentFile heart = ExperimentFile.read(EXAMPLES.resolve("heart.yaml"));
        Experiment experiment = Experiment.load(heart, new StandIns(folder).write(heart));
        assertThat(experiment.clients().stream().map(ClientData::id))
                .containsExactly("processed.cleveland", "processed.hungarian", "processed.switzerland", "processed.va");
    }

    @Test
    void dataThatIsNotThereIsAskedFor() {
        ExperimentFile heart = ExperimentFile.read(EXAMPLES.resolve("heart.yaml"));
        assertThatThrownBy(() -> Experiment.load(
                        heart, heart.context().withSottoData(folder).withOffline(true)))
                .hasMessageContaining("processed.cleveland.data: no such file");
    }

    @Test
    void whatValuesThemselvesRefuseHasTheFilesName() {
        ExperimentFile heart = ExperimentFile.read(EXAMPLES.resolve("heart.yaml"));
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> Experiment.load(heart.with(List.of("data.columns=[]")), heart.context()))
                .withMessageStartingWith(heart.name() + ": data.columns: schema: one label column");
        ExperimentFile bad = ExperimentFile.parse(
                "x.yaml", folder, "model: {layers: [{conv2d: {channels: 2, kernal: 3}}, flatten, {linear: 10}]}");
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> Experiment.load(bad.with(List.of("data.train=64", "data.test=1")), bad.context()))
                .withMessageStartingWith("x.yaml: model custom, layer 0 (conv2d): ");
    }
}
