package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Schedule;
import dev.sotto.privacy.accounting.Accountant;
import dev.sotto.privacy.event.DpEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Example-level privacy worked out for a client")
class ExamplePrivacyTest {
    private static final TrainingSettings TRAINING = TrainingSettings.of(OptimizerSpec.sgd(0.1), 256);

    private static double epsilon(ClientPrivacy privacy, DpEvent event) {
        Accountant accountant = privacy.accountant().accountant();
        return accountant.epsilon(event, privacy.delta()).orInfinity();
    }

    /** Epsilons of the CIFAR-10 set-up of two clients, from the accountant of Google's dp_accounting 0.6.0. */
    static Stream<String> goldens() throws IOException {
        String shared = Optional.ofNullable(System.getenv("SOTTO_SHARED"))
                .orElse(Path.of(System.getProperty("sotto.root", ".."), "..", "shared")
                        .toString());
        Path file = Path.of(shared, "goldens", "budget-across-rounds.csv");
        List<String> rows = Files.exists(file)
                ? Files.readAllLines(file)
                : List.of(
                        "rdp,0,24140,0.010604805,94,1.0,1e-05,1,1.2401",
                        "rdp,0,24140,0.010604805,94,1.0,1e-05,2,1.3729",
                        "rdp,0,24140,0.010604805,94,1.0,1e-05,3,1.4895",
                        "rdp,0,24140,0.010604805,94,1.0,1e-05,10,2.1698",
                        "rdp,1,25860,0.009899459,101,1.0,1e-05,30,3.4897");
        return rows.stream().filter(row -> row.startsWith("rdp,"));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void spendsWhatTheGoldensSayAfterEachRound(String row) {
        String[] golden = row.split(",", -1);
        int examples = Integer.parseInt(golden[2]);
        int rounds = Integer.parseInt(golden[7]);
        ClientPrivacy privacy =
                ExamplePrivacy.withNoise(Double.parseDouble(golden[5]), 1.2).forClient(examples, TRAINING, rounds);
        assertThat(privacy.plan().rate().value()).isCloseTo(Double.parseDouble(golden[3]), within(1e-9));
        assertThat(privacy.stepsPerRound()).hasValue(Integer.parseInt(golden[4]));
        assertThat(privacy.delta()).isEqualTo(new Delta(Double.parseDouble(golden[6])));
        double expected = Double.parseDouble(golden[8]);
        assertThat(epsilon(privacy, privacy.plannedEvent())).isCloseTo(expected, within(1e-3 * expected));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1e-1",
        "9, 1e-1",
        "10, 1e-2",
        "99, 1e-2",
        "100, 1e-3",
        "999, 1e-3",
        "1000, 1e-4",
        "24140, 1e-5",
        "99999, 1e-5",
        "100000, 1e-6",
        "1000000, 1e-7",
        "100000000, 1e-9"
    })
    void theDefaultDeltaIsTheLargestPowerOfTenBelowOneOverN(int examples, double delta) {
        assertThat(Delta.below(examples)).isEqualTo(new Delta(delta));
    }

    @ParameterizedTest
    @CsvSource({"1, 3", "3, 10", "10, 1", "100, 7"})
    void calibratedNoiseSpendsTheTargetOverAllPlannedRounds(double target, int rounds) {
        ClientPrivacy privacy = ExamplePrivacy.calibrated(target, 1e-5, 1).forClient(5000, TRAINING, rounds);
        assertThat(epsilon(privacy, privacy.plannedEvent())).isBetween(0.999 * target, target);
        assertThat(privacy.stepsPerRound()).hasValue(20);
    }

    @Test
    void theRoundsOfARunAreTheEventsOfItsSteps() {
        ClientPrivacy privacy = ExamplePrivacy.withNoise(1, 1).forClient(5000, TRAINING, 3);
        double together = epsilon(privacy, privacy.plannedEvent());
        assertThat(epsilon(privacy, privacy.plan().events(0, 60))).isEqualTo(together);
        assertThat(epsilon(privacy, privacy.roundEvent(0, 1))).isLessThan(together);
    }

    @Test
    void aBatchLargerThanTheDataIsRefused() {
        assertThatThrownBy(() -> ExamplePrivacy.withNoise(1, 1).forClient(200, TRAINING, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("batch size is 256; it must be at most the number of examples, 200");
    }

    @Test
    void noiseOrATargetMustBeGiven() {
        assertThatThrownBy(() -> ExamplePrivacy.calibrated(0, 1e-5, 1).forClient(5000, TRAINING, 1))
                .hasMessageContaining("target epsilon is 0");
        assertThatThrownBy(() -> ExamplePrivacy.calibrated(1, 1, 1)).hasMessageContaining("delta is 1.0");
        assertThatThrownBy(() -> ExamplePrivacy.withNoise(0, 1)).hasMessageContaining("noise multiplier is 0.0");
    }

    /** Halved at each of 250 steps, the noise is gone long before the end, and no first noise makes up for it. */
    @Test
    void refusesASchedulePastWhichNothingIsLeftBeforeItCalibrates() {
        ExamplePrivacy asked = ExamplePrivacy.calibrated(3, 1e-5, 1);
        TrainingSettings training = TrainingSettings.of(OptimizerSpec.sgd(0.1), 10);
        assertThatThrownBy(() -> with(asked, Schedule.exponential(0.5), Schedule.constant())
                        .forClient(100, training, 25))
                .hasMessageStartingWith(
                        "privacy.example-level.noise-schedule: by the last of 250 steps it multiplies the"
                                + " noise by ")
                .hasMessageContaining("take a gamma or last nearer to 1");
        assertThatThrownBy(() -> with(asked, Schedule.constant(), Schedule.exponential(1e6))
                        .forClient(100, training, 25))
                .hasMessageStartingWith("privacy.example-level.clipping-schedule: by the last of 250 steps the clipping"
                        + " norm is Infinity, which is out of range");
        assertThatThrownBy(() -> ExamplePrivacy.calibrated(3, 1e-5, 1e-36))
                .hasMessageStartingWith("privacy.example-level.max-grad-norm: 1.0E-36 is out of range");
        assertThat(with(asked, Schedule.exponential(0.5), Schedule.constant())
                        .forClient(100, training, 1)
                        .plannedSteps())
                .isEqualTo(10);
    }

    private static ExamplePrivacy with(ExamplePrivacy asked, Schedule noise, Schedule clipping) {
        return new ExamplePrivacy(
                asked.epsilon(),
                asked.delta(),
                asked.noiseMultiplier(),
                asked.clipping(),
                asked.clipPer(),
                asked.relation(),
                asked.samplingRate(),
                noise,
                clipping,
                asked.accountant(),
                asked.hardLimit());
    }
}
