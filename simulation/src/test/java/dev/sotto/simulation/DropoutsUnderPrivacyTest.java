package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.data.DataContext;
import dev.sotto.data.Examples;
import dev.sotto.data.generated.ClassificationSource;
import dev.sotto.data.partition.IidPartitioner;
import dev.sotto.federation.Cohort;
import dev.sotto.federation.Reliability;
import dev.sotto.federation.RoundRecord;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.RunResult.ClientLevelSpent;
import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.federation.strategy.FedAvg;
import dev.sotto.learning.LocalTraining;
import dev.sotto.learning.Presets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fifty clients that change nothing, so that a model moves by the noise alone; 40% of those asked vanish, each on its own, in
 * each round anew. Chi-square over all values of all rounds; false alarms 1e-6.
 */
@DisplayName("With 40% of the clients gone in each round")
class DropoutsUnderPrivacyTest {
    private static final int CLIENTS = 50;
    private static final int ROUNDS = 20;
    private static final double NOISE = 1.3;
    private static final double NORM = 0.5;
    private static final double DELTA = 1e-3;
    private static final Examples DATA = new ClassificationSource(500, 10, 999, 2, 4, 1)
            .load(DataContext.ofSystem())
            .train();

    private final AtomicInteger trained = new AtomicInteger();
    private final List<float[]> models = new ArrayList<>();

    private RunResult run(double dropout, Cohort cohort, ClientLevelPrivacy privacy) {
        return Simulation.builder(Presets.fitting("logistic", DATA))
                .clients(new IidPartitioner().split(DATA, CLIENTS, 1).of(DATA))
                .rounds(ROUNDS)
                .cohort(cohort)
                .minClients(0)
                .reliability(new Reliability(dropout, Optional.empty()))
                .strategy(new FedAvg(false, 1))
                .clientLevel(privacy)
                .trainer((client, parameters, training) -> {
                    trained.incrementAndGet();
                    return new LocalTraining.Outcome(1, 0);
                })
                .seed(4)
                .build()
                .run(new RunListener() {
                    @Override
                    public void roundFinished(RoundRecord record, float[] parameters) {
                        models.add(parameters.clone());
                    }
                })
                .result();
    }

    /** Standard deviation of what rounds 2 and on moved the model by, as a sum over the expected clients. */
    private double noiseOnTheSum(double expected) {
        double squares = 0;
        long values = 0;
        for (int round = 1; round < models.size(); round++) {
            for (int i = 0; i < models.get(0).length; i++) {
                squares += Math.pow(models.get(round)[i] - models.get(round - 1)[i], 2);
                values++;
            }
        }
        return Math.sqrt(squares / values) * expected;
    }

    private boolean plausible(double shown, double stddev) {
        long values = (models.size() - 1L) * models.get(0).length;
        return Math.abs(shown * shown / (stddev * stddev) - 1) * Math.sqrt(values / 2.0) < 5;
    }

    static List<Cohort> cohorts() {
        return List.of(new Cohort.All(), new Cohort.FixedSize(20), new Cohort.Poisson(0.4));
    }

    @ParameterizedTest
    @MethodSource("cohorts")
    void theNoiseOnTheSumIsAsDeclaredAndTheGuaranteeWhatItWas(Cohort cohort) {
        ClientLevelPrivacy asked = ClientLevelPrivacy.withNoise(NOISE, DELTA, NORM);
        ClientLevelSpent whole = run(0, cohort, asked).clientLevel().orElseThrow();
        int all = trained.getAndSet(0);
        models.clear();
        RunResult result = run(0.4, cohort, asked);
        ClientLevelSpent spent = result.clientLevel().orElseThrow();

        assertThat(result.rounds()).isEqualTo(ROUNDS);
        assertThat((double) trained.get() / all).as("who is left").isBetween(0.5, 0.7);
        double shown = noiseOnTheSum(spent.plan().sampling().expectedClients());
        double declared = NOISE * spent.plan().sensitivity(NORM);
        assertThat(plausible(shown, declared)).as(shown + " for " + declared).isTrue();
        assertThat(plausible(shown, declared * 0.6)).as("scaled with replies").isFalse();
        assertThat(plausible(shown / 0.6, declared)).as("divided by replies").isFalse();
        assertThat(spent.epsilon()).isEqualTo(whole.epsilon());
        assertThat(spent.spent()).isEqualTo(whole.spent());
    }
}
