package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.federation.RunResult.Ending;
import dev.sotto.federation.clientlevel.ClientLevelPlan;
import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.federation.clientlevel.CorrelationKind;
import dev.sotto.federation.clientlevel.NoiseDistribution;
import dev.sotto.federation.clientlevel.UpdateClipping;
import dev.sotto.federation.clientlevel.UpdateNoise;
import dev.sotto.federation.strategy.FedAvg;
import dev.sotto.learning.DivergedException;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.event.SelfComposed;
import dev.sotto.privacy.ledger.InMemoryLedger;
import dev.sotto.privacy.random.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A federation under client-level privacy")
class ClientLevelFederationTest {
    private static final double DELTA = 1e-3;
    private static final int CLIENTS = 12;

    private static ClientLevelPrivacy withNoise() {
        return ClientLevelPrivacy.withNoise(1, DELTA, 0.5);
    }

    private static Plan plan(int rounds, Cohort cohort, int minClients, ClientLevelPrivacy asked) {
        return new Plan(
                "toy",
                Toys.MODEL,
                rounds,
                Participation.of(cohort).needing(minClients),
                Toys.TRAINING,
                Optional.empty(),
                Optional.of(asked),
                EvaluationPlan.every(100));
    }

    private static List<Client> clients(Plan plan, ClientTrainer trainer) {
        List<Client> clients = new ArrayList<>();
        for (int k = 0; k < CLIENTS; k++) {
            String id = "client-" + k;
            Optional<ClientPrivacy> privacy =
                    plan.privacy().map(asked -> asked.forClient(40, plan.training(), plan.rounds()));
            clients.add(new Client(
                    id,
                    Toys.clouds(40, k),
                    Optional.empty(),
                    plan.training(),
                    privacy,
                    new InMemoryLedger(
                            privacy.map(own -> Map.of(id, own.budget())).orElse(Map.of())),
                    Randomness.seeded(7),
                    trainer));
        }
        return clients;
    }

    private static Federation federation(Plan plan, ClientTrainer trainer) {
        return new Federation(
                plan,
                new FedAvg(plan.clientLevel().orElseThrow().maxWeight().isPresent(), 1),
                new OneByOneFleet(clients(plan, trainer)),
                Optional.empty(),
                Randomness.seeded(3),
                new RunListener() {});
    }

    private static RunResult run(Plan plan) {
        return federation(plan, new StandardTrainer()).run(Toys.zeros());
    }

    /** How cohorts are drawn and where noise comes from. */
    record Way(Cohort cohort, int minClients, ClientLevelPrivacy asked) {
        @Override
        public String toString() {
            return cohort + ", " + asked.noise();
        }
    }

