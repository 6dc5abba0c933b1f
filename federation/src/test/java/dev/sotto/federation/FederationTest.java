package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.data.Examples;
import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.RunResult.Ending;
import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.federation.clientlevel.UpdateClipping;
import dev.sotto.federation.strategy.FedAdam;
import dev.sotto.federation.strategy.FedAvg;
import dev.sotto.federation.strategy.Krum;
import dev.sotto.learning.DivergedException;
import dev.sotto.learning.Engine;
import dev.sotto.learning.LocalTraining;
import dev.sotto.privacy.ClipPer;
import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.Schedule;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.clipping.FlatClipping;
import dev.sotto.privacy.ledger.InMemoryLedger;
import dev.sotto.privacy.random.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A federation")
class FederationTest {
    private static final double DELTA = 1e-3;

    private static Plan plan(int rounds, Optional<ExamplePrivacy> privacy) {
        return plan(rounds, privacy, EvaluationPlan.every(1));
    }

    private static Plan plan(int rounds, Optional<ExamplePrivacy> privacy, EvaluationPlan evaluation) {
        return new Plan(
                "toy",
                Toys.MODEL,
                rounds,
                Participation.of(new Cohort.All()),
                Toys.TRAINING,
                privacy,
                Optional.empty(),
                evaluation);
    }

    private static Plan with(Plan plan, Cohort cohort, int minClients) {
        return new Plan(
                plan.name(),
                plan.model(),
                plan.rounds(),
                new Participation(cohort, minClients, 0),
                plan.training(),
                plan.privacy(),
                plan.clientLevel(),
                plan.evaluation());
    }

