package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.RunResult.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each family's experiment in docs/strategies.md runs and learns; that of the attackers on less data. */
@DisplayName("An experiment on the page about strategies")
class StrategiesPageTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$");

    static Stream<String> experiments() throws IOException {
        Path page = Path.of(System.getProperty("sotto.root", "..")).resolve("docs/strategies.md");
        List<String> found = BLOCK.matcher(Files.readString(page))
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(found).hasSize(5);
        return found.stream();
    }

    @ParameterizedTest
    @MethodSource("experiments")
    void runsAndLearns(String yaml) {
        ExperimentFile written = ExperimentFile.parse("strategies.md", Path.of(""), yaml);
        boolean digits = yaml.contains("source: digits");
        ExperimentFile file = digits
                ? written.with(List.of("model=logistic", "data.train=900", "data.test=200", "client.epochs=1"))
                : written;
        Experiment experiment = Experiment.load(file, file.context());
        RunResult result = Simulation.of(experiment).run(new RunListener() {}).result();
        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(result.rounds()).isEqualTo(experiment.plan().rounds());
        // Ten digits, or two classes that hardly overlap.
        assertThat(result.evaluation().orElseThrow().accuracy()).isGreaterThan(digits ? 0.35 : 0.75);
    }
}
