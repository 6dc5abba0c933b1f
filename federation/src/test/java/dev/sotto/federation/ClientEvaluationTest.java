package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.federation.clientlevel.CorrelationKind;
import dev.sotto.federation.clientlevel.UpdateClipping;
import dev.sotto.federation.clientlevel.UpdateNoise;
import dev.sotto.federation.strategy.FedAvg;
import dev.sotto.learning.Evaluation;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.ClipPer;
import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.SamplingRate;
import dev.sotto.privacy.Schedule;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.clipping.FlatClipping;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SampledWithoutReplacement;
import dev.sotto.privacy.ledger.Budget;
import dev.sotto.privacy.ledger.InMemoryLedger;
import dev.sotto.privacy.random.RandomStream;
import dev.sotto.privacy.random.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Evaluation at the clients")
class ClientEvaluationTest {
    private static final double DELTA = 1e-3;
    private static final int ROUNDS = 6;
    /** After rounds 2, 4 and 6. */
    private static final int EVALUATIONS = 3;

    private static EvaluationPlan evaluation(PrivateMetrics metrics) {
        return new EvaluationPlan(2, 1, 0, true, Optional.of(metrics));
    }

    private static Plan plan(
            Cohort cohort,
            Optional<ExamplePrivacy> privacy,
            Optional<ClientLevelPrivacy> clientLevel,
            EvaluationPlan evaluation) {
        return new Plan(
                "toy",
                Toys.MODEL,
                ROUNDS,
                new Participation(cohort, clientLevel.isPresent() ? 0 : 1, 0),
                Toys.TRAINING,
                privacy,
                clientLevel,
                evaluation);
    }

    private static ClientLevelPrivacy clientLevel(AccountantChoice accountant) {
        return new ClientLevelPrivacy(
                Optional.of(new Epsilon(4)),
                new Delta(DELTA),
                Optional.empty(),
                new UpdateClipping.Fixed(new ClippingNorm(1)),
                Optional.empty(),
                accountant,
                true);
    }

