package dev.sotto.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.federation.Cohort;
import dev.sotto.federation.Participation;
import dev.sotto.federation.Reliability;
import dev.sotto.federation.Reliability.Deadline;
import dev.sotto.federation.Reliability.Pace;
import dev.sotto.formats.config.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The section cohort")
class CohortReaderTest {
    /** Fifty clients. */
    private static Participation read(String cohort) {
        String yaml = "data: {source: generated, train: 500, test: 20, clients: 50}\nclient: {batch-size: 2}\ncohort: "
                + cohort;
        ExperimentFile file = ExperimentFile.parse("test", Path.of(""), yaml).with(List.of());
        Experiment experiment = Experiment.load(file, file.context());
        ExperimentFile again =
                ExperimentFile.parse("again", Path.of(""), experiment.resolved().toString());
        assertThat(Experiment.load(again, again.context()).plan().participation())
                .as("what is written down of the run says the same")
                .isEqualTo(experiment.plan().participation());
        return experiment.plan().participation();
    }

    private static void refused(String cohort, String message) {
        assertThatThrownBy(() -> read(cohort))
                .isInstanceOf(ConfigException.class)
                .hasMessage("test: " + message);
    }

    @Test
    void asksEveryoneByDefault() {
        assertThat(read("{}")).isEqualTo(Participation.of(new Cohort.All()));
    }

    /** As in the tutorial that Flower users know: half of the clients, at least three, all fifty there. */
    @Test
    void takesFlowersNumbers() {
        Participation tutorial = read("{fraction: 0.5, at-least: 3, min-available: 50}");
        assertThat(tutorial.cohort()).isEqualTo(new Cohort.FixedSize(25));
        assertThat(tutorial.minAvailable()).isEqualTo(50);
        assertThat(tutorial.minClients()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"0.05, 1, 2", "0.05, 3, 3", "0.5, 3, 25", "0.58, 3, 29", "0.29, 1, 14", "0.001, 1, 1", "1, 3, 50"})
    void asksAFractionRoundedDownButNotFewerThanTheLeast(double fraction, int least, int asked) {
        assertThat(read("{fraction: " + fraction + ", at-least: " + least + "}").cohort())
                .isEqualTo(new Cohort.FixedSize(asked));
    }

    @Test
    void separatesRounds() {
        assertThat(read("{min-separation: 10}").cohort()).isEqualTo(new Cohort.MinSeparation(10, 5));
        assertThat(read("{min-separation: 4, size: 12, order-seed: 7}").cohort())
                .isEqualTo(new Cohort.MinSeparation(4, 12, 7));
        assertThat(read("{min-separation: 5, fraction: 0.1}").cohort()).isEqualTo(new Cohort.MinSeparation(5, 5));
    }

    @Test
    void simulatesWhoDoesNotAnswer() {
        assertThat(read("{dropout: 0.4}").reliability()).isEqualTo(new Reliability(0.4, Optional.empty()));
        assertThat(read("{deadline: 30s, seconds-per-step: {median: 0.2, spread: 0.5, jitter: 0.1}}")
                        .reliability())
                .isEqualTo(new Reliability(0, Optional.of(new Deadline(30, new Pace(0.2, 0.5, 0.1)))));
    }

    @ParameterizedTest
    @CsvSource({"500ms, 0.5", "2m, 120", "1h, 3600", "1.5, 1.5", "3 s, 3"})
    void readsTimes(String written, double seconds) {
        assertThat(read("{deadline: " + written + ", seconds-per-step: {median: 1}}")
                        .reliability()
                        .deadline()
                        .orElseThrow()
                        .seconds())
                .isEqualTo(seconds);
    }

    @Test
    void refusesWhatDoesNotFitInOneLine() {
        refused("{size: 3, rate: 0.5}", "cohort: give one of size, fraction and rate");
        refused(
                "{rate: 0.5, min-separation: 2}",
                "cohort.min-separation: it goes with size or fraction: a rate asks clients at any time");
        refused(
                "{size: 12, min-separation: 5}",
                "cohort.min-separation: 12 clients a round, none of them again for 5 rounds, need 60 clients, but there "
                        + "are 50; it must be at most 4");
        refused(
                "{min-available: 60}",
                "cohort.min-available: 60 clients must be there before a run begins, but there are only 50");
        refused(
                "{size: 3, min-clients: 4}",
                "cohort: min-clients is 4, but a round asks only 3 clients; it must be at most that");
        refused(
                "{deadline: soon, seconds-per-step: {median: 1}}",
                "cohort.deadline: expected a time such as 30s, 500ms or 2m, found 'soon'");
        refused(
                "{deadline: 30s}",
                "cohort.deadline: simulated clients take no time; give cohort.seconds-per-step, such as {median: 0.1, "
                        + "spread: 0.5}");
        refused(
                "{seconds-per-step: {median: 1}}",
                "cohort.seconds-per-step: it matters only with a deadline; give both");
        refused("{dropout: 1}", "cohort.dropout: 1 is out of range; it must be between 0 and 0.99");
        refused("{at-least: 3}", "cohort.at-least: it goes with fraction");
    }

    @ParameterizedTest
    @CsvSource({
        "fraction_fit, cohort.fraction",
        "min_fit_clients, cohort.at-least",
        "min_available_clients, cohort.min-available",
        "fraction_evaluate, evaluation.fraction",
        "min_evaluate_clients, evaluation.min-clients"
    })
    void answersFlowersNamesWithOurs(String theirs, String ours) {
        refused("{" + theirs + ": 1}", "cohort." + theirs + ": unknown key; did you mean '" + ours + "'?");
    }
}
