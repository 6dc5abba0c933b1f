package dev.sotto.coordinator.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.coordinator.store.AuditLine;
import dev.sotto.coordinator.store.SessionState;
import dev.sotto.data.DataContext;
import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.federation.RunListener;
import dev.sotto.simulation.Simulation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that protect whole clients, over the death of the process that runs them. */
@Timeout(120)
abstract class ClientLevelSessionsContract {
    private static final long SEED = 9;
    private static final String MANY = """
            name: many
            data: {source: generated, train: 120, test: 20, clients: 6, features: 4}
            model: logistic
            rounds: 4
            cohort: {rate: 0.6}
            client: {batch-size: 10}
            privacy:
              client-level: {noise-multiplier: 1, delta: 1e-3, clipping-norm: 0.5}
            """;

    @TempDir
    private Path home;

    /** Address of an empty database. */
    abstract String database(Path home);

    private Hosts hosts() {
        return new Hosts(home, MANY, OptionalLong.of(SEED), database(home));
    }

    private static float[] simulated() {
        Experiment experiment = Experiment.load(
                ExperimentFile.parse("test", Path.of(""), MANY + "seed: " + SEED + "\n"), DataContext.ofSystem());
        return Simulation.of(experiment).run(new RunListener() {}).result().parameters();
    }

    /** Cuts the process off when somebody trains in a round. */
    private static CountDownLatch cutOff(Hosts hosts, int round) {
        AtomicBoolean reached = new AtomicBoolean();
        CountDownLatch there = new CountDownLatch(1);
        hosts.reach.before = (who, number) -> {
            if (number == round && !reached.getAndSet(true)) {
                there.countDown();
                try {
                    Thread.sleep(60_000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("cut off", e);
                }
            }
        };
        return there;
    }

    @Test
    void killedInARoundItGoesOnToTheBytesOfASimulation() throws IOException, InterruptedException {
        try (Hosts hosts = hosts()) {
            CountDownLatch there = cutOff(hosts, 2);
            String id = hosts.start();
            assertThat(there.await(60, TimeUnit.SECONDS)).isTrue();
            hosts.restart();
            SessionView view = hosts.over(id);
            assertThat(view.state()).as(view.reason().toString()).isEqualTo(SessionState.COMPLETED);
            assertThat(view.rounds()).isEqualTo(4);
            assertThat(view.unit()).isEqualTo("client");
            assertThat(view.epsilon()).isPresent();
            assertThat(hosts.model(id)).isEqualTo(simulated());
            assertThat(hosts.reach.trained).doesNotHaveDuplicates();
        }
    }

    @Test
    void noRoundOfASecretDrawIsHeldBackOrClosedEarly() throws IOException, InterruptedException {
        try (Hosts hosts = hosts()) {
            SessionPackages.Prepared prepared = hosts.prepared();
            SessionPackages.Prepared two =
                    hosts.packages().prepare(prepared.digest(), Optional.empty(), 0, 2, Optional.empty(), "ann");
            assertThatThrownBy(() -> hosts.packages().open(two.digest()).terms(6))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("cohort.min-clients: 2 is not possible under privacy.client-level");
            SessionSettings early = new SessionSettings(
                    6,
                    1,
                    SessionSettings.GATHER,
                    SessionSettings.ROUND,
                    3,
                    List.of(),
                    OptionalLong.of(SEED),
                    Optional.empty());
            String id = hosts.service().start("test", prepared, early).id();
            SessionView view = hosts.over(id);
            assertThat(view.state()).isEqualTo(SessionState.FAILED);
            assertThat(view.reason().orElseThrow()).startsWith("enough is 3, but under privacy.client-level");
        }
    }

    @Test
    void nothingThatIsKeptSaysWhoWasDrawn() throws IOException, InterruptedException {
        try (Hosts hosts = hosts()) {
            String id = hosts.start();
            SessionView view = hosts.over(id);
            assertThat(view.clients())
                    .allMatch(client -> client.steps() == 0 && client.epsilon().isEmpty());
            assertThat(hosts.database().sessions().rounds(id)).hasSize(4).allMatch(round -> round.reports()
                    .isEmpty());
            List<AuditLine> lines = hosts.database().audit().lines(1, 1000);
            assertThat(lines.stream().filter(line -> line.action().startsWith("round")))
                    .hasSize(8)
                    .noneMatch(line -> (line.actor() + line.detail()).contains("client-"));
            assertThat(hosts.database().log().events(id, 0, 1000))
                    .noneMatch(event -> event.text().contains("client-"));
        }
    }

    @Test
    void theRosterThatWasAgreedToStandsWhoeverIsAwayAfterARestart() throws IOException, InterruptedException {
        try (Hosts hosts = hosts()) {
            CountDownLatch there = cutOff(hosts, 2);
            // One more than there are, so that the session is planned anew for those who came.
            String id = hosts.service()
                    .start("test", hosts.prepared(), hosts.settings(7, false))
                    .id();
            assertThat(there.await(60, TimeUnit.SECONDS)).isTrue();
            hosts.reach.refuses("client-4", "away");
            hosts.restart();
            SessionView view = hosts.over(id);
            assertThat(view.state()).as(view.reason().toString()).isEqualTo(SessionState.COMPLETED);
            assertThat(hosts.database().sessions().roster(id)).hasSize(6);
            assertThat(hosts.model(id)).isEqualTo(simulated());
        }
    }
}
