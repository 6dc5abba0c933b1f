package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.data.DataContext;
import dev.sotto.data.Examples;
import dev.sotto.data.generated.DigitsSource;
import dev.sotto.data.partition.IidPartitioner;
import dev.sotto.federation.ClientContext;
import dev.sotto.federation.ClientTrainer;
import dev.sotto.federation.RoundRecord;
import dev.sotto.federation.StandardTrainer;
import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.federation.clientlevel.UpdateClipping;
import dev.sotto.federation.strategy.FedAvg;
import dev.sotto.learning.LocalTraining;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.Presets;
import dev.sotto.learning.TrainingSettings;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forty clients train on digits without noise; the norms are those of their own updates, round by round. */
@DisplayName("The adaptive norm, where clients really train")
class AdaptiveNormTest {
    private static final int ROUNDS = 40;
    private static final double TOLERANCE = 0.2;
    private static final Examples DATA =
            DigitsSource.of(800, 10, 1).load(DataContext.ofSystem()).train();

    /** What each round's updates measured before they were clipped. */
    private final Map<Integer, ConcurrentLinkedQueue<Double>> lengths = new ConcurrentHashMap<>();

    private LocalTraining.Outcome measured(
            ClientTrainer trainer, ClientContext client, float[] parameters, LocalTraining training) {
        float[] before = parameters.clone();
        LocalTraining.Outcome outcome = trainer.train(client, parameters, training);
        double squares = 0;
        for (int i = 0; i < before.length; i++) {
            squares += Math.pow(parameters[i] - before[i], 2);
        }
        lengths.computeIfAbsent(client.round(), none -> new ConcurrentLinkedQueue<>())
                .add(Math.sqrt(squares));
        return outcome;
    }

    private RoundRecord last(double initial) {
        ClientTrainer standard = new StandardTrainer();
        return Simulation.builder(Presets.fitting("logistic", DATA))
                .clients(new IidPartitioner().split(DATA, 40, 1).of(DATA))
                .rounds(ROUNDS)
                .training(TrainingSettings.of(OptimizerSpec.sgd(0.1), 10))
                .strategy(new FedAvg(false, 1))
                .clientLevel(ClientLevelPrivacy.withNoise(0, 1e-5, 1).with(UpdateClipping.Adaptive.from(initial)))
                .trainer((client, parameters, training) -> measured(standard, client, parameters, training))
                .seed(2)
                .run()
                .result()
                .history()
                .get(ROUNDS - 1);
    }

    private double median(int round) {
        double[] sorted = lengths.get(round).stream()
                .mapToDouble(length -> length)
                .sorted()
                .toArray();
        assertThat(sorted).hasSize(40);
        return (sorted[19] + sorted[20]) / 2;
    }

    /** Where a rule would have brought the norm on the updates that were measured. */
    private double replayed(double initial, double sign) {
        double norm = initial;
        for (int round = 1; round < ROUNDS; round++) {
            double now = norm;
            double within =
                    lengths.get(round).stream().filter(length -> length <= now).count();
            norm *= Math.exp(sign * 0.2 * (within / 40 - 0.5));
        }
        return norm;
    }

    private static boolean settled(double norm, double median) {
        return Math.abs(norm / median - 1) <= TOLERANCE;
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 10})
    void settlesWithinTwentyPerCentOfTheMedianInFortyRounds(double initial) {
        double norm = last(initial).clientLevel().orElseThrow().clippingNorm();
        double median = median(ROUNDS);
        assertThat(settled(norm, median))
                .as(norm + " beside a median of " + median)
                .isTrue();
        assertThat(settled(initial, median)).as("where it began").isFalse();
        assertThat(settled(replayed(initial, -1), median)).as("the rule").isTrue();
        assertThat(settled(replayed(initial, 1), median))
                .as("its sign inverted")
                .isFalse();
    }
}
