package dev.sotto.simulation.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.experiment.ExperimentFile;
import dev.sotto.formats.config.ConfigException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A grid")
final class GridTest {
    private static Grid grid(String yaml, int repeats, String... vary) {
        return new Grid(
                ExperimentFile.parse("my.yaml", Path.of(""), yaml),
                List.of(vary).stream().map(Axis::parse).toList(),
                repeats);
    }

    @Test
    void isEveryCombinationWithTheLastKeyFastest() {
        List<Cell> cells = grid("rounds: 3", 1, "server.learning-rate=0.5,1", "cohort.size=2,5")
                .cells();
        assertThat(cells)
                .extracting(Cell::name)
                .containsExactly(
                        "learning-rate-0.5_size-2",
                        "learning-rate-0.5_size-5",
                        "learning-rate-1_size-2",
                        "learning-rate-1_size-5");
        assertThat(cells.get(1).file().tree().toString())
                .isEqualTo("{\"rounds\":3,\"server\":{\"learning-rate\":0.5},\"cohort\":{\"size\":5}}");
    }

    @Test
    void takesTheNextSeedForEachRepeatOfASeededExperiment() {
        assertThat(grid("seed: 7", 3, "rounds=1,2").cells())
                .extracting(cell -> cell.file().tree().path("seed").asLong())
                .containsExactly(7L, 8L, 9L, 7L, 8L, 9L);
        assertThat(grid("rounds: 3", 2).cells())
                .allMatch(cell -> !cell.file().tree().has("seed"));
    }

    @Test
    void leavesCommasWithinBracketsAndQuotesToTheirValue() {
        assertThat(Axis.parse("a.b={x: 1, y: [2, 3]},null,'p, q',4").values())
                .containsExactly("{x: 1, y: [2, 3]}", "null", "'p, q'", "4");
    }

    @Test
    void callsKeysWithTheSameEndByTheirWholePath() {
        Grid grid = grid("", 1, "server.learning-rate=1,2", "client.optimizer.learning-rate=3");
        assertThat(grid.cells().get(0).name()).isEqualTo("server.learning-rate-1_client.optimizer.learning-rate-3");
    }

    @Test
    void givesEachCellADirectoryOfItsOwn() {
        assertThat(grid("", 1, "model=[a],[b],'[a]'").cells())
                .extracting(Cell::name)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("[A-Za-z0-9._+-]+"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rounds      | --vary rounds: expected key.path=v1,v2,...",
                "=1          | --vary =1: expected key.path=v1,v2,...",
                "rounds=     | --vary rounds=: a value is empty; write null for none",
                "rounds=1,,2 | --vary rounds=1,,2: a value is empty",
                "rounds=1,1  | --vary rounds=1,1: a value is given twice; --repeats K runs each K times",
            })
    void saysInOneLineWhatIsWrongWithAnAxis(String text, String message) {
        assertThatThrownBy(() -> Axis.parse(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void needsSomethingThatVariesAndEachKeyOnce() {
        assertThatThrownBy(() -> grid("", 1)).hasMessageStartingWith("nothing varies: give --vary");
        assertThatThrownBy(() -> grid("", 0, "rounds=1")).hasMessage("--repeats 0: it must be at least 1");
        assertThatThrownBy(() -> grid("", 1, "rounds=1", "rounds=2"))
                .hasMessage("--vary rounds: it is given twice; list all its values in one");
        assertThatThrownBy(() -> grid("", 2, "seed=1,2"))
                .hasMessage("--vary seed: not with --repeats, which takes the next seed for each run");
        assertThatThrownBy(() -> grid("rounds: 3", 1, "rounds.x=1").cells())
                .hasMessage("--vary rounds.x=1: rounds is a value and holds no keys");
    }
}
