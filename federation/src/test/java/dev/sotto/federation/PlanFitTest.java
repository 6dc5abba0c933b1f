package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.federation.clientlevel.UpdateClipping;
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
import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.ClipPer;
import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.Schedule;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.clipping.FlatClipping;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A plan and a strategy")
class PlanFitTest {
    private static final ClientLevelPrivacy CLIENT_LEVEL = new ClientLevelPrivacy(
            Optional.empty(),
            new Delta(1e-3),
            Optional.of(new NoiseMultiplier(1)),
            new UpdateClipping.Fixed(new ClippingNorm(1)),
            Optional.empty(),
            AccountantChoice.RDP,
            true);

    private static Plan plan(
            Cohort cohort,
            TrainingSettings training,
            Optional<ExamplePrivacy> privacy,
            Optional<ClientLevelPrivacy> level) {
        return new Plan(
                "toy", Toys.MODEL, 1, Participation.of(cohort), training, privacy, level, EvaluationPlan.every(1));
    }

    private static Plan open() {
        return plan(new Cohort.All(), Toys.TRAINING, Optional.empty(), Optional.empty());
    }

    private static Plan clientLevel() {
        return plan(new Cohort.All(), Toys.TRAINING, Optional.empty(), Optional.of(CLIENT_LEVEL));
    }

