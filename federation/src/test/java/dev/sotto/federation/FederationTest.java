package dev.sotto.federation;

import static dev.sotto.federation.ToyFederation.DELTA;
import static dev.sotto.federation.ToyFederation.clients;
import static dev.sotto.federation.ToyFederation.plan;
import static dev.sotto.federation.ToyFederation.run;
import static dev.sotto.federation.ToyFederation.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.RunResult.Ending;
import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.federation.clientlevel.UpdateClipping;
import dev.sotto.federation.strategy.FedAdam;
import dev.sotto.federation.strategy.FedAvg;
import dev.sotto.federation.strategy.Krum;
import dev.sotto.learning.DivergedException;
import dev.sotto.learning.LocalTraining;
import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.random.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A federation")
class FederationTest {
    @Test
    void learns() {
        RunResult result = run(plan(5, Optional.empty()), clients(2, plan(5, Optional.empty()), new StandardTrainer()));
        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(result.rounds()).isEqualTo(5);
        assertThat(result.history().get(4).central().orElseThrow().accuracy()).isGreaterThan(0.9);
    }

    @Test
    void asksForHeldOutEvaluationOnlyWithoutPrivacy() {
        Plan open = plan(2, Optional.empty());
        RoundRecord measured =
                run(open, clients(2, open, new StandardTrainer())).history().get(1);
        assertThat(measured.heldOut().orElseThrow().clients()).isEqualTo(2);
        assertThat(measured.reports()).allMatch(report -> report.metrics().containsKey("trainingLoss"));

        Plan closed = plan(2, Optional.of(ExamplePrivacy.withNoise(1, 1)));
        for (RoundRecord record :
                run(closed, clients(2, closed, new StandardTrainer())).history()) {
            assertThat(record.heldOut()).isEmpty();
            assertThat(record.central()).isPresent();
            assertThat(record.reports()).allMatch(report -> report.metrics().isEmpty());
        }
    }

    @Test
    void keepsTheLastFiniteModelWhenTrainingDiverges() {
        Plan plan = plan(5, Optional.empty());
        List<float[]> models = new ArrayList<>();
        RunResult result = run(
                plan,
                clients(2, plan, (client, parameters, training) -> {
                    if (client.round() == 3) {
                        throw new DivergedException("the loss is NaN");
                    }
                    return new StandardTrainer().train(client, parameters, training);
                }),
                new RunListener() {
                    @Override
                    public void roundFinished(RoundRecord record, float[] parameters) {
                        models.add(parameters.clone());
                    }
                });
        assertThat(result.ending()).isEqualTo(Ending.DIVERGED);
        assertThat(result.reason()).hasValue("the loss is NaN");
        assertThat(result.rounds()).isEqualTo(2);
        assertThat(result.parameters()).isEqualTo(models.get(1));
    }

    @Test
    void keepsTheLastFiniteModelWhenTheServersStepOverflows() {
        Plan plan = plan(3, Optional.empty());
        try (OneByOneFleet fleet = new OneByOneFleet(clients(1, plan, new StandardTrainer()))) {
            RunResult result = new Federation(
                            plan,
                            new FedAvg(true, Float.MAX_VALUE * 1e3),
                            fleet,
                            Optional.empty(),
                            Randomness.seeded(1),
                            new RunListener() {})
                    .run(Toys.zeros());
            assertThat(result.ending()).isEqualTo(Ending.DIVERGED);
            assertThat(result.parameters()).isEqualTo(Toys.zeros());
            assertThat(result.history()).isEmpty();
        }
    }

    @Test
    void leavesOutAnUpdateThatIsNotFiniteAndNamesIt() {
        Plan plan = plan(2, Optional.empty());
        RunResult result = run(plan, clients(2, plan, (client, parameters, training) -> {
            LocalTraining.Outcome outcome = new StandardTrainer().train(client, parameters, training);
            if (client.id().equals("client-300")) {
                parameters[4] = Float.NaN;
            }
            return outcome;
        }));
        assertThat(result.rounds()).isEqualTo(2);
        ClientReport.Refusal refusal =
                result.history().get(0).reports().get(1).refusal().orElseThrow();
        assertThat(refusal.reason()).isEqualTo(Reason.TOO_LARGE);
        assertThat(refusal.message()).contains("client-300").contains("value 4 is NaN");
    }

    /** One client among others may be an attacker; where it is all of them, training diverged. */
    @Test
    void hasDivergedWhereEveryUpdateIsLargerThanSumsHold() {
        Plan plan = plan(2, Optional.empty());
        RunResult result = run(plan, clients(2, plan, (client, parameters, training) -> {
            LocalTraining.Outcome outcome = new StandardTrainer().train(client, parameters, training);
            parameters[0] = 1e27f;
            return outcome;
        }));
        assertThat(result.ending()).isEqualTo(Ending.DIVERGED);
        assertThat(result.reason().orElseThrow()).contains("lower client.optimizer.learning-rate");
        assertThat(result.parameters()).isEqualTo(Toys.zeros());
    }

