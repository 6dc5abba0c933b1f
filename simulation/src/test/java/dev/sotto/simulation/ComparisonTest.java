package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.simulation.Comparison.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A comparison")
class ComparisonTest {
    /** A rate at which clipped gradients learn, and others overshoot. */
    private static final String NOISY =
            "{data: {source: generated, train: 400, test: 200, clients: 2, separation: 1}, model: logistic, "
                    + "rounds: 3, seed: 3, client: {batch-size: 20, optimizer: {name: sgd, learning-rate: 60}}, ";

    private static Experiment experiment(String rest) {
        ExperimentFile file = ExperimentFile.parse("toy", Path.of(""), NOISY + rest + "}");
        return Experiment.load(file, file.context());
    }

    private static Row row(List<Row> rows, String name) {
        return rows.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void takesARateThatSuitsTrainingWithoutPrivacy() {
        Experiment experiment = experiment("privacy: {example-level: {epsilon: 3, delta: 1e-3, max-grad-norm: 0.01}}");
        List<String> tried = new ArrayList<>();
        List<Row> fair = Comparison.run(experiment, Comparison.RATES, tried::add);
        assertThat(tried)
                .contains("federated, learning rate 60", "federated, learning rate 18", "federated, learning rate 6")
                .hasSize(3 * 3 + 1);
        List<Row> same = Comparison.run(experiment, Comparison.OWN_RATE, name -> {});
        assertThat(same).allMatch(each -> each.learningRate() == 60);
        Row federated = row(fair, "federated");
        assertThat(federated.learningRate()).isEqualTo(6);
        assertThat(federated.evaluation().loss())
                .isLessThan(row(same, "federated").evaluation().loss() / 2);
        assertThat(row(fair, "federated, private")).isEqualTo(row(same, "federated, private"));
    }

    @Test
    void keepsTheRateThatTheRowOfItsOwnClippingWasGivenWhereBothLevelsProtect() {
        List<Row> rows = Comparison.run(
                experiment("privacy: {example-level: {epsilon: 3, delta: 1e-3, max-grad-norm: 0.01}, "
                        + "client-level: {epsilon: 8, delta: 1e-2}}"),
                Comparison.RATES,
                name -> {});
        double chosen = row(rows, "federated").learningRate();
        assertThat(chosen).isLessThan(60);
        assertThat(row(rows, "federated, clients private").learningRate()).isEqualTo(chosen);
        assertThat(row(rows, "federated, examples private").learningRate()).isEqualTo(60);
    }

    @Test
    void leavesTheRateAloneWhereNoGradientWouldBeClipped() {
        List<String> tried = new ArrayList<>();
        List<Row> rows = Comparison.run(
                experiment("privacy: {client-level: {epsilon: 8, delta: 1e-2}}"), Comparison.RATES, tried::add);
        assertThat(tried).containsExactly("only client-0", "only client-1", "federated", "federated, private");
        assertThat(rows).allMatch(each -> each.learningRate() == 60);
    }
}
