package dev.sotto.coordinator.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.coordinator.store.SessionState;
import dev.sotto.data.DataContext;
import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.federation.Client;
import dev.sotto.federation.RunListener;
import dev.sotto.simulation.Simulation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The process that runs a session dies, and another goes on: nothing is lost, and nothing is paid for or counted twice. */
@Timeout(120)
final class RecoveryTest {
    private static final long SEED = 5;

    @TempDir
    private Path home;

    private static float[] simulated() {
        Experiment experiment = Experiment.load(
                ExperimentFile.parse("test", Path.of(""), Hosts.TINY + "seed: " + SEED + "\n"), DataContext.ofSystem());
        Simulation.Outcome outcome = Simulation.of(experiment).run(new RunListener() {});
        assertThat(outcome.clients()).allMatch(Client::reproducible);
        return outcome.result().parameters();
    }

    @Test
    void aSessionWithASeedEndsWithTheBytesOfASimulation() throws IOException, InterruptedException {
        try (Hosts hosts = new Hosts(home, Hosts.TINY, OptionalLong.of(SEED))) {
            String id = hosts.start();
            assertThat(hosts.over(id).state()).isEqualTo(SessionState.COMPLETED);
            assertThat(hosts.model(id)).isEqualTo(simulated());
        }
    }

    @ParameterizedTest
    @CsvSource({"client-0,1", "client-1,1", "client-0,3", "client-1,3", "client-1,4"})
    void killedInARoundItGoesOnToTheSameBytes(String client, int round) throws IOException, InterruptedException {
        try (Hosts hosts = new Hosts(home, Hosts.TINY, OptionalLong.of(SEED))) {
            AtomicBoolean reached = new AtomicBoolean();
            CountDownLatch there = new CountDownLatch(1);
            hosts.reach.before = (who, number) -> {
                if (who.equals(client) && number == round && !reached.getAndSet(true)) {
                    there.countDown();
                    block();
                }
            };
            String id = hosts.start();
            assertThat(there.await(60, TimeUnit.SECONDS)).isTrue();
            hosts.restart();
            SessionView view = hosts.over(id);
            assertThat(view.state()).isEqualTo(SessionState.COMPLETED);
            assertThat(view.rounds()).isEqualTo(4);
            assertThat(hosts.model(id)).isEqualTo(simulated());
            assertThat(hosts.reach.trained).hasSize(8).doesNotHaveDuplicates();
            assertThat(hosts.reach.entries(id, "client-0")).isEqualTo(8);
            assertThat(hosts.database().audit().verify()).isEmpty();
        }
    }

    private static void block() {
        try {
            Thread.sleep(60_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("cut off", e);
        }
    }

    @Test
    void withSecretRandomnessReleasedUpdatesAreSentAgainFree() throws IOException, InterruptedException {
        try (Hosts hosts = new Hosts(home, Hosts.TINY, OptionalLong.empty())) {
            AtomicBoolean reached = new AtomicBoolean();
            CountDownLatch there = new CountDownLatch(1);
            hosts.reach.before = (who, number) -> {
                if (who.equals("client-1") && number == 2 && !reached.getAndSet(true)) {
                    there.countDown();
                    block();
                }
            };
            String id = hosts.start();
            assertThat(there.await(60, TimeUnit.SECONDS)).isTrue();
            hosts.restart();
            SessionView view = hosts.over(id);
            assertThat(view.state()).isEqualTo(SessionState.COMPLETED);
            assertThat(view.epsilon().orElseThrow()).isLessThanOrEqualTo(3);
            assertThat(hosts.reach.trained).hasSize(8).doesNotHaveDuplicates();
        }
    }

    @Test
    void aDrainedCoordinatorEndsItsRoundAndTheNextOneGoesOn() throws Exception {
        try (Hosts hosts = new Hosts(home, Hosts.TINY, OptionalLong.of(SEED))) {
            CountDownLatch there = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            hosts.reach.before = (who, number) -> {
                if (number == 2) {
                    there.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException("the round was not left alone", e);
                    }
                }
            };
            String id = hosts.start();
            assertThat(there.await(60, TimeUnit.SECONDS)).isTrue();
            FutureTask<Boolean> drained = new FutureTask<>(() -> hosts.service().drain(Duration.ofMinutes(1)));
            Thread draining = new Thread(drained);
            draining.start();
            while (draining.getState() != Thread.State.TIMED_WAITING) {
                assertThat(drained).isNotDone();
                Thread.sleep(1);
            }
            goOn.countDown(); // not before it waits for the round, or another might begin
            assertThat(drained.get()).isTrue();
            SessionView left = hosts.service().show(id);
            assertThat(left.state()).isEqualTo(SessionState.RUNNING);
            assertThat(left.rounds()).isEqualTo(2);
            hosts.restart();
            assertThat(hosts.over(id).rounds()).isEqualTo(4);
            assertThat(hosts.model(id)).isEqualTo(simulated());
        }
    }

    @Test
    void aSessionThatWasAskedToStopIsStoppedByTheNextProcess() throws IOException, InterruptedException {
        try (Hosts hosts = new Hosts(home, Hosts.TINY, OptionalLong.of(SEED))) {
            CountDownLatch there = new CountDownLatch(1);
            hosts.reach.before = (who, number) -> {
                if (number == 2) {
                    there.countDown();
                    block();
                }
            };
            String id = hosts.start();
            assertThat(there.await(60, TimeUnit.SECONDS)).isTrue();
            hosts.service().stop("ann", id, "enough");
            hosts.reach.before = (who, number) -> {};
            hosts.restart();
            SessionView view = hosts.over(id);
            assertThat(view.state()).isEqualTo(SessionState.STOPPED);
            assertThat(view.reason()).contains("enough");
            assertThat(view.rounds()).isEqualTo(1);
        }
    }
}