    /** Client k trains on 40 examples and holds out 10 (k + 1). */
    private static List<Client> clients(int count, Plan plan) {
        List<Client> clients = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            String name = "client-" + k;
            Optional<ClientPrivacy> privacy = plan.clientPrivacy(40);
            clients.add(new Client(
                    name,
                    Toys.clouds(40, k),
                    Optional.of(Toys.clouds(10 * (k + 1), 100 + k)),
                    plan.training(),
                    privacy,
                    new InMemoryLedger(
                            privacy.map(own -> Map.of(name, own.budget())).orElse(Map.of())),
                    Randomness.seeded(5),
                    new StandardTrainer()));
        }
        return clients;
    }

    private static RunResult run(Plan plan, List<Client> clients) {
        return new Federation(
                        plan,
                        new FedAvg(false, 1),
                        new OneByOneFleet(clients),
                        Optional.empty(),
                        Randomness.seeded(6),
                        new RunListener() {})
                .run(Toys.zeros());
    }

    @Test
    void meansOverExamplesOrOverClients() {
        List<Evaluation> scores = List.of(new Evaluation(10, 20, 9), new Evaluation(30, 30, 6));
        HeldOutScores weighted = HeldOutScores.of(scores, false).orElseThrow();
        assertThat(weighted.accuracy()).hasValue(15.0 / 40);
        assertThat(weighted.loss()).hasValue(50.0 / 40);
        HeldOutScores uniform = HeldOutScores.of(scores, true).orElseThrow();
        assertThat(uniform.accuracy()).hasValue((0.9 + 0.2) / 2);
        assertThat(uniform.loss()).hasValue((2.0 + 1.0) / 2);
        assertThat(HeldOutScores.of(List.of(), true)).isEmpty();
    }

    /** The tutorial that Flower users know: a quarter of fifty clients, at least three. */
    @Test
    void asksAFractionButNotFewerThanTheLeast() {
        EvaluationPlan tutorial = new EvaluationPlan(1, 0.25, 3, true);
        assertThat(tutorial.asked(50)).isEqualTo(12);
        assertThat(tutorial.asked(8)).isEqualTo(3);
        assertThat(tutorial.asked(2)).isEqualTo(2);
        Plan plan = plan(new Cohort.All(), Optional.empty(), Optional.empty(), tutorial);
        RunResult result = run(plan, clients(8, plan));
        assertThat(result.history())
                .extracting(record -> record.heldOut().orElseThrow().clients())
                .containsOnly(3);
        assertThat(plan.evaluation().evaluations(ROUNDS)).isEqualTo(6);
        assertThat(EvaluationPlan.every(4).evaluations(ROUNDS)).as("4 and 6").isEqualTo(2);
    }

    @Nested
    class UnderExampleLevelPrivacy {
        private final Optional<ExamplePrivacy> privacy = Optional.of(ExamplePrivacy.calibrated(2, DELTA, 1));

        @Test
        void isWithheldUnlessItIsAskedFor() {
            Plan plan = plan(new Cohort.All(), privacy, Optional.empty(), EvaluationPlan.every(2));
            assertThat(run(plan, clients(2, plan)).history())
                    .allMatch(record -> record.heldOut().isEmpty());
        }

        @Test
        void isNoisedAndChargedToTheClientsDataAndAllThatIsPlannedFits() {
            Plan plan = plan(new Cohort.All(), privacy, Optional.empty(), evaluation(PrivateMetrics.withNoise(5)));
            List<Client> clients = clients(3, plan);
            RunResult result = run(plan, clients);
            assertThat(result.ending()).isEqualTo(RunResult.Ending.COMPLETED);
            assertThat(result.history().stream()
                            .filter(record -> record.heldOut().isPresent()))
                    .hasSize(EVALUATIONS)
                    .allSatisfy(record -> {
                        assertThat(record.heldOut().orElseThrow().clients()).isEqualTo(3);
                        assertThat(record.heldOut().orElseThrow().accuracy()).isPresent();
                        assertThat(record.heldOut().orElseThrow().loss()).isEmpty();
                    });
            Gaussian evaluated = new Gaussian(2.5, 0.5, NeighbouringRelation.ZERO_OUT);
            for (Client client : clients) {
                assertThat(((Composed) client.spent()).events().toString()).contains(evaluated + ", count=3");
                assertThat(client.epsilon().orElseThrow()).isBetween(1.98, 2.0);
            }
            assertThat(result.epsilon()).hasValue(clients.get(0).epsilon().orElseThrow());
            double without = ExamplePrivacy.calibrated(2, DELTA, 1)
                    .forClient(40, Toys.TRAINING, ROUNDS)
                    .plan()
                    .noise()
                    .value();
            assertThat(plan.clientPrivacy(40).orElseThrow().plan().noise().value())
                    .as("training gives way")
                    .isGreaterThan(without);
        }

        @Test
        void isLeftOutByAClientThatCannotPay() {
            Plan plan = plan(new Cohort.All(), privacy, Optional.empty(), evaluation(PrivateMetrics.withNoise(5)));
            ClientPrivacy own = plan.clientPrivacy(40).orElseThrow();
            Client broke = new Client(
                    "client-0",
                    Toys.clouds(40, 1),
                    Optional.of(Toys.clouds(10, 2)),
                    plan.training(),
                    Optional.of(own),
                    new InMemoryLedger(new Budget(new Epsilon(0.01), new Delta(DELTA), AccountantChoice.RDP)),
                    Randomness.seeded(5),
                    new StandardTrainer());
            assertThat(broke.evaluate(
                            new RoundTask(2, Toys.zeros()), Toys.training().network()))
                    .isEmpty();
            assertThat(broke.epsilon()).hasValue(0);
        }

        @Test
        void staysSpentIfItWasInterrupted() {
            Plan plan = plan(new Cohort.All(), privacy, Optional.empty(), evaluation(PrivateMetrics.withNoise(5)));
            Client client = clients(1, plan).get(0);
            client.chargeEvaluation(2);
            assertThat(client.spent().toString()).contains("standardDeviation=2.5");
            assertThat(client.epsilon().orElseThrow()).isPositive();
        }

        /**
         * Chi-square of 4000 draws: standard deviation of the sample variance 2.2%, so 12% is 5.3 of them (1e-7). Rounding
         * to whole numbers adds 1/12 to a variance of 625 or more.
         */
        @Test
        void hasNoiseOfTheSizeThatIsAccounted() {
            for (NeighbouringRelation relation :
                    List.of(NeighbouringRelation.ZERO_OUT, NeighbouringRelation.REPLACE_ONE)) {
                AccuracyRelease release = new AccuracyRelease(new NoiseMultiplier(50), relation, 1);
                Evaluation exact = new Evaluation(100, 30, 70);
                RandomStream noises = Randomness.seeded(3).stream("noise");
                double squares = 0;
                for (int i = 0; i < 4000; i++) {
                    double off = release.ofExamples(exact, noises).correct() - 70;
                    squares += off * off;
                }
                Gaussian event = release.event();
                double multiplier = event.standardDeviation() / event.sensitivity();
                assertThat(multiplier).as("%s", relation).isEqualTo(50);
                double accounted = multiplier * (relation == NeighbouringRelation.REPLACE_ONE ? 1 : 0.5);
                assertThat(squares / 4000 / (accounted * accounted)).isCloseTo(1, within(0.12));
                assertThat(release.ofExamples(exact, noises).lossSum())
                        .as("loss is withheld")
                        .isNaN();
            }
        }

        @Test
        void isRefusedWhereItCannotBeRight() {
            ExamplePrivacy hidden = new ExamplePrivacy(
                    Optional.of(new Epsilon(2)),
                    Optional.of(new Delta(DELTA)),
                    Optional.empty(),
                    FlatClipping.of(1),
                    ClipPer.EXAMPLE,
                    NeighbouringRelation.ADD_OR_REMOVE_ONE,
                    Optional.of(new SamplingRate(0.5)),
                    Schedule.constant(),
                    Schedule.constant(),
                    AccountantChoice.RDP,
                    true);
            TrainingSchedule declared =
                    TrainingSchedule.of(new TrainingSettings(OptimizerSpec.sgd(0.1), 1, 2, 20, 20, 1));
            assertThatThrownBy(() -> hidden.forClient(40, declared, 3, evaluation(PrivateMetrics.withNoise(5))))
                    .hasMessageContaining("under add-or-remove-one the number of examples is private");
            Plan greedy = plan(new Cohort.All(), privacy, Optional.empty(), evaluation(PrivateMetrics.spending(2.5)));
            assertThatThrownBy(() -> greedy.clientPrivacy(40))
                    .hasMessageStartingWith("evaluation.private-metrics: evaluations alone spend epsilon 2.500 of 2.0");
        }
    }

    @Nested
    class UnderClientLevelPrivacy {
        @Test
        void isWithheldUnlessItIsAskedFor() {
            Plan plan = plan(
                    new Cohort.All(),
                    Optional.empty(),
                    Optional.of(clientLevel(AccountantChoice.RDP)),
                    EvaluationPlan.every(2));
            assertThat(run(plan, clients(4, plan)).history())
                    .allMatch(record -> record.heldOut().isEmpty());
        }

        @ParameterizedTest
        @EnumSource(
                value = AccountantChoice.class,
                names = {"RDP", "PLD"})
        void isReleasedAsPartOfThePlanAndAllThatIsPlannedFits(AccountantChoice accountant) {
            for (PrivateMetrics metrics : List.of(PrivateMetrics.withNoise(6), PrivateMetrics.spending(1))) {
                Plan plan = plan(
                        new Cohort.Poisson(0.5),
                        Optional.empty(),
                        Optional.of(clientLevel(accountant)),
                        evaluation(metrics));
                RunResult result = run(plan, clients(6, plan));
                assertThat(result.rounds()).isEqualTo(ROUNDS);
                assertThat(result.history().stream()
                                .filter(record -> record.heldOut().isPresent()))
                        .hasSize(EVALUATIONS)
                        .allSatisfy(record -> {
                            assertThat(record.heldOut().orElseThrow().clients()).isEqualTo(6);
                            assertThat(record.heldOut().orElseThrow().noiseStddev())
                                    .isPresent();
                            assertThat(record.heldOut().orElseThrow().loss()).isEmpty();
                        });
                RunResult.ClientLevelSpent spent = result.clientLevel().orElseThrow();
                assertThat(spent.epsilon().orElseThrow()).isBetween(3.9, 4.0);
                assertThat(result.history()
                                .get(ROUNDS - 1)
                                .clientLevel()
                                .orElseThrow()
                                .epsilon())
                        .as("a round's epsilon has its evaluation in it")
                        .isEqualTo(spent.epsilon());
            }
        }

        @Test
        void isAccountedAsItsEvaluatorsAreDrawn() {
            Gaussian one = new Gaussian(3, 0.5, NeighbouringRelation.ADD_OR_REMOVE_ONE);
            assertThat(event(new Cohort.Poisson(0.1), 0.25)).isEqualTo(new PoissonSampled(0.25, one));
            assertThat(event(new Cohort.FixedSize(10), 0.25))
                    .as("replacing a client can move its share by 1, and noise is twice as much")
                    .isEqualTo(new SampledWithoutReplacement(
                            40, 10, new Gaussian(6, 0.5, NeighbouringRelation.REPLACE_ONE)));
            Gaussian known = new Gaussian(3, 0.5, NeighbouringRelation.ZERO_OUT);
            assertThat(event(new Cohort.All(), 0.25)).as("no amplification").isEqualTo(known);
            assertThat(event(new Cohort.MinSeparation(4, 10), 0.25)).isEqualTo(known);
        }

        private DpEvent event(Cohort cohort, double fraction) {
            Plan plan = plan(
                    cohort,
                    Optional.empty(),
                    Optional.of(clientLevel(AccountantChoice.RDP)),
                    new EvaluationPlan(2, fraction, 3, true, Optional.of(PrivateMetrics.withNoise(6))));
            return plan.clientAccuracy(40).orElseThrow().event();
        }

        /** Over 1,000 random federations: with the same noise, one client more moves the released sum by half at most. */
        @Test
        void movesByNoMoreThanTheDeclaredSensitivityWhateverOneClientSays() {
            AccuracyRelease release = new AccuracyRelease(new NoiseMultiplier(1), NeighbouringRelation.ZERO_OUT, 1);
            RandomStream random = Randomness.seeded(9).stream("federations");
            for (int i = 0; i < 1000; i++) {
                List<Evaluation> scores = new ArrayList<>();
                for (int k = 0; k < 1 + random.nextInt(20); k++) {
                    int examples = 1 + random.nextInt(1000);
                    scores.add(new Evaluation(examples, 1, random.nextInt(examples + 1)));
                }
                List<Evaluation> more = new ArrayList<>(scores);
                more.add(liar(i));
                double without = release.ofClients(scores, 1, Randomness.seeded(i).stream("noise"));
                double with = release.ofClients(more, 1, Randomness.seeded(i).stream("noise"));
                assertThat(Math.abs(with - without)).isLessThanOrEqualTo(0.5 + 1e-4);
            }
            double broken = liar(0).accuracy() - 0.5;
            assertThat(Math.abs(broken)).as("a sum that believes its clients").isGreaterThan(0.5);
        }

        private Evaluation liar(int which) {
            return List.of(
                            new Evaluation(1, Double.NaN, 1_000_000),
                            new Evaluation(1, 0, -1_000_000),
                            new Evaluation(0, 0, 0),
                            new Evaluation(1, 0, 1))
                    .get(which % 4);
        }

        /** Chi-square as above, on sums of 10 clients and of the 6 that are left of them. */
        @Test
        void hasTheSameNoiseWithFortyPerCentDropouts() {
            AccuracyRelease release = new AccuracyRelease(new NoiseMultiplier(8), NeighbouringRelation.REPLACE_ONE, 1);
            for (int answered : List.of(10, 6)) {
                List<Evaluation> scores = new ArrayList<>();
                for (int k = 0; k < answered; k++) {
                    scores.add(new Evaluation(4, 1, 3));
                }
                RandomStream noises = Randomness.seeded(answered).stream("noise");
                double squares = 0;
                for (int i = 0; i < 4000; i++) {
                    double off = 10 * (release.ofClients(scores, 10, noises) - 0.5) - 0.25 * answered;
                    squares += off * off;
                }
                assertThat(squares / 4000 / 64).isCloseTo(1, within(0.12));
            }
        }

        @Test
        void isRefusedWhereTheCoordinatorIsNotTrustedWithIt() {
            Plan local = plan(
                    new Cohort.All(),
                    Optional.empty(),
                    Optional.of(clientLevel(AccountantChoice.RDP).with(new UpdateNoise.Local())),
                    evaluation(PrivateMetrics.withNoise(6)));
            assertThatThrownBy(() -> local.requireFits(new FedAvg(false, 1), 4))
                    .hasMessage(
                            "evaluation.private-metrics: the coordinator would see exact scores, and with noise at the "
                                    + "clients it is not trusted; evaluate on central test data");
        }

        /** Fresh noise for the accuracy beside noise that the run correlates: the run is one event, evaluations are others. */
        @Test
        void isReleasedBesideCorrelatedNoise() {
            Plan plan = plan(
                    new Cohort.MinSeparation(3, 2),
                    Optional.empty(),
                    Optional.of(clientLevel(AccountantChoice.RDP)
                            .with(new UpdateNoise.Correlated(CorrelationKind.BANDED, OptionalInt.empty()))),
                    evaluation(PrivateMetrics.spending(1)));
            RunResult result = run(plan, clients(6, plan));
            assertThat(result.rounds()).isEqualTo(ROUNDS);
            assertThat(result.history().stream()
                            .filter(record -> record.heldOut().isPresent()))
                    .hasSize(EVALUATIONS);
            assertThat(result.clientLevel().orElseThrow().epsilon().orElseThrow())
                    .isBetween(3.9, 4.0);
        }

        @Test
        void isRefusedBesideExampleLevelPrivacy() {
            Plan both = plan(
                    new Cohort.All(),
                    Optional.of(ExamplePrivacy.withNoise(1, 1)),
                    Optional.of(clientLevel(AccountantChoice.RDP)),
                    evaluation(PrivateMetrics.withNoise(6)));
            assertThatThrownBy(() -> both.requireFits(new FedAvg(false, 1), 4))
                    .hasMessage("evaluation.private-metrics: it goes with one level of privacy; with both, evaluate on "
                            + "central test data");
        }
    }
}
