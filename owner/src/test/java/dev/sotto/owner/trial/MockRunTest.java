package dev.sotto.owner.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sotto.data.Examples;
import dev.sotto.experiment.SessionTerms;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.owner.request.AskedExamples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A mock run")
class MockRunTest {
    private static final String PRIVATE = """
            name: toy
            contract: {features: [8], classes: [home, readmitted]}
            model: logistic
            rounds: 4
            client: {batch-size: 50, optimizer: {name: sgd, learning-rate: 0.5}}
            privacy: {example-level: {epsilon: 3, delta: 1e-5, max-grad-norm: 1}}
            """;

    private static MockRun.Outcome run(String terms, int examples, int rounds, long seed) {
        return run(terms, examples, rounds, seed, new MockProgress(round -> {}));
    }

    private static MockRun.Outcome run(String terms, int examples, int rounds, long seed, MockProgress progress) {
        SessionPackage offered = AskedExamples.packaged(terms, 2);
        SessionTerms read = offered.terms(2);
        MockData data = MockData.generated(offered.contract(), offered.model(), examples, seed);
        return MockRun.of(read, 2, Optional.empty(), data, seed).run(offered.seed(), rounds, progress);
    }

    @Test
    void showsTimeMemoryWhatWouldLeaveAndWhetherAnythingIsLearned() {
        MockRun.Outcome outcome = run(PRIVATE, 2000, 4, 1);
        assertThat(outcome.examples()).isEqualTo(2000);
        assertThat(outcome.rounds()).hasSize(4).allSatisfy(round -> assertThat(round.seconds())
                .isPositive());
        assertThat(outcome.secondsInAll()).isGreaterThan(outcome.secondsPerRound());
        assertThat(outcome.peakMemory()).isGreaterThan(100_000);
        assertThat(outcome.updateBytes()).isEqualTo(72);
        assertThat(outcome.updateNorm()).isPositive();
        MockRun.Round last = outcome.rounds().get(3);
        assertThat(last.accuracy().orElseThrow())
                .isGreaterThan(0.8)
                .isGreaterThan(outcome.before().orElseThrow());
        // The noise is calibrated over all planned rounds, as it would be on records.
        assertThat(last.epsilon().orElseThrow()).isBetween(2.9, 3.0);
        assertThat(outcome.rounds().get(0).epsilon().orElseThrow()).isLessThan(2.5);
    }

    @Test
    void stopsAfterAsManyRoundsAsWereAskedFor() {
        MockRun.Outcome outcome = run(PRIVATE, 500, 2, 1);
        assertThat(outcome.rounds()).hasSize(2);
        assertThat(outcome.planned()).isEqualTo(4);
        assertThat(run(PRIVATE, 500, 99, 1).rounds()).hasSize(4);
    }

    @Test
    void endsWhenNobodyWaitsAnyMoreAndKeepsWhatWasSeen() {
        AtomicReference<MockProgress> told = new AtomicReference<>();
        MockProgress progress = new MockProgress(round -> told.get().leave());
        told.set(progress);
        assertThatThrownBy(() -> run(PRIVATE, 500, 4, 1, progress)).hasMessageContaining("nobody waits");
        assertThat(progress.seen().orElseThrow().rounds()).hasSize(1);
        assertThat(progress.where()).isEqualTo("after round 1");
    }

    @Test
    void isWaitedForNoLongerThanWasSaid() throws InterruptedException {
        String endless = PRIVATE.replace("batch-size: 50", "batch-size: 50, steps: 100000000");
        MockProgress progress = new MockProgress(round -> {});
        AtomicReference<Thread> worker = new AtomicReference<>();
        FutureTask<MockRun.Outcome> run = new FutureTask<>(() -> run(endless, 500, 4, 1, progress));
        new Thread(run, "test-run").start();
        while (progress.where().startsWith("before")) {
            assertThat(run).as("it trains").isNotDone();
            Thread.sleep(10);
        }
        Optional<Throwable> all = progress.within(Duration.ofSeconds(1), () -> {
            worker.set(Thread.currentThread());
            return catchThrowable(run::get);
        });
        assertThat(all).isEmpty();
        assertThat(progress.seen()).isEmpty();
        assertThat(progress.where()).matches("in round 1, after [0-9]+ of its 100000000 steps");
        worker.get().join(60_000);
        assertThat(worker.get().isAlive()).as("it ends at its next step").isFalse();
    }

    @Test
    void comesOutTheSameForTheSameSeed() {
        List<Double> first = new ArrayList<>();
        for (long seed : new long[] {5, 5, 6}) {
            first.add(run(PRIVATE, 500, 2, seed).updateNorm());
        }
        assertThat(first.get(0)).isEqualTo(first.get(1)).isNotEqualTo(first.get(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "contract: {features: [1, 12, 12], classes: 3}\nmodel: {name: a, layers: [{conv2d: {channels: 4, kernel: 3}}, tanh, flatten, {linear: 3}]}",
                "contract: {features: [6], values: 2}\nmodel: logistic",
                "contract: {features: [10], classes: 3}\nmodel: {name: a, layers: [{embedding: {vocabulary: 20, dimension: 4}}, flatten, {linear: 3}]}",
                "contract: {features: [6], classes: 3}\nmodel: logistic\nprivacy: {client-level: {epsilon: 4, delta: 1e-3, clipping-norm: 1, noise: local}}",
                "contract: {features: [6], classes: 3}\nmodel: logistic\nserver: {strategy: scaffold}",
            })
    void drawsDataForAnyContractAndTrainsAsTheStrategyAsks(String terms) {
        MockRun.Outcome outcome = run(
                terms + "\nrounds: 3\nclient: {batch-size: 20, optimizer: {name: sgd, learning-rate: 0.1}}\n",
                400,
                3,
                2);
        assertThat(outcome.rounds()).hasSize(3).allSatisfy(round -> assertThat(round.loss())
                .isFinite());
    }

    @Test
    void fulfilsTheContractWithDataThatIsNobodys() {
        SessionPackage offered = AskedExamples.packaged(PRIVATE, 2);
        Examples drawn =
                MockData.generated(offered.contract(), offered.model(), 50, 1).examples();
        assertThat(offered.contract().misfit(drawn)).isEmpty();
        assertThat(drawn.size()).isEqualTo(50);
    }

    @Test
    void saysWhatCannotBe() {
        assertThatThrownBy(() -> run(PRIVATE, 10, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("client.batch-size: 50 is more than the 10 training examples");
        SessionPackage offered = AskedExamples.packaged(PRIVATE, 2);
        assertThatThrownBy(() -> MockData.generated(offered.contract(), offered.model(), Integer.MAX_VALUE, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--examples: 2147483647 mock records need")
                .hasMessageContaining("try it with at most");
    }
}