    static Stream<Way> ways() {
        UpdateNoise discrete = new UpdateNoise.AtCoordinator(NoiseDistribution.DISCRETE_GAUSSIAN);
        UpdateNoise correlated = new UpdateNoise.Correlated(CorrelationKind.BANDED, OptionalInt.of(3));
        return Stream.of(
                new Way(new Cohort.All(), 0, withNoise()),
                new Way(new Cohort.Poisson(0.3), 0, withNoise()),
                new Way(new Cohort.FixedSize(4), 0, withNoise()),
                new Way(new Cohort.Poisson(0.3), 0, withNoise().with(discrete)),
                new Way(new Cohort.FixedSize(4), 0, withNoise().with(discrete)),
                new Way(new Cohort.FixedSize(4), 4, withNoise().with(new UpdateNoise.AtClients(1))),
                new Way(new Cohort.All(), 1, withNoise().with(new UpdateNoise.Local())),
                new Way(new Cohort.MinSeparation(3, 4), 0, withNoise().with(correlated)),
                new Way(new Cohort.All(), 0, withNoise().withMaxWeight(30)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void hasAfterEachRoundTheEpsilonOfAllRoundsSoFar(Way way) {
        RunResult result = run(plan(4, way.cohort(), way.minClients(), way.asked()));
        ClientLevelPlan plan = result.clientLevel().orElseThrow().plan();
        assertThat(result.ending()).isEqualTo(Ending.COMPLETED);
        assertThat(result.history()).hasSize(4);
        boolean whole = plan.correlation().isPresent();
        for (RoundRecord record : result.history()) {
            double shown = record.clientLevel().orElseThrow().epsilon().getAsDouble();
            double all = plan.epsilon(whole ? plan.plannedEvent() : new SelfComposed(plan.roundEvent(), record.round()))
                    .getAsDouble();
            assertThat(shown).isEqualTo(all);
            if (record.round() > 1 && !whole) {
                double one = plan.epsilon(plan.roundEvent()).getAsDouble();
                assertThat(shown).as("one round's, shown as the total").isGreaterThan(one);
            }
        }
        assertThat(result.parameters()).isNotEqualTo(Toys.zeros());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void releasesAllPlannedRoundsOfAnEpsilonAndSpendsNearlyAllOfIt(Way way) {
        for (double target : new double[] {100, 10, 1}) {
            ClientLevelPrivacy asked = way.asked();
            ClientLevelPrivacy calibrated = new ClientLevelPrivacy(
                    Optional.of(new Epsilon(target)),
                    asked.delta(),
                    Optional.empty(),
                    asked.clipping(),
                    asked.noise(),
                    asked.maxWeight(),
                    asked.relation(),
                    asked.noise() instanceof UpdateNoise.Local ? AccountantChoice.TIGHTEST : AccountantChoice.RDP,
                    true);
            RunResult result = run(plan(10, way.cohort(), way.minClients(), calibrated));
            assertThat(result.rounds()).isEqualTo(10);
            double spent = result.clientLevel().orElseThrow().epsilon().getAsDouble();
            assertThat(spent).isGreaterThan(0.99 * target).isLessThanOrEqualTo(target);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void neverPassesAHardLimitAndReportsWhereItPassedASoftOne(boolean hard) {
        ClientLevelPrivacy given = withNoise();
        double four = given.plan(new Cohort.All().sampling(CLIENTS), 4)
                .epsilon(given.plan(new Cohort.All().sampling(CLIENTS), 4).plannedEvent())
                .getAsDouble();
        ClientLevelPrivacy limited = new ClientLevelPrivacy(
                Optional.of(new Epsilon(four * 1.0001)),
                given.delta(),
                given.noiseMultiplier(),
                given.clipping(),
                given.relation(),
                given.accountant(),
                hard);
        List<Integer> asked = new ArrayList<>();
        RunResult result = federation(plan(9, new Cohort.All(), 0, limited), (client, parameters, training) -> {
                    asked.add(client.round());
                    return new StandardTrainer().train(client, parameters, training);
                })
                .run(Toys.zeros());
        double spent = result.clientLevel().orElseThrow().epsilon().getAsDouble();
        if (hard) {
            assertThat(result.ending()).isEqualTo(Ending.BUDGET);
            assertThat(result.rounds()).isBetween(3, 4);
            assertThat(spent).isLessThanOrEqualTo(four * 1.0001);
            assertThat(asked).as("refused before the first gradient").hasSize(CLIENTS * result.rounds());
        } else {
            assertThat(result.rounds()).isEqualTo(9);
            assertThat(spent).isGreaterThan(four);
        }
    }

    @Test
    void doesNotReleaseARoundThatIsTooSmallAndKeepsItsReserve() {
        ClientTrainer trainer = new StandardTrainer();
        ClientLevelPrivacy shares = withNoise().with(new UpdateNoise.AtClients(0));
        Plan plan = plan(3, new Cohort.Poisson(0.05), CLIENTS, shares);
        RunResult result = federation(plan, trainer).run(Toys.zeros());
        assertThat(result.rounds()).isZero();
        assertThat(result.history()).hasSize(3).noneMatch(RoundRecord::released);
        assertThat(result.parameters()).isEqualTo(Toys.zeros());
        ClientLevelPlan worked = result.clientLevel().orElseThrow().plan();
        assertThat(result.clientLevel().orElseThrow().epsilon()).isEqualTo(worked.epsilon(worked.plannedEvent()));
    }

    @Test
    void releasesNoiseWhereNobodyWasDrawn() {
        Plan plan = plan(3, new Cohort.Poisson(1e-9), 0, withNoise());
        RunResult result = run(plan);
        assertThat(result.rounds()).isEqualTo(3);
        assertThat(result.parameters()).isNotEqualTo(Toys.zeros());
    }

    /** Whether training diverged depends on data; what everybody sees must not. */
    @Test
    void doesNotStopWhereTrainingDivergesNorTellsOfIt() {
        ClientTrainer diverges = (client, parameters, training) -> {
            throw new DivergedException("the loss is NaN");
        };
        for (Way way : ways().toList()) {
            boolean secret = way.cohort().sampling(CLIENTS).amplifies()
                    && !way.asked().noise().atClients();
            int needed = secret ? 0 : 4;
            Plan plan = plan(3, way.cohort(), needed, way.asked());
            RunResult result = federation(plan, diverges).run(Toys.zeros());
            assertThat(result.ending()).as(way.toString()).isEqualTo(Ending.COMPLETED);
            assertThat(result.rounds()).as(way.toString()).isEqualTo(3);
            assertThat(result.history()).allMatch(record -> record.reports().isEmpty());
        }
    }

    /** Says that it diverged, and sends nothing; an honest client sends its noise then. */
    private record Shirking(Fleet fleet, String client) implements Fleet {
        @Override
        public List<ClientProfile> clients() {
            return fleet.clients();
        }

        @Override
        public Collected run(RoundTask task, List<String> cohort, Aggregate empty, ClientObserver observer) {
            List<String> others =
                    cohort.stream().filter(id -> !id.equals(client)).toList();
            Collected collected = fleet.run(task, others, empty, observer);
            List<ClientReport> reports = new ArrayList<>(collected.reports());
            reports.add(ClientReport.refused(
                    client,
                    40,
                    OptionalDouble.empty(),
                    new ClientReport.Refusal(ClientReport.Reason.DIVERGED, "the loss is NaN")));
            return new Collected(collected.aggregate(), reports);
        }

        @Override
        public Map<String, Evaluated> evaluate(RoundTask task, List<String> cohort) {
            return Map.of();
        }

        @Override
        public void close() {}
    }

    private static RunResult shirked(ClientLevelPrivacy asked, int needed) {
        Plan plan = plan(2, new Cohort.All(), needed, asked);
        return new Federation(
                        plan,
                        new FedAvg(false, 1),
                        new Shirking(new OneByOneFleet(clients(plan, new StandardTrainer())), "client-3"),
                        Optional.empty(),
                        Randomness.seeded(3),
                        new RunListener() {})
                .run(Toys.zeros());
    }

    @Test
    void releasesNoRoundThatLacksAShareOfNoiseWhateverItsClientSays() {
        ClientLevelPrivacy shares = withNoise().with(new UpdateNoise.AtClients(0));
        assertThat(shirked(shares, CLIENTS).rounds()).isZero();
        assertThat(shirked(shares, CLIENTS - 1).rounds()).isEqualTo(2);
        // Noise of the coordinator's own is there whoever replies, and who diverged has replied.
        assertThat(shirked(withNoise(), CLIENTS).rounds()).isEqualTo(2);
    }

    @Test
    void holdsNoRoundOfASecretDrawBack() {
        assertThatThrownBy(() -> run(plan(30, new Cohort.Poisson(0.05), 1, withNoise())))
                .hasMessageStartingWith("cohort.min-clients: 1 is not possible ");
    }

    @Test
    void countsAnUpdateThatIsNotFiniteAsNothing() {
        ClientTrainer broken = (client, parameters, training) -> {
            parameters[0] = Float.NaN;
            return new StandardTrainer().train(client, new float[parameters.length], training);
        };
        ClientLevelPrivacy quiet = ClientLevelPrivacy.withNoise(0, DELTA, 0.5);
        RunResult result =
                federation(plan(2, new Cohort.All(), 0, quiet), broken).run(Toys.zeros());
        assertThat(result.rounds()).isEqualTo(2);
        assertThat(result.parameters()).isEqualTo(Toys.zeros());
    }

    @Test
    void refusesWeightsByExamplesWithoutACap() {
        Plan plan = plan(2, new Cohort.All(), 0, withNoise());
        assertThatThrownBy(() -> plan.requireFits(new FedAvg(true, 1), CLIENTS))
                .hasMessageContaining("privacy.client-level.max-weight");
        Plan capped = plan(2, new Cohort.All(), 0, withNoise().withMaxWeight(10));
        capped.requireFits(new FedAvg(true, 1), CLIENTS);
        assertThatThrownBy(() -> capped.requireFits(new FedAvg(false, 1), CLIENTS))
                .hasMessageContaining("max-weight caps weights by examples");
    }

    @Test
    void countsNoUpdateOfAnotherRound() {
        ClientLevelPlan plan = withNoise().plan(new Cohort.All().sampling(CLIENTS), 5);
        Aggregate second = new BoundedAggregate(
                plan.mechanism(Toys.MODEL.layout(), Toys.zeros().length, Randomness.seeded(1))
                        .begin(),
                2);
        assertThat(refusesLate(second)).isTrue();
        assertThat(second.updates()).isZero();
        assertThat(refusesLate(new Careless()))
                .as("an aggregate that does not look")
                .isFalse();
    }

    private static boolean refusesLate(Aggregate ofRoundTwo) {
        try {
            ofRoundTwo.add(Toys.update("slow", 1, 40, new float[Toys.zeros().length]));
            return false;
        } catch (RefusedUpdateException e) {
            return e.getMessage().contains("belongs to round 1, not 2");
        }
    }

    /** Takes whatever comes. */
    private static final class Careless implements Aggregate {
        private int updates;

        @Override
        public Aggregate fresh() {
            return new Careless();
        }

        @Override
        public void add(ClientUpdate update) {
            updates++;
        }

        @Override
        public void merge(Aggregate other) {
            updates += other.updates();
        }

        @Override
        public int updates() {
            return updates;
        }
    }

    @Test
    void protectsExamplesInsideTheClientsAsWell() {
        Plan clientsOnly = plan(3, new Cohort.All(), 0, withNoise());
        Plan both = new Plan(
                "toy",
                Toys.MODEL,
                3,
                clientsOnly.participation(),
                Toys.TRAINING,
                Optional.of(ExamplePrivacy.withNoise(1.2, 1)),
                clientsOnly.clientLevel(),
                EvaluationPlan.every(100));
        List<Client> clients = clients(both, new StandardTrainer());
        RunResult result = new Federation(
                        both,
                        new FedAvg(false, 1),
                        new OneByOneFleet(clients),
                        Optional.empty(),
                        Randomness.seeded(3),
                        new RunListener() {})
                .run(Toys.zeros());
        assertThat(result.rounds()).isEqualTo(3);
        assertThat(result.clientLevel().orElseThrow().epsilon())
                .isEqualTo(run(clientsOnly).clientLevel().orElseThrow().epsilon());
        for (Client client : clients) {
            ClientPrivacy own = client.privacy().orElseThrow();
            assertThat(client.spent()).isEqualTo(own.plannedEvent());
        }
    }

    /** A client that was drawn twice and falls silent tells that twice another was not drawn. */
    @ParameterizedTest
    @CsvSource({"0.5, true, false", "2, true, true", "0.5, false, true"})
    void drawsNobodyForAnotherWhoseBudgetMayEndBeforeTheRun(double part, boolean hard, boolean fits) {
        Plan sized = plan(6, new Cohort.FixedSize(4), 0, withNoise());
        ExamplePrivacy noised = ExamplePrivacy.withNoise(1.2, 1);
        ClientPrivacy whole = noised.forClient(40, sized.training(), sized.rounds());
        double all = whole.accountant()
                .accountant()
                .epsilon(whole.plannedEvent(), whole.delta())
                .orInfinity();
        ExamplePrivacy limited = new ExamplePrivacy(
                Optional.of(new Epsilon(part * all)),
                noised.delta(),
                noised.noiseMultiplier(),
                noised.clipping(),
                noised.clipPer(),
                noised.relation(),
                noised.samplingRate(),
                noised.noiseSchedule(),
                noised.clippingSchedule(),
                noised.accountant(),
                hard);
        if (fits) {
            assertThat(federation(protecting(sized, limited), new StandardTrainer()))
                    .isNotNull();
            return;
        }
        assertThatThrownBy(() -> federation(protecting(sized, limited), new StandardTrainer()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("privacy.example-level: a client's budget of epsilon ")
                .hasMessageContaining("does not cover all 6 rounds");
        Plan byThemselves = plan(6, new Cohort.Poisson(0.3), 0, withNoise());
        assertThat(federation(protecting(byThemselves, limited), new StandardTrainer()))
                .isNotNull();
    }

    private static Plan protecting(Plan clients, ExamplePrivacy examples) {
        return new Plan(
                clients.name(),
                clients.model(),
                clients.rounds(),
                clients.participation(),
                clients.training(),
                Optional.of(examples),
                clients.clientLevel(),
                clients.evaluation());
    }

    @Test
    void sendsNothingButTheNoisedVectorWhereClientsNoiseForThemselves() {
        Plan plan = plan(1, new Cohort.All(), 4, withNoise().with(new UpdateNoise.AtClients(0)));
        ClientLevelPlan worked = plan.clientLevelPlan(CLIENTS).orElseThrow();
        RoundTask task = new RoundTask(
                1,
                Toys.zeros(),
                new LocalMethod.Plain(),
                new float[0],
                worked.mechanism(Toys.MODEL.layout(), Toys.zeros().length, Randomness.seeded(1))
                        .atClients());
        ClientUpdate update = clients(plan, new StandardTrainer()).get(0).train(task, Toys.training());
        assertThat(update.metrics()).isEmpty();
        assertThat(update.examples()).isEqualTo(1);
        assertThat(update.steps()).isZero();
        RoundTask plain = new RoundTask(1, Toys.zeros());
        ClientUpdate open = clients(plan, new StandardTrainer()).get(0).train(plain, Toys.training());
        assertThat(update.delta()).isNotEqualTo(open.delta());
        assertThat(open.examples()).isEqualTo(40);
    }

    @Test
    void followsItsUpdatesWithANormThatAdapts() {
        ClientLevelPrivacy asked = ClientLevelPrivacy.withNoise(0.5, DELTA, 1).with(UpdateClipping.Adaptive.from(10));
        RunResult result = run(plan(6, new Cohort.All(), 0, asked));
        List<Double> norms = result.history().stream()
                .map(record -> record.clientLevel().orElseThrow().clippingNorm())
                .toList();
        assertThat(norms.get(0)).isEqualTo(10);
        assertThat(norms.get(5)).isLessThan(7);
    }
}