    /** Client k has 200 + 100 k examples and holds out 50 more. */
    private static List<Client> clients(int count, Plan plan, ClientTrainer trainer) {
        List<Client> clients = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            Examples examples = Toys.clouds(200 + 100 * k, k);
            Optional<ClientPrivacy> privacy =
                    plan.privacy().map(asked -> asked.forClient(examples.size(), plan.training(), plan.rounds()));
            InMemoryLedger ledger =
                    new InMemoryLedger(privacy.map(own -> Map.of("client-" + examples.size(), own.budget()))
                            .orElse(Map.of()));
            clients.add(new Client(
                    "client-" + examples.size(),
                    examples,
                    Optional.of(Toys.clouds(50, 100 + k)),
                    plan.training(),
                    privacy,
                    ledger,
                    Randomness.seeded(5),
                    trainer));
        }
        return clients;
    }

    private static RunResult run(Plan plan, List<Client> clients, RunListener listener) {
        try (TestData test = new TestData(Toys.clouds(300, 99), Engine.named("jvm"), Toys.MODEL, List.of(), 1)) {
            return new Federation(
                            plan,
                            new FedAvg(true, 1),
                            new OneByOneFleet(clients),
                            Optional.of(test),
                            Randomness.seeded(6),
                            listener)
                    .run(Toys.zeros());
        }
    }

    private static RunResult run(Plan plan, List<Client> clients) {
        return run(plan, clients, new RunListener() {});
    }

    private static ExamplePrivacy asked(
            OptionalDouble epsilon, OptionalDouble sigma, boolean hardLimit, Schedule noiseSchedule) {
        return new ExamplePrivacy(
                epsilon.isPresent() ? Optional.of(new Epsilon(epsilon.getAsDouble())) : Optional.empty(),
                Optional.of(new Delta(DELTA)),
                sigma.isPresent() ? Optional.of(new NoiseMultiplier(sigma.getAsDouble())) : Optional.empty(),
                FlatClipping.of(1),
                ClipPer.EXAMPLE,
                NeighbouringRelation.ZERO_OUT,
                Optional.empty(),
                noiseSchedule,
                Schedule.constant(),
                AccountantChoice.RDP,
                hardLimit);
    }

    /** Noise 1, with a limit between what client-200 spends in {@code rounds} rounds and in one more. */
    private static ExamplePrivacy limitedTo(int rounds, boolean hardLimit) {
        ExamplePrivacy free = asked(OptionalDouble.empty(), OptionalDouble.of(1), true, Schedule.constant());
        double limit = (spent(free, rounds) + spent(free, rounds + 1)) / 2;
        return asked(OptionalDouble.of(limit), OptionalDouble.of(1), hardLimit, Schedule.constant());
    }

    private static double spent(ExamplePrivacy asked, int rounds) {
        ClientPrivacy privacy = asked.forClient(200, Toys.TRAINING, rounds);
        return AccountantChoice.RDP
                .accountant()
                .epsilon(privacy.plannedEvent(), privacy.delta())
                .orInfinity();
    }

    private static double finalEpsilon(RunResult result) {
        return result.history().get(result.history().size() - 1).epsilon().orElseThrow();
    }

    @Test
    void learns() {
        RunResult result = run(plan(5, Optional.empty()), clients(2, plan(5, Optional.empty()), new StandardTrainer()));
        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(result.rounds()).isEqualTo(5);
        assertThat(result.history().get(4).central().orElseThrow().accuracy()).isGreaterThan(0.9);
    }

    @ParameterizedTest
    @ValueSource(doubles = {100, 10, 1})
    void releasesAllTenPlannedRoundsAndSpendsTheTargetOnce(double target) {
        Plan plan = plan(10, Optional.of(ExamplePrivacy.calibrated(target, DELTA, 1)));
        List<Client> clients = clients(2, plan, new StandardTrainer());
        RunResult result = run(plan, clients);
        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(result.rounds()).isEqualTo(10);
        for (Client client : clients) {
            assertThat(client.epsilon().orElseThrow())
                    .isGreaterThan(0.99 * target)
                    .isLessThanOrEqualTo(target);
        }
        assertThat(finalEpsilon(result)).isGreaterThan(0.99 * target).isLessThanOrEqualTo(target);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.93, 1.08})
    void releasesAllPlannedRoundsAlsoWhenTheNoiseChangesFromRoundToRound(double factor) {
        ExamplePrivacy asked = asked(OptionalDouble.of(3), OptionalDouble.empty(), true, Schedule.step(10, factor));
        Plan plan = plan(10, Optional.of(asked));
        RunResult result = run(plan, clients(1, plan, new StandardTrainer()));
        assertThat(result.rounds()).isEqualTo(10);
        assertThat(finalEpsilon(result)).isGreaterThan(0.99 * 3).isLessThanOrEqualTo(3);
    }

    @Test
    void stopsBeforeAGivenLimitHavingReleasedTheEarlierRounds() {
        Plan plan = plan(10, Optional.of(limitedTo(4, true)));
        RunResult result = run(plan, clients(1, plan, new StandardTrainer()));
        assertThat(result.ending()).isEqualTo(Ending.BUDGET);
        assertThat(result.reason().orElseThrow()).contains("client-200");
        assertThat(result.rounds()).isEqualTo(4);
        assertThat(result.history()).hasSize(4);
        assertThat(finalEpsilon(result))
                .isLessThanOrEqualTo(
                        plan.privacy().orElseThrow().epsilon().orElseThrow().value());
        assertThat(Toys.norm(result.parameters())).isGreaterThan(0);
    }

    @Test
    void withoutAHardLimitRunsAllPlannedRoundsAndReportsTheOvershoot() {
        Plan plan = plan(10, Optional.of(limitedTo(4, false)));
        RunResult result = run(plan, clients(1, plan, new StandardTrainer()));
        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(result.rounds()).isEqualTo(10);
        assertThat(finalEpsilon(result))
                .isGreaterThan(
                        plan.privacy().orElseThrow().epsilon().orElseThrow().value());
    }

    @Test
    void whoseBudgetRefusesTheFirstRoundReleasesNothing() {
        ExamplePrivacy asked = asked(OptionalDouble.of(0.01), OptionalDouble.of(1), true, Schedule.constant());
        Plan plan = plan(10, Optional.of(asked));
        List<Client> clients = clients(2, plan, (c, p, t) -> {
            throw new AssertionError("touched the data");
        });
        RunResult result = run(plan, clients);
        assertThat(result.ending()).isEqualTo(Ending.BUDGET);
        assertThat(result.history()).isEmpty();
        assertThat(result.parameters()).isEqualTo(Toys.zeros());
        assertThat(clients.get(0).epsilon()).hasValue(0);
    }

    @Test
    void goesOnWithTheClientsWhoseBudgetLasts() {
        Plan plan = plan(6, Optional.of(limitedTo(3, true)));
        List<Client> clients = clients(2, plan, new StandardTrainer());
        RunResult result = run(plan, clients);
        assertThat(result.rounds()).isGreaterThan(3);
        RoundRecord fourth = result.history().get(3);
        assertThat(fourth.updates()).isEqualTo(1);
        assertThat(fourth.reports().get(0).refusal().orElseThrow().reason()).isEqualTo(Reason.BUDGET);
        assertThat(fourth.reports().get(0).epsilon())
                .hasValue(clients.get(0).epsilon().orElseThrow());
    }

    @Test
    void endsWhenTheBudgetsOfAllAreSpentAlsoIfOnlySomeAreAskedInARound() {
        Plan all = plan(100, Optional.of(limitedTo(2, true)));
        RunResult result = run(with(all, new Cohort.FixedSize(1), 1), clients(3, all, new StandardTrainer()));
        assertThat(result.ending()).isEqualTo(Ending.BUDGET);
        assertThat(result.history().size()).isBetween(6, 99);
    }

    @Test
    void endsWhenFewerClientsThanARoundNeedsCanStillPay() {
        Plan plan = with(plan(100, Optional.of(limitedTo(2, true))), new Cohort.All(), 3);
        List<Client> clients = clients(3, plan, new StandardTrainer());
        RunResult result = run(plan, clients);
        assertThat(result.ending()).isEqualTo(Ending.BUDGET);
        assertThat(result.rounds()).isEqualTo(2);
        // The round in which client-200 was refused cost the others theirs; no further round was asked for.
        assertThat(result.history()).hasSize(3);
        assertThat(result.history().get(2).released()).isFalse();
        assertThat(clients.get(2).stepsTaken()).isEqualTo(3 * 20);
    }

    @Test
    void doesNotReleaseARoundWithTooFewUpdatesWhoseCostStaysSpent() {
        Plan plan = with(plan(3, Optional.of(ExamplePrivacy.withNoise(1, 1))), new Cohort.All(), 2);
        List<Client> clients = clients(1, plan, new StandardTrainer());
        RunResult result = run(plan, clients);
        assertThat(result.rounds()).isZero();
        assertThat(result.history()).hasSize(3).noneMatch(RoundRecord::released);
        assertThat(result.parameters()).isEqualTo(Toys.zeros());
        assertThat(clients.get(0).epsilon().orElseThrow()).isPositive().isEqualTo(finalEpsilon(result));
    }

    @Test
    void reportsTheLargestEpsilonOfAllClientsAlsoOfThoseNotAskedInTheRound() {
        Plan plan = with(plan(12, Optional.of(ExamplePrivacy.withNoise(1, 1))), new Cohort.FixedSize(1), 1);
        List<Client> clients = clients(3, plan, new StandardTrainer());
        RunResult result = run(plan, clients);
        double largest = 0;
        for (RoundRecord record : result.history()) {
            assertThat(record.epsilon().orElseThrow()).isGreaterThanOrEqualTo(largest);
            largest = record.epsilon().orElseThrow();
        }
        assertThat(largest)
                .isEqualTo(clients.stream()
                        .mapToDouble(client -> client.epsilon().orElseThrow())
                        .max()
                        .orElseThrow());
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
        assertThat(refusal.reason()).isEqualTo(Reason.FAILED);
        assertThat(refusal.message()).contains("client-300").contains("value 4 is NaN");
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
                new Participation(new Cohort.FixedSize(1), 1, 0),
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
