package dev.sotto.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.formats.config.ConfigException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Clipping norms, one for each layer,")
class ClippingNormsTest {
    private static Experiment experiment(String norms) {
        ExperimentFile file = ExperimentFile.parse("toy.yaml", Path.of(""), """
                data: {source: generated, train: 400, test: 10, clients: 4, features: 4}
                model: {name: small, layers: [{linear: 8}, tanh, {linear: 2}]}
                privacy: {client-level: {epsilon: 3, delta: 1e-2, clipping: per-layer}}
                """)
                .with(List.of("privacy.client-level.clipping-norms=" + norms));
        return Experiment.load(file, file.context());
    }

    @Test
    void areTheModels() {
        assertThat(experiment("[1, 0.5]")
                        .plan()
                        .clientLevel()
                        .orElseThrow()
                        .clipping()
                        .initialNorm())
                .isEqualTo(Math.sqrt(1.25));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1, 0]      | entry 2: expected a number between 1.0E-20 and 1.0E20, found the number 0",
                "[-2, 1]     | entry 1: expected a number between 1.0E-20 and 1.0E20, found the number -2",
                "[1, 1e300]  | entry 2: expected a number between 1.0E-20 and 1.0E20, found the number 1.0E300",
                "[1, 1e-300] | entry 2: expected a number between 1.0E-20 and 1.0E20, found the number 1.0E-300",
                "[1, x]      | entry 2: expected a number between 1.0E-20 and 1.0E20, found the text 'x'",
                "[1, .nan]   | expected a list, found the text '[1, .nan]'",
                "1           | expected a list, found the number 1",
                "[]          | it has 0 entries, and the model has 2 layers with parameters; there must be one for each",
                "[1]         | it has 1 entry, and the model has 2 layers with parameters; there must be one for each",
            })
    void areRefusedInOneLineThatNamesTheEntry(String norms, String reason) {
        assertThatThrownBy(() -> experiment(norms))
                .isInstanceOf(ConfigException.class)
                .hasMessage("toy.yaml: privacy.client-level.clipping-norms: " + reason);
    }
}
