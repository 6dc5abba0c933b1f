package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataSet;
import dev.sotto.data.Examples;
import dev.sotto.data.generated.ClassificationSource;
import dev.sotto.experiment.ClientData;
import dev.sotto.federation.Client;
import dev.sotto.federation.Cohort;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.RunResult.Ending;
import dev.sotto.federation.StandardTrainer;
import dev.sotto.learning.DivergedException;
import dev.sotto.learning.Engine;
import dev.sotto.learning.LayerSpec;
import dev.sotto.learning.LocalTraining;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.Network;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.Presets;
import dev.sotto.learning.TrainingSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A simulation")
class SimulationTest {
    private static final DataSet TOY = new ClassificationSource(1000, 200, 8, 3, 4, 1).load(DataContext.ofSystem());
    private static final ModelSpec MLP = Presets.fitting("mlp-784-64-32-10", TOY.train());
    private static final ModelSpec LOGISTIC = Presets.fitting("logistic", TOY.train());

    /** Seven clients of different sizes. */
    private static SimulationBuilder seven(ModelSpec model) {
        int[] ends = {40, 100, 200, 330, 500, 720, 1000};
        SimulationBuilder builder = Simulation.builder(model).test(TOY.test().orElseThrow());
        for (int k = 0; k < ends.length; k++) {
            builder.client("client-" + k, TOY.train().select(range(k == 0 ? 0 : ends[k - 1], ends[k])));
        }
        return builder.rounds(2).training(TrainingSettings.of(OptimizerSpec.adam(0.02), 20));
    }

    private static int[] range(int from, int to) {
        return IntStream.range(from, to).toArray();
    }

    private static Simulation.Outcome run(Simulation simulation) {
        return simulation.run(new RunListener() {});
    }

    private static float[] model(Simulation simulation) {
        return run(simulation).result().parameters();
    }

    private static Simulation reordered(Simulation simulation, List<ClientData> clients) {
        return new Simulation(
                simulation.plan(),
                simulation.strategy(),
                simulation.engine(),
                clients,
                simulation.test(),
                simulation.metrics(),
                simulation.trainer(),
                simulation.randomness(),
                simulation.workers());
    }

    @ParameterizedTest(name = "private: {0}")
    @ValueSource(booleans = {false, true})
    void givesTheSameBitsForASeedWhateverTheWorkersAndTheOrderOfTheClients(boolean secret) {
        SimulationBuilder builder = seven(MLP).seed(5);
        if (secret) {
            builder.privacy(ExamplePrivacy.withNoise(1, 1));
        }
        Simulation simulation = builder.build();
        float[] expected = model(simulation.withWorkers(1));
        assertThat(model(simulation.withWorkers(1))).isEqualTo(expected);
        assertThat(model(simulation.withWorkers(2))).isEqualTo(expected);
        assertThat(model(simulation.withWorkers(5))).isEqualTo(expected);
        List<ClientData> shuffled = new ArrayList<>(simulation.clients());
        Collections.shuffle(shuffled, new Random(1));
        assertThat(shuffled).isNotEqualTo(simulation.clients());
        assertThat(model(reordered(simulation, shuffled).withWorkers(2))).isEqualTo(expected);
        assertThat(model(builder.seed(6).build())).isNotEqualTo(expected);
    }

    @Test
    void givesTheSameBitsWithACohortDrawnEachRound() {
        Simulation simulation =
                seven(LOGISTIC).cohort(new Cohort.FixedSize(3)).seed(5).build();
        assertThat(model(simulation.withWorkers(2))).isEqualTo(model(simulation.withWorkers(1)));
    }

    @Test
    void givesTheSameHistoryForASeed() {
        Simulation simulation = seven(LOGISTIC)
                .privacy(ExamplePrivacy.calibrated(3, 1e-3, 1))
                .seed(5)
                .build();
        RunResult one = run(simulation.withWorkers(1)).result();
        RunResult other = run(simulation.withWorkers(2)).result();
        for (int round = 0; round < 2; round++) {
            assertThat(other.history().get(round).reports())
                    .isEqualTo(one.history().get(round).reports());
            assertThat(other.history().get(round).central())
                    .isEqualTo(one.history().get(round).central());
        }
    }

    @Test
    void withSecretRandomnessNeverRepeatsItself() {
        Simulation simulation = seven(LOGISTIC).build();
        assertThat(model(simulation)).isNotEqualTo(model(simulation));
    }

    /** Compiles with the real engine and counts. */
    private record CountingEngine(Engine engine, AtomicInteger compiled) implements Engine {
        @Override
        public String name() {
            return engine.name();
        }

        @Override
        public String description() {
            return engine.description();
        }

        @Override
        public Network compile(ModelSpec spec) {
            compiled.incrementAndGet();
            return engine.compile(spec);
        }
    }