    @Test
    void stopsAfterTheRoundInWhichItIsCancelled() {
        Plan plan = plan(5, Optional.empty());
        RunResult result = run(plan, clients(1, plan, new StandardTrainer()), new RunListener() {
            private int finished;

            @Override
            public void roundFinished(RoundRecord record, float[] parameters) {
                finished++;
            }

            @Override
            public boolean cancelled() {
                return finished == 2;
            }
        });
        assertThat(result.ending()).isEqualTo(Ending.CANCELLED);
        assertThat(result.rounds()).isEqualTo(2);
    }

    @Test
    void evaluatesEveryFewRoundsAndAfterTheLast() {
        Plan plan = plan(5, Optional.empty(), new EvaluationPlan(3, 0, 0, false));
        RunResult result = run(plan, clients(1, plan, new StandardTrainer()));
        assertThat(result.history())
                .extracting(record -> record.central().isPresent())
                .containsExactly(false, false, true, false, true);
        assertThat(result.history()).allMatch(record -> record.heldOut().isEmpty());
    }

    @Test
    void hasAPlanWithinItsRanges() {
        Plan good = plan(1, Optional.empty());
        assertThatThrownBy(() -> plan(0, Optional.empty())).hasMessage("rounds is 0; it must be at least 1");
        assertThatThrownBy(() -> with(good, new Cohort.All(), 0)).hasMessage("min-clients is 0; it must be at least 1");
        assertThatThrownBy(() -> new EvaluationPlan(0, 1, 0, false))
                .hasMessage("evaluate-every is 0; it must be at least 1");
        assertThatThrownBy(() -> new EvaluationPlan(1, 1.5, 0, false))
                .hasMessage("share of evaluating clients is 1.5; it must be between 0 and 1");
    }

    @Test
    void keepsTheModelAndSaysSoWhereTooFewUpdatesCameForTheStrategy() {
        Plan plan = plan(2, Optional.empty());
        List<String> said = new ArrayList<>();
        ClientTrainer oneFails = (client, parameters, training) -> {
            if (client.round() == 1 && client.id().equals("client-300")) {
                throw new RefusedUpdateException("gone");
            }
            return new StandardTrainer().train(client, parameters, training);
        };
        try (OneByOneFleet fleet = new OneByOneFleet(clients(5, plan, oneFails))) {
            RunResult result = new Federation(
                            plan, new Krum(1, 1), fleet, Optional.empty(), Randomness.seeded(1), new RunListener() {
                                @Override
                                public void roundWithheld(int round, String reason) {
                                    said.add(round + ": " + reason);
                                }
                            })
                    .run(Toys.zeros());
            assertThat(result.history()).extracting(RoundRecord::released).containsExactly(false, true);
            assertThat(said).containsExactly("1: strategy krum needs 5 updates, and 4 came: the model stays");
        }
    }

    @Test
    void beginsEachRunWithAFreshStrategy() {
        Plan plan = plan(3, Optional.empty());
        Strategy strategy = new FedAdam(true, 0.1, 0.9, 0.99, 1e-3);
        float[][] models = new float[2][];
        for (int run = 0; run < 2; run++) {
            try (OneByOneFleet fleet = new OneByOneFleet(clients(2, plan, new StandardTrainer()))) {
                models[run] = new Federation(
                                plan, strategy, fleet, Optional.empty(), Randomness.seeded(1), new RunListener() {})
                        .run(Toys.zeros())
                        .parameters();
            }
        }
        assertThat(models[1]).isEqualTo(models[0]);
        assertThat(strategy.state()).isEmpty();
    }

    /** Keeps the means that it is handed. */
    private static final class Watching implements MeanStrategy {
        private final List<float[]> means = new ArrayList<>();
        private double share;

        @Override
        public String name() {
            return "watching";
        }

        @Override
        public boolean usesExampleCounts() {
            return false;
        }

        @Override
        public LocalMethod method() {
            return new LocalMethod.ControlVariates();
        }

        @Override
        public void step(float[] parameters, float[] mean, double part) {
            means.add(mean);
            share = part;
        }
    }

    @Test
    void clipsBothVectorsOfScaffoldTogetherUnderClientLevelPrivacy() {
        double norm = 0.05;
        ClientLevelPrivacy quiet = new ClientLevelPrivacy(
                Optional.empty(),
                new Delta(DELTA),
                Optional.of(new NoiseMultiplier(1e-4)),
                new UpdateClipping.Fixed(new ClippingNorm(norm)),
                Optional.empty(),
                AccountantChoice.RDP,
                true);
        Plan open = plan(1, Optional.empty());
        Plan plan = new Plan(
                open.name(),
                open.model(),
                1,
                new Participation(new Cohort.FixedSize(1), 0, 0),
                open.training(),
                Optional.empty(),
                Optional.of(quiet),
                EvaluationPlan.every(1));
        Watching strategy = new Watching();
        try (OneByOneFleet fleet = new OneByOneFleet(clients(4, plan, new StandardTrainer()))) {
            new Federation(plan, strategy, fleet, Optional.empty(), Randomness.seeded(1), new RunListener() {})
                    .run(Toys.zeros());
        }
        float[] mean = strategy.means.get(0);
        assertThat(mean).hasSize(2 * Toys.zeros().length);
        // The noise of 2 C 1e-4 on 24 values adds less than 1% but with probability far below 1e-6.
        assertThat(Toys.norm(mean)).isBetween(0.99 * norm, 1.01 * norm);
        assertThat(strategy.share).as("the expected cohort over the population").isEqualTo(0.25);
    }
}
