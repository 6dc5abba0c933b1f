package dev.sotto.simulation.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.Examples;
import dev.sotto.data.generated.ClassificationSource;
import dev.sotto.data.partition.IidPartitioner;
import dev.sotto.federation.ClientTrainer;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.Metric;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.StandardTrainer;
import dev.sotto.learning.Presets;
import dev.sotto.simulation.Simulation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What people bring")
class SamplesTest {
    private static final DataSet TOY = new ClassificationSource(600, 300, 6, 3, 4, 1).load(DataContext.ofSystem());
    private static final List<Examples> CLIENTS =
            new IidPartitioner().split(TOY.train(), 3, 1).of(TOY.train());

    private static RunResult run(ClientTrainer trainer) {
        return Simulation.builder(Presets.fitting("logistic", TOY.train()))
                .clients(CLIENTS)
                .test(TOY.test().orElseThrow())
                .metric(new MacroF1(3))
                .rounds(4)
                .privacy(ExamplePrivacy.withNoise(0.6, 1))
                .trainer(trainer)
                .seed(1)
                .run()
                .result();
    }

    @Test
    void theQuickStartLearnsWithinItsBudgetInTwentyFiveLines() throws IOException {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            QuickStartSample.main(new String[0]);
        } finally {
            System.setOut(console);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .matches("accuracy 9\\d\\.\\d% at epsilon (2\\.99|3\\.00)\\s+");
        Path source = Path.of(
                System.getProperty("sotto.root", ".."),
                "simulation/src/test/java/dev/sotto/simulation/samples/QuickStartSample.java");
        assertThat(Files.readAllLines(source).stream()
                        .filter(line -> !line.startsWith("import") && !line.isBlank())
                        .count())
                .isLessThanOrEqualTo(25);
    }

    @Test
    void aTrainerOfOnesOwnIsHeldToTheSameReservations() {
        RunResult plain = run(new StandardTrainer());
        RunResult loose = run(new FedProxTrainer(0));
        RunResult tight = run(new FedProxTrainer(5));
        assertThat(loose.parameters())
                .as("without the term it is plain DP-SGD")
                .containsExactly(plain.parameters(), within(1e-5f));
        assertThat(norm(tight)).as("pulled back").isLessThan(0.7 * norm(loose));
        assertThat(tight.epsilon()).isEqualTo(plain.epsilon());
        assertThat(loose.evaluation().orElseThrow().accuracy()).isGreaterThan(0.6);
    }

    /** How far the first round's clients went. */
    private static double norm(RunResult result) {
        return result.history().get(0).reports().stream()
                .mapToDouble(report -> report.updateNorm().orElseThrow())
                .max()
                .orElseThrow();
    }

    @Test
    void aMetricOfOnesOwnIsMeasuredEachRound() {
        RunResult result = run(new StandardTrainer());
        assertThat(result.history())
                .allSatisfy(round -> assertThat(round.metrics().get("macro-f1")).isBetween(0.2, 1.0));
        // With balanced classes, macro F1 and accuracy are near each other.
        assertThat(result.history().get(3).metrics().get("macro-f1"))
                .isCloseTo(result.evaluation().orElseThrow().accuracy(), within(0.1));
    }

    @Test
    void macroF1IsTheMeanOfTheClassesF1() {
        Metric.Tally tally = new MacroF1(3).tally();
        float[][] scores = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
        Examples examples = TOY.train();
        long[] actual = new long[3];
        for (int i = 0; i < 90; i++) {
            tally.add(scores[0], 0, 3, examples, i);
            actual[examples.label(i)]++;
        }
        assertThat(tally.value()).isCloseTo(2.0 * actual[0] / (90 + actual[0]) / 3, within(1e-12));
    }

    @Test
    void aSourceOfOnesOwnFormatFeedsClients(@TempDir Path folder) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            lines.append(i % 2 == 0 ? "0 1:1.5 3:-1\n" : "1 2:0.5 3:1\n");
        }
        Files.writeString(folder.resolve("train.svm"), lines);
        DataContext context = DataContext.ofSystem().withRoot(folder);
        DataSet data = new SvmLightSource(Path.of("train.svm"), 3, 2).load(context);
        float[] row = new float[3];
        data.train().features(1, row, 0);
        assertThat(row).containsExactly(0, 0.5f, 1);

        RunResult result = Simulation.builder(Presets.fitting("logistic", data.train()))
                .clients(new IidPartitioner().split(data.train(), 2, 1).of(data.train()))
                .test(data.train())
                .seed(1)
                .run()
                .result();
        assertThat(result.evaluation().orElseThrow().accuracy()).isEqualTo(1);
    }

    @Test
    void aSourceOfOnesOwnSaysWhereALineIsWrong(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("bad.svm"), "0 1:1\n1 7:2\n");
        DataContext context = DataContext.ofSystem().withRoot(folder);
        assertThatThrownBy(() -> new SvmLightSource(Path.of("bad.svm"), 3, 2).load(context))
                .isInstanceOf(DataException.class)
                .hasMessage("bad.svm:2: index 7 is not between 1 and 3");
    }
}