    @Test
    void compilesOneNetworkAWorkerHoweverManyTheClientsAndRounds() {
        DataSet many = new ClassificationSource(5000, 600, 4, 2, 4, 1).load(DataContext.ofSystem());
        AtomicInteger compiled = new AtomicInteger();
        Simulation simulation = Simulation.builder(Presets.fitting("logistic", many.train()))
                .clients(tens(many.train(), 500))
                .test(many.test().orElseThrow())
                .rounds(3)
                .training(TrainingSettings.of(OptimizerSpec.sgd(0.1), 5))
                .seed(1)
                .build();
        Simulation counted = new Simulation(
                simulation.plan(),
                simulation.strategy(),
                new CountingEngine(simulation.engine(), compiled),
                simulation.clients(),
                simulation.test(),
                simulation.metrics(),
                simulation.trainer(),
                simulation.randomness(),
                2);
        Simulation.Outcome outcome = run(counted);
        assertThat(outcome.clients()).hasSize(500);
        assertThat(outcome.result().rounds()).isEqualTo(3);
        assertThat(outcome.result().evaluation().orElseThrow().accuracy()).isGreaterThan(0.9);
        // Two that train and two that evaluate on the test data.
        assertThat(compiled.get()).isBetween(2, 4);
    }

    private static List<Examples> tens(Examples all, int clients) {
        return IntStream.range(0, clients)
                .mapToObj(k -> all.select(range(10 * k, 10 * k + 10)))
                .toList();
    }

    @Test
    void saysWhatEachClientSpent() {
        Simulation.Outcome outcome = seven(LOGISTIC)
                .privacy(ExamplePrivacy.calibrated(2, 1e-3, 1))
                .seed(1)
                .run();
        assertThat(outcome.clients())
                .extracting(client -> client.profile().id())
                .containsExactly("client-0", "client-1", "client-2", "client-3", "client-4", "client-5", "client-6");
        for (Client client : outcome.clients()) {
            assertThat(client.epsilon().orElseThrow()).isGreaterThan(1.98).isLessThanOrEqualTo(2);
        }
        assertThat(outcome.result().epsilon().orElseThrow()).isGreaterThan(1.98).isLessThanOrEqualTo(2);
    }

    @Test
    void namesTheClientAndTheRoundThatDiverged() {
        RunResult result = seven(LOGISTIC)
                .trainer((client, parameters, training) -> {
                    if (client.id().equals("client-3") && client.round() == 2) {
                        throw new DivergedException("the loss is NaN");
                    }
                    return new StandardTrainer().train(client, parameters, training);
                })
                .seed(1)
                .run()
                .result();
        assertThat(result.ending()).isEqualTo(Ending.DIVERGED);
        assertThat(result.reason()).hasValue("client client-3, round 2: the loss is NaN");
        assertThat(result.rounds()).isEqualTo(1);
        for (float value : result.parameters()) {
            assertThat(value).isFinite();
        }
    }

    @Test
    void divergesForALearningRateThatIsFarTooLarge() {
        RunResult result = seven(MLP)
                .training(new TrainingSettings(OptimizerSpec.sgd(1e30), 5, 0, 20, 20, 1))
                .seed(1)
                .run()
                .result();
        assertThat(result.ending()).isEqualTo(Ending.DIVERGED);
        assertThat(result.reason().orElseThrow()).contains("lower the learning rate");
        assertThat(result.history()).isEmpty();
    }

    @Test
    void isStoppedByTrainingCodeThatBreaksItsReservation() {
        AtomicInteger training = new AtomicInteger();
        SimulationBuilder broken = seven(LOGISTIC)
                .privacy(ExamplePrivacy.withNoise(1, 1))
                .workers(2)
                .trainer((client, parameters, local) -> {
                    training.incrementAndGet();
                    try {
                        return client.id().equals("client-6")
                                ? new LocalTraining.Outcome(0, 0)
                                : new StandardTrainer().train(client, parameters, local);
                    } finally {
                        training.decrementAndGet();
                    }
                });
        assertThatThrownBy(broken::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "client client-6: its training code released 0 times and took 0 steps, but 14 are reserved");
        assertThat(training).as("nobody trains on after the run is over").hasValue(0);
    }

    @Test
    void refusesPartsThatDoNotFit() {
        Examples other = new ClassificationSource(50, 0, 5, 3, 4, 1)
                .load(DataContext.ofSystem())
                .train();
        assertThatThrownBy(() -> seven(LOGISTIC).client("odd", other).build())
                .hasMessage(
                        "client odd: examples of shape 5 with 3 classes do not fit model logistic, which turns 8 into"
                                + " 3 outputs");
        assertThatThrownBy(() -> seven(LOGISTIC).test(other).build()).hasMessageStartingWith("test data: ");
        ModelSpec words = new ModelSpec(
                "words",
                LOGISTIC.input(),
                List.of(new LayerSpec.Embedding(9, 2), new LayerSpec.Flatten(), new LayerSpec.Linear(3)),
                LOGISTIC.loss());
        assertThatThrownBy(() ->
                        Simulation.builder(words).client("reader", TOY.train()).build())
                .hasMessageMatching("client reader: example 0: feature 0 is .*, but the model's embedding takes whole"
                        + " numbers from 0 to 8 \\(model words\\)");
        assertThatThrownBy(() -> Simulation.builder(LOGISTIC).build())
                .hasMessage("min-clients is 1, but there are 0 clients; it must be at most that");
        assertThatThrownBy(() -> seven(LOGISTIC).client("client-3", TOY.train()).run())
                .hasMessage("two clients are called client-3");
        assertThatThrownBy(() -> seven(LOGISTIC).workers(0).build()).hasMessage("workers is 0; it must be at least 1");
        assertThatThrownBy(() -> seven(LOGISTIC)
                        .client("small", TOY.train().select(range(0, 5)))
                        .privacy(ExamplePrivacy.withNoise(1, 1))
                        .run())
                .hasMessage("batch size is 20; it must be at most the number of examples, 5");
    }
}
