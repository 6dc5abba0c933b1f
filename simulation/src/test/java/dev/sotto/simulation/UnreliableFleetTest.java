package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.data.DataContext;
import dev.sotto.data.Examples;
import dev.sotto.data.generated.ClassificationSource;
import dev.sotto.federation.Client;
import dev.sotto.federation.ClientReport;
import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.Reliability;
import dev.sotto.federation.Reliability.Deadline;
import dev.sotto.federation.Reliability.Pace;
import dev.sotto.federation.RoundRecord;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.RunResult.Ending;
import dev.sotto.federation.StandardTrainer;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.Presets;
import dev.sotto.learning.TrainingSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A fleet with clients that do not answer")
class UnreliableFleetTest {
    private static final Examples DATA = new ClassificationSource(400, 20, 4, 2, 4, 1)
            .load(DataContext.ofSystem())
            .train();

    /** Forty clients of ten examples, which take two steps a round each. */
    private static SimulationBuilder forty(Reliability reliability) {
        SimulationBuilder builder = Simulation.builder(Presets.fitting("logistic", DATA));
        for (int k = 0; k < 40; k++) {
            builder.client(
                    "client-" + k,
                    DATA.select(IntStream.range(10 * k, 10 * k + 10).toArray()));
        }
        return builder.reliability(reliability)
                .training(TrainingSettings.of(OptimizerSpec.sgd(0.1), 5))
                .rounds(50)
                .seed(3);
    }

    private static Reliability dropout(double share) {
        return new Reliability(share, Optional.empty());
    }

    private static Reliability deadline(double seconds, double spread, double jitter) {
        return new Reliability(0, Optional.of(new Deadline(seconds, new Pace(0.5, spread, jitter))));
    }

    private static List<ClientReport> reports(Simulation.Outcome outcome) {
        return outcome.result().history().stream()
                .flatMap(round -> round.reports().stream())
                .toList();
    }

    private static boolean dropped(ClientReport report) {
        return report.refusal()
                .map(refusal -> refusal.reason() == Reason.DROPPED)
                .orElse(false);
    }

    /** In how many of 50 rounds each client was dropped. */
    private static Map<String, Long> drops(Simulation.Outcome outcome) {
        return reports(outcome).stream()
                .collect(Collectors.groupingBy(
                        ClientReport::client, Collectors.summingLong(report -> dropped(report) ? 1 : 0)));
    }

    /** Binomial of 2000 at 0.4: mean 800, standard deviation 21.9; 5 of them are passed in fewer than 1 of 10^6 runs. */
    @Test
    void losesTheShareOfClientsThatWasAskedForEachOnItsOwn() {
        Simulation.Outcome outcome = forty(dropout(0.4)).run();
        assertThat(outcome.result().ending()).isEqualTo(Ending.COMPLETED);
        long lost =
                reports(outcome).stream().filter(UnreliableFleetTest::dropped).count();
        assertThat(lost).isBetween(800L - 110, 800L + 110);
        for (RoundRecord round : outcome.result().history()) {
            assertThat(round.reports()).hasSize(40);
            assertThat(round.updates())
                    .isEqualTo(40
                            - round.reports().stream()
                                    .filter(UnreliableFleetTest::dropped)
                                    .count());
        }
        // 40 clients, each binomial of 50 at 0.4: mean 20, variance 12; 6 standard deviations.
        assertThat(drops(outcome).values())
                .allSatisfy(count -> assertThat(count).isBetween(0L, 41L));
        assertThat(drops(outcome).values().stream().distinct().count()).isGreaterThan(3);
        long sizes = outcome.result().history().stream()
                .map(RoundRecord::updates)
                .distinct()
                .count();
        assertThat(sizes).as("not the same number each round").isGreaterThan(3);
    }

    @Test
    void doesNotTrainWhoVanishesNorTouchesItsLedger() {
        AtomicInteger trained = new AtomicInteger();
        Simulation.Outcome outcome = forty(dropout(0.4))
                .rounds(4)
                .privacy(ExamplePrivacy.withNoise(1, 1))
                .trainer((context, parameters, training) -> {
                    trained.incrementAndGet();
                    return new StandardTrainer().train(context, parameters, training);
                })
                .run();
        Map<String, Long> drops = drops(outcome);
        assertThat(trained.get())
                .isEqualTo(160 - (int) drops.values().stream().mapToLong(n -> n).sum());
        for (Client client : outcome.clients()) {
            long rounds = 4 - drops.get(client.profile().id());
            assertThat(client.stepsTaken()).isEqualTo((int) (2 * rounds));
            assertThat(client.epsilon().orElseThrow() > 0).isEqualTo(rounds > 0);
        }
    }

    @Test
    void losesTheUpdateOfWhoIsLateButNotWhatItSpent() {
        Simulation.Outcome outcome = forty(deadline(1.2, 0.5, 0))
                .rounds(2)
                .privacy(ExamplePrivacy.withNoise(1, 1))
                .run();
        Map<String, Long> drops = drops(outcome);
        assertThat(drops.values())
                .as("the slow are always late")
                .contains(0L, 2L)
                .doesNotContain(1L);
        for (Client client : outcome.clients()) {
            assertThat(client.stepsTaken()).isEqualTo(4);
            assertThat(client.epsilon().orElseThrow()).isPositive();
        }
        assertThat(reports(outcome)).filteredOn(UnreliableFleetTest::dropped).allSatisfy(report -> {
            assertThat(report.epsilon()).isPresent();
            assertThat(report.refusal().orElseThrow().message()).isEqualTo("it answered after the deadline");
        });
    }

    /** A deadline at the median loses half; 5 standard deviations of a binomial of 2000. */
    @Test
    void hasHalfOfTheClientsLateAtTheMedianOfAnEvenPace() {
        long late = reports(forty(deadline(1, 0, 0.5)).run()).stream()
                .filter(UnreliableFleetTest::dropped)
                .count();
        assertThat((double) late).isCloseTo(1000, within(5 * Math.sqrt(500)));
        assertThat(reports(forty(deadline(1.001, 0, 0)).run())).noneMatch(UnreliableFleetTest::dropped);
        assertThat(forty(deadline(0.999, 0, 0)).run().result().rounds())
                .as("everybody too late")
                .isZero();
    }

    @Test
    void givesTheSameBitsForASeedWhateverTheWorkers() {
        Reliability both = new Reliability(0.3, deadline(1.5, 0.5, 0.2).deadline());
        Simulation simulation = forty(both).rounds(5).build();
        Simulation.Outcome one = simulation.withWorkers(1).run(new RunListener() {});
        Simulation.Outcome three = simulation.withWorkers(3).run(new RunListener() {});
        assertThat(three.result().parameters()).isEqualTo(one.result().parameters());
        assertThat(reports(three)).isEqualTo(reports(one));
        assertThat(reports(one)).anyMatch(UnreliableFleetTest::dropped);
    }
}
