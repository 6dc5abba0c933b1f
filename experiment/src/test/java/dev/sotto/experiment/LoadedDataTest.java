package dev.sotto.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataSet;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Data that several experiments have in common is loaded once. */
final class LoadedDataTest {
    private final LoadedData loaded = new LoadedData();

    private DataSet load(String... settings) {
        ExperimentFile file = ExperimentFile.parse(
                        "my.yaml", Path.of(""), "data: {source: generated, train: 40, test: 20, clients: 2}")
                .with(List.of(settings));
        return Experiment.load(file, DataContext.ofSystem(), loaded).dataSet();
    }

    @Test
    void experimentsThatDifferInOtherThingsShareTheirData() {
        DataSet first = load("client.batch-size=5");
        assertThat(load("client.batch-size=10", "rounds=3")).isSameAs(first);
        assertThat(load("client.batch-size=5", "data.clients=4")).isSameAs(first);
    }

    @Test
    void otherDataIsOtherData() {
        DataSet first = load("client.batch-size=5");
        assertThat(load("client.batch-size=5", "data.train=41")).isNotSameAs(first);
        assertThat(load("client.batch-size=5", "data.seed=2")).isNotSameAs(first);
    }
}
