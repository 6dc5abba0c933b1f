package dev.sotto.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.federation.EvaluationPlan;
import dev.sotto.federation.PrivateMetrics;
import dev.sotto.federation.TrainingSchedule;
import dev.sotto.federation.TrainingSchedule.Change;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.TrainingSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The section evaluation, and client.schedule")
class EvaluationReaderTest {
    private static final String DATA =
            "data: {source: generated, train: 500, test: 20, clients: 10}\nclient: {batch-size: 8}\n";

    private static Experiment load(String yaml, String... settings) {
        ExperimentFile file =
                ExperimentFile.parse("test", Path.of(""), DATA + yaml).with(List.of(settings));
        Experiment experiment = Experiment.load(file, file.context());
        ExperimentFile again =
                ExperimentFile.parse("again", Path.of(""), experiment.resolved().toString());
        Experiment reread = Experiment.load(again, again.context());
        assertThat(reread.plan().evaluation()).isEqualTo(experiment.plan().evaluation());
        assertThat(reread.plan().training()).isEqualTo(experiment.plan().training());
        return experiment;
    }

    private static void refused(String yaml, String message, String... settings) {
        assertThatThrownBy(() -> load(yaml, settings))
                .isInstanceOf(ConfigException.class)
                .hasMessage("test: " + message);
    }

    @Test
    void takesTheTutorialsNumbers() {
        Experiment experiment =
                load("evaluation: {fraction: 0.25, min-clients: 3, validation-fraction: 0.1, aggregate: uniform}");
        assertThat(experiment.plan().evaluation()).isEqualTo(new EvaluationPlan(1, 0.25, 3, true));
        assertThat(experiment.clients()).allSatisfy(client -> {
            assertThat(client.heldOut().orElseThrow().size()).isEqualTo(5);
            assertThat(client.examples().size()).isEqualTo(45);
        });
    }

    @Test
    void weighsByExamplesUnlessClientsAreProtected() {
        assertThat(load("rounds: 10").plan().evaluation().uniform()).isFalse();
        assertThat(load("privacy: {client-level: {epsilon: 3}}")
                        .plan()
                        .evaluation()
                        .uniform())
                .isTrue();
    }

    @Test
    void releasesMetricsWithNoiseOrForAnEpsilon() {
        String held = "validation-fraction: 0.2, private-metrics: ";
        assertThat(load("evaluation: {" + held + "{noise-multiplier: 5}}")
                        .plan()
                        .evaluation()
                        .privateMetrics())
                .isEqualTo(Optional.of(PrivateMetrics.withNoise(5)));
        assertThat(load("evaluation: {" + held + "{epsilon: 0.5}}", "privacy.client-level.epsilon=3")
                        .plan()
                        .evaluation()
                        .privateMetrics())
                .isEqualTo(Optional.of(PrivateMetrics.spending(0.5)));
    }

    @Test
    void refusesWhatDoesNotFitInOneLine() {
        refused(
                "evaluation: {private-metrics: {epsilon: 1}}",
                "evaluation.private-metrics: clients hold nothing out to measure on; set evaluation.validation-fraction");
        refused(
                "evaluation: {validation-fraction: 0.2, private-metrics: {}}",
                "evaluation.private-metrics: give epsilon (noise is calibrated to it) or noise-multiplier");
        refused(
                "evaluation: {validation-fraction: 0.2, aggregate: weighted, private-metrics: {epsilon: 1}}",
                "evaluation.aggregate: it must be uniform for private metrics under client-level privacy: with weights by "
                        + "examples one client could outweigh the noise",
                "privacy.client-level.epsilon=3");
        refused(
                "evaluation: {validation-fraction: 0.2, private-metrics: {epsilon: 1}}",
                "evaluation.private-metrics: what is released is an accuracy, and this model predicts no classes",
                "privacy.client-level.epsilon=3",
                "data.kind=regression");
        refused(
                "evaluation: {validation-fraction: 0.2, private-metrics: {noise-multiplier: 0.5}}",
                "evaluation.private-metrics: evaluations alone spend epsilon 41.75 of 3.0; give them more noise, or "
                        + "evaluate in fewer rounds",
                "privacy.client-level.epsilon=3",
                "privacy.client-level.delta=0.001");
    }

    @Test
    void changesSettingsByRound() {
        TrainingSettings first = new TrainingSettings(OptimizerSpec.adam(0.001), 1, 0, 8, 8, 1);
        TrainingSettings slower = new TrainingSettings(OptimizerSpec.adam(0.01), 1, 0, 8, 8, 1);
        TrainingSettings longer = new TrainingSettings(OptimizerSpec.adam(0.01), 2, 0, 8, 8, 1);
        TrainingSettings counted = new TrainingSettings(OptimizerSpec.adam(0.01), 2, 7, 4, 8, 1);
        String schedule = "[{from-round: 5, learning-rate: 0.01}, {from-round: 10, epochs: 2}, "
                + "{from-round: 12, steps: 7, batch-size: 4}, {from-round: 14, epochs: 2, batch-size: 8}]";
        assertThat(load("rounds: 10", "client.optimizer.name=adam", "client.schedule=" + schedule)
                        .plan()
                        .training())
                .isEqualTo(new TrainingSchedule(
                        first,
                        List.of(
                                new Change(5, slower),
                                new Change(10, longer),
                                new Change(12, counted),
                                new Change(14, longer))));
    }

    @Test
    void refusesSchedulesThatCannotBeFollowed() {
        refused(
                "privacy: {example-level: {epsilon: 3}}",
                "client.schedule[0].batch-size: it stays 8 under example-level privacy, as the sampling rate follows from "
                        + "it; leave it out",
                "client.schedule=[{from-round: 3, batch-size: 16}]");
        refused(
                "rounds: 10",
                "client.schedule[1].from-round: 4 is out of range; it must be at least 6",
                "client.schedule=[{from-round: 5, epochs: 2}, {from-round: 4, epochs: 3}]");
        refused("rounds: 10", "client.schedule[0].from-round: it is required", "client.schedule=[{epochs: 2}]");
        refused(
                "rounds: 10",
                "client.schedule[0].epoch: unknown key; did you mean 'epochs'?",
                "client.schedule=[{from-round: 5, epoch: 2}]");
    }
}
