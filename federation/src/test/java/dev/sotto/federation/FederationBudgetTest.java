package dev.sotto.federation;

import static dev.sotto.federation.ToyFederation.DELTA;
import static dev.sotto.federation.ToyFederation.clients;
import static dev.sotto.federation.ToyFederation.plan;
import static dev.sotto.federation.ToyFederation.run;
import static dev.sotto.federation.ToyFederation.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.RunResult.Ending;
import dev.sotto.privacy.ClipPer;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.Schedule;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.clipping.FlatClipping;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A federation of clients with budgets")
class FederationBudgetTest {
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
}
