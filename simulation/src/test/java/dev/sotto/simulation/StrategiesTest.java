package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataSet;
import dev.sotto.data.generated.ClassificationSource;
import dev.sotto.experiment.ClientData;
import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.attack.SignFlip;
import dev.sotto.federation.Cohort;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.Strategy;
import dev.sotto.federation.strategy.Bulyan;
import dev.sotto.federation.strategy.FedAdagrad;
import dev.sotto.federation.strategy.FedAdam;
import dev.sotto.federation.strategy.FedAvg;
import dev.sotto.federation.strategy.FedAvgM;
import dev.sotto.federation.strategy.FedMedian;
import dev.sotto.federation.strategy.FedNova;
import dev.sotto.federation.strategy.FedProx;
import dev.sotto.federation.strategy.FedTrimmedAvg;
import dev.sotto.federation.strategy.FedYogi;
import dev.sotto.federation.strategy.Krum;
import dev.sotto.federation.strategy.MultiKrum;
import dev.sotto.federation.strategy.QFedAvg;
import dev.sotto.federation.strategy.Scaffold;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.Presets;
import dev.sotto.learning.TrainingSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A simulation under any strategy")
class StrategiesTest {
    private static final DataSet TOY = new ClassificationSource(700, 200, 8, 3, 4, 1).load(DataContext.ofSystem());

    static Stream<Strategy> all() {
        return Stream.of(
                new FedAvg(true, 1),
                new FedAvgM(true, 1, 0.5),
                new FedAdagrad(true, 0.1, 0, 1e-3),
                new FedAdam(true, 0.1, 0.9, 0.99, 1e-3),
                new FedYogi(true, 0.1, 0.9, 0.99, 1e-3),
                new FedProx(true, 1, 0.1),
                new Scaffold(true, 1),
                new FedNova(true, 1, 0.1),
                new QFedAvg(0.2, 10),
                new FedMedian(1),
                new FedTrimmedAvg(0.2, 1),
                new Krum(1, 1),
                new MultiKrum(1, OptionalInt.empty(), 1),
                new Bulyan(1, 1));
    }

    /** Ten clients of 20 to 110 examples; seven to a round. */
    private static SimulationBuilder ten(Strategy strategy, boolean malicious) {
        SimulationBuilder builder = Simulation.builder(Presets.fitting("logistic", TOY.train()))
                .test(TOY.test().orElseThrow());
        int from = 0;
        for (int k = 0; k < 10; k++) {
            int[] own = IntStream.range(from, from + 20 + 10 * k).toArray();
            from += own.length;
            if (k == 4 && malicious) {
                builder.attacker("client-" + k, TOY.train().select(own), new SignFlip(1));
            } else {
                builder.client("client-" + k, TOY.train().select(own));
            }
        }
        return builder.strategy(strategy)
                .cohort(new Cohort.FixedSize(7))
                .training(TrainingSettings.of(OptimizerSpec.sgd(0.1), 10))
                .rounds(4)
                .seed(5);
    }

    private static float[] model(Simulation simulation) {
        return simulation.run(new RunListener() {}).result().parameters();
    }

    @ParameterizedTest
    @MethodSource("all")
    void hasTheSameBitsWhateverTheWorkersAndTheOrderOfTheClients(Strategy strategy) {
        Simulation simulation = ten(strategy, true).cohort(new Cohort.All()).build();
        float[] expected = model(simulation.withWorkers(1));
        assertThat(model(simulation.withWorkers(2))).isEqualTo(expected);
        assertThat(model(simulation.withWorkers(3))).isEqualTo(expected);
        List<ClientData> shuffled = new ArrayList<>(simulation.clients());
        Collections.shuffle(shuffled, new Random(1));
        Simulation reordered = new Simulation(
                simulation.plan(),
                simulation.strategy(),
                simulation.engine(),
                shuffled,
                simulation.test(),
                simulation.metrics(),
                simulation.trainer(),
                simulation.randomness(),
                2);
        assertThat(model(reordered)).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("all")
    void learns(Strategy strategy) {
        double accuracy = ten(strategy, false)
                .rounds(25)
                .run()
                .result()
                .evaluation()
                .orElseThrow()
                .accuracy();
        assertThat(accuracy).isGreaterThan(0.85);
    }

    @Test
    void learnsUnderExamplePrivacyWithCorrectionsAfterTheNoise() {
        Strategy[] strategies = {
            new Scaffold(false, 1), new FedProx(false, 1, 0.1), new FedAdam(false, 0.1, 0.9, 0.99, 1e-3)
        };
        for (Strategy strategy : strategies) {
            Simulation simulation = ten(strategy, false)
                    .cohort(new Cohort.All())
                    .privacy(ExamplePrivacy.withNoise(0.5, 1))
                    .rounds(15)
                    .build();
            Simulation.Outcome outcome = simulation.run(new RunListener() {});
            assertThat(outcome.result().evaluation().orElseThrow().accuracy()).isGreaterThan(0.8);
            assertThat(outcome.result().epsilon()).isPresent();
        }
    }

    @Test
    void isComparedWithClientsThatTrainAloneThoughItCannotJudgeOneUpdate() {
        ExperimentFile file = ExperimentFile.parse(
                "krum",
                Path.of(""),
                "{data: {source: generated, train: 100, test: 20, clients: 5}, client: {batch-size: 5}, rounds: 2, "
                        + "server: {strategy: krum}}");
        List<Comparison.Row> rows =
                Comparison.run(Experiment.load(file, file.context()), Comparison.RATES, progress -> {});
        assertThat(rows).hasSize(6).allMatch(row -> row.evaluation().examples() == 20);
    }
}
