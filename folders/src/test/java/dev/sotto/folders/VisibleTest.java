package dev.sotto.folders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.federation.Plan;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What folders cannot promise")
class VisibleTest {
    private static Plan plan(String cohort) {
        String yaml = """
                data: {source: generated, train: 120, test: 20, clients: 6, features: 4}
                client: {batch-size: 10}
                privacy: {client-level: {noise-multiplier: 1, delta: 1e-3, clipping-norm: 0.5}}
                """;
        ExperimentFile file = ExperimentFile.parse("test", Path.of(""), yaml).with(List.of("cohort=" + cohort));
        return Experiment.load(file, file.context()).plan();
    }

    @Test
    void isASecretDraw() {
        assertThat(Visible.misfit(plan("{rate: 0.5}"), 6).orElseThrow()).contains("everybody sees who gets a task");
        assertThat(Visible.misfit(plan("{size: 3}"), 6)).isPresent();
        assertThat(Visible.misfit(plan("{min-clients: 4}"), 6)).isEmpty();
    }

    /** With everybody drawn the draw is no secret, but whether one more is there is. */
    @Test
    void isWhoIsThereWhereTheFirstKeepOthersOut() {
        assertThat(Visible.closedEarly(plan("{rate: 1}"), 6, 3).orElseThrow()).startsWith("enough is 3, but ");
        assertThat(Visible.closedEarly(plan("{rate: 1}"), 6, 0)).isEmpty();
        assertThat(Visible.closedEarly(plan("{}"), 6, 3)).isEmpty();
    }
}