    @Test
    @DisplayName("do not fit if clients remember in whose place they were drawn")
    void clientsThatRememberAreNotDrawnInAnothersPlace() {
        Plan sized = twoRounds(new Cohort.FixedSize(2), Optional.of(CLIENT_LEVEL));
        assertThatThrownBy(() -> sized.requireFits(new Scaffold(false, 1), 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("strategy scaffold cannot be used with client-level privacy and cohort.size");
        assertThatCode(() -> sized.requireFits(new FedAvg(false, 1), 4)).doesNotThrowAnyException();
        // Two of two are everyone.
        assertThatCode(() -> sized.requireFits(new Scaffold(false, 1), 2)).doesNotThrowAnyException();
        for (Cohort cohort : new Cohort[] {new Cohort.Poisson(0.5), new Cohort.MinSeparation(2, 2), new Cohort.All()}) {
            Plan other = twoRounds(cohort, Optional.of(CLIENT_LEVEL));
            assertThatCode(() -> other.requireFits(new Scaffold(false, 1), 4)).doesNotThrowAnyException();
        }
        Plan unprotected = twoRounds(new Cohort.FixedSize(2), Optional.empty());
        assertThatCode(() -> unprotected.requireFits(new Scaffold(false, 1), 4)).doesNotThrowAnyException();
    }

    private static Plan twoRounds(Cohort cohort, Optional<ClientLevelPrivacy> level) {
        return new Plan(
                "toy",
                Toys.MODEL,
                2,
                Participation.of(cohort),
                Toys.TRAINING,
                Optional.empty(),
                level,
                EvaluationPlan.every(1));
    }

    @Test
    @DisplayName("do not fit if clients' noise tells how often they were drawn in another's place")
    void schedulesOfAClientsOwnStepsAreNotDrawnInAnothersPlace() {
        ExamplePrivacy constant = examples(Schedule.constant(), Schedule.constant());
        for (ExamplePrivacy scheduled : List.of(
                examples(Schedule.exponential(0.999), Schedule.constant()),
                examples(Schedule.constant(), Schedule.exponential(0.999)))) {
            String key = scheduled.noiseSchedule().isConstant() ? "clipping-schedule" : "noise-schedule";
            assertThatThrownBy(
                            () -> bothLevels(new Cohort.FixedSize(2), scheduled).requireFits(new FedAvg(false, 1), 4))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("privacy.example-level." + key + ": it follows the steps");
            assertThatCode(() -> bothLevels(new Cohort.Poisson(0.5), scheduled).requireFits(new FedAvg(false, 1), 4))
                    .doesNotThrowAnyException();
        }
        assertThatCode(() -> bothLevels(new Cohort.FixedSize(2), constant).requireFits(new FedAvg(false, 1), 4))
                .doesNotThrowAnyException();
    }

    private static ExamplePrivacy examples(Schedule noise, Schedule norm) {
        return new ExamplePrivacy(
                Optional.of(new Epsilon(2)),
                Optional.of(new Delta(1e-3)),
                Optional.empty(),
                FlatClipping.of(1),
                ClipPer.EXAMPLE,
                NeighbouringRelation.ZERO_OUT,
                Optional.empty(),
                noise,
                norm,
                AccountantChoice.RDP,
                true);
    }

    private static Plan bothLevels(Cohort cohort, ExamplePrivacy privacy) {
        Plan clients = twoRounds(cohort, Optional.of(CLIENT_LEVEL));
        return new Plan(
                clients.name(),
                clients.model(),
                clients.rounds(),
                clients.participation(),
                clients.training(),
                Optional.of(privacy),
                clients.clientLevel(),
                clients.evaluation());
    }

    static Stream<Strategy> ofTheMean() {
        return Stream.of(
                new FedAvg(false, 1),
                new FedAvgM(false, 1, 0.9),
                new FedAdagrad(false, 0.1, 0, 1e-3),
                new FedAdam(false, 0.1, 0.9, 0.99, 1e-3),
                new FedYogi(false, 0.1, 0.9, 0.99, 1e-3),
                new FedProx(false, 1, 0.1),
                new Scaffold(false, 1));
    }

    static Stream<Strategy> unbounded() {
        return Stream.of(
                new FedNova(false, 1, 0),
                new QFedAvg(0.2, 10),
                new FedMedian(1),
                new FedTrimmedAvg(0.2, 1),
                new Krum(1, 1),
                new MultiKrum(1, OptionalInt.empty(), 1),
                new Bulyan(1, 1));
    }

    @ParameterizedTest
    @MethodSource("ofTheMean")
    void fitUnderClientLevelPrivacyWhereOnlyTheMeanCounts(Strategy strategy) {
        assertThat(strategy).isInstanceOf(MeanStrategy.class);
        assertThatCode(() -> clientLevel().requireFits(strategy, 20)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("unbounded")
    void doNotFitUnderClientLevelPrivacyWhereOneClientsInfluenceHasNoBound(Strategy strategy) {
        assertThatThrownBy(() -> clientLevel().requireFits(strategy, 20))
                .hasMessage("strategy " + strategy.name() + " cannot be used with client-level privacy: "
                        + strategy.unbounded().orElseThrow());
        assertThatCode(() -> open().requireFits(strategy, 20)).doesNotThrowAnyException();
    }

    @Test
    void doNotFitUnderClientLevelPrivacyWithWeightsByExamples() {
        assertThatThrownBy(() -> clientLevel().requireFits(new FedAdam(true, 0.1, 0.9, 0.99, 1e-3), 20))
                .hasMessage("strategy fedadam: weights by examples are not bounded under client-level privacy; "
                        + "weigh clients uniformly, or set privacy.client-level.max-weight");
    }

    @Test
    void doNotFitUnderExampleLevelPrivacyWhereALossWouldLeave() {
        Plan guarded =
                plan(new Cohort.All(), Toys.TRAINING, Optional.of(ExamplePrivacy.withNoise(1, 1)), Optional.empty());
        assertThatThrownBy(() -> guarded.requireFits(new QFedAvg(0.2, 10), 20))
                .hasMessage(
                        "strategy qfedavg cannot be used with example-level privacy: clients would send their loss, "
                                + "which no noise protects");
        for (Strategy strategy : new Strategy[] {new Scaffold(false, 1), new FedNova(false, 1, 0), new Krum(1, 1)}) {
            assertThatCode(() -> guarded.requireFits(strategy, 20)).doesNotThrowAnyException();
        }
    }

    @Test
    void needEnoughClientsInACohort() {
        assertThatThrownBy(() -> open().requireFits(new Krum(3, 1), 8))
                .hasMessage("strategy krum needs 9 updates a round, but at most 8 clients are asked");
        assertThatCode(() -> open().requireFits(new Krum(3, 1), 9)).doesNotThrowAnyException();
        Plan ten = plan(new Cohort.FixedSize(10), Toys.TRAINING, Optional.empty(), Optional.empty());
        assertThatThrownBy(() -> ten.requireFits(new Bulyan(2, 1), 100))
                .hasMessage("strategy bulyan needs 11 updates a round, but at most 10 clients are asked");
        Plan drawn = plan(new Cohort.Poisson(0.1), Toys.TRAINING, Optional.empty(), Optional.empty());
        assertThatCode(() -> drawn.requireFits(new Bulyan(2, 1), 100)).doesNotThrowAnyException();
    }

    @Test
    void needGradientDescentWhereStepsAreCounted() {
        Plan adam = plan(
                new Cohort.All(),
                TrainingSettings.of(OptimizerSpec.adam(0.01), 20),
                Optional.empty(),
                Optional.empty());
        assertThatThrownBy(() -> adam.requireFits(new Scaffold(false, 1), 5))
                .hasMessage("strategy scaffold: mean gradients cannot be told from the steps of adam; "
                        + "set client.optimizer.name to sgd");
    }
}
