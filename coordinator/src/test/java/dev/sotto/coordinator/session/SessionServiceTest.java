package dev.sotto.coordinator.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.coordinator.store.AuditLine;
import dev.sotto.coordinator.store.SessionState;
import dev.sotto.formats.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class SessionServiceTest {
    @TempDir
    private Path home;

    @TempDir
    private Path out;

    private Hosts hosts() {
        return new Hosts(home, Hosts.TINY, OptionalLong.empty());
    }

    @Test
    void aSessionRunsAllItsRoundsAndSaysWhatItSpent() throws IOException, InterruptedException {
        try (Hosts hosts = hosts()) {
            List<String> told = new CopyOnWriteArrayList<>();
            String id = hosts.service()
                    .start("ann", hosts.prepared(), hosts.settings(2, true))
                    .id();
            hosts.service().watch(id, event -> told.add(event.kind()));
            SessionView view = hosts.over(id);
            assertThat(view.state()).isEqualTo(SessionState.COMPLETED);
            assertThat(view.rounds()).isEqualTo(4);
            assertThat(view.unit()).isEqualTo("example");
            assertThat(view.epsilon().orElseThrow()).isLessThanOrEqualTo(3).isGreaterThan(2.5);
            assertThat(view.accuracy()).isPresent();
            assertThat(view.clients()).extracting(SessionView.Member::id).containsExactly("client-0", "client-1");
            assertThat(view.clients()).allMatch(client -> client.steps() == 8 && client.examples() == 20);
            JsonNode result = new ObjectMapper().readTree(view.result().orElseThrow());
            assertThat(result.path("rounds").asInt()).isEqualTo(4);
            assertThat(result.path("clients").get(0).path("epsilon").asDouble())
                    .isCloseTo(view.clients().get(0).epsilon().orElseThrow(), within(1e-12));
            assertThat(hosts.reach.endings).containsEntry(id, "completed");
            assertThat(hosts.database().audit().verify()).isEmpty();
            assertThat(hosts.database().audit().lines(1, 1000))
                    .extracting(AuditLine::action)
                    .contains("session created", "session running", "round committed", "session completed");
        }
    }

    @Test
    void theFilesAreThoseOfARun() throws IOException, InterruptedException {
        try (Hosts hosts = hosts()) {
            String id = hosts.start();
            hosts.over(id);
            hosts.service().export(id, out);
            assertThat(out)
                    .isDirectoryContaining("glob:**/experiment.yaml")
                    .isDirectoryContaining("glob:**/model.safetensors")
                    .isDirectoryContaining("glob:**/model.npz")
                    .isDirectoryContaining("glob:**/report.html")
                    .isDirectoryContaining("glob:**/accuracy.svg");
            assertThat(Files.readAllLines(out.resolve("history.jsonl"))).hasSize(4);
            JsonNode privacy =
                    new ObjectMapper().readTree(out.resolve("privacy.json").toFile());
            assertThat(privacy.path("private").asBoolean()).isTrue();
            assertThat(privacy.path("clients")).hasSize(2);
            assertThat(privacy.path("clients").get(1).path("steps").asInt()).isEqualTo(8);
        }
    }

    @Test
    void tenSessionsRunAtOnce() throws IOException, InterruptedException {
        try (Hosts hosts = hosts()) {
            CountDownLatch all = new CountDownLatch(10);
            hosts.reach.before = (client, round) -> {
                if (client.equals("client-0") && round == 1) {
                    all.countDown();
                    await(all); // nobody goes on before all ten are in their first round
                }
            };
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                ids.add(hosts.start());
            }
            for (String id : ids) {
                assertThat(hosts.over(id).state()).isEqualTo(SessionState.COMPLETED);
            }
            assertThat(hosts.service().list()).hasSize(10);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the others did not come");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whateverIsThrownIsTheReasonOfAFailedSessionWhichCanGoOn() throws IOException, InterruptedException {
        try (Hosts hosts = hosts()) {
            hosts.reach.before = (client, round) -> {
                if (round == 3) {
                    throw new AssertionError("the roof came down\nwith all its tiles");
                }
            };
            String id = hosts.start();
            SessionView failed = hosts.over(id);
            assertThat(failed.state()).isEqualTo(SessionState.FAILED);
            assertThat(failed.reason()).contains("the roof came down");
            assertThat(failed.rounds()).isEqualTo(2);
            assertThat(hosts.reach.endings).containsEntry(id, "failed");

            hosts.reach.before = (client, round) -> {};
            hosts.service().resume("ann", id);
            SessionView view = hosts.over(id);
            assertThat(view.state()).isEqualTo(SessionState.COMPLETED);
            assertThat(view.rounds()).isEqualTo(4);
        }
    }

    @Test
    void aStopWaitsForTheRoundAndAResumeGoesOnFromThere() throws IOException, InterruptedException {
        try (Hosts hosts = hosts()) {
            CountDownLatch inSecond = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            hosts.reach.before = (client, round) -> {
                if (round == 2) {
                    inSecond.countDown();
                    await(goOn);
                }
            };
            String id = hosts.start();
            await(inSecond);
            assertThat(hosts.service().stop("ann", id, "lunch").state()).isEqualTo(SessionState.STOPPING);
            goOn.countDown();
            SessionView stopped = hosts.over(id);
            assertThat(stopped.state()).isEqualTo(SessionState.STOPPED);
            assertThat(stopped.reason()).contains("lunch");
            assertThat(stopped.rounds()).isEqualTo(2);
            hosts.service().resume("ann", id);
            assertThat(hosts.over(id).rounds()).isEqualTo(4);
            // Each round trained once at each client: nothing was paid for twice.
            assertThat(hosts.reach.trained).hasSize(8).doesNotHaveDuplicates();
            assertThatThrownBy(() -> hosts.service().resume("ann", id))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("completed");
        }
    }

    @Test
    void aStopWhileGatheringIsImmediate() throws IOException, InterruptedException {
        try (Hosts hosts = hosts()) {
            hosts.reach.refuses("client-0", "policy: never");
            SessionSettings patient = new SessionSettings(
                    2,
                    2,
                    java.time.Duration.ofHours(1),
                    java.time.Duration.ofSeconds(30),
                    0,
                    List.of(),
                    OptionalLong.empty(),
                    java.util.Optional.empty());
            String id = hosts.service().start("ann", hosts.prepared(), patient).id();
            hosts.until(id, state -> state == SessionState.GATHERING);
            hosts.service().stop("ann", id, "");
            assertThat(hosts.over(id).state()).isEqualTo(SessionState.STOPPED);
        }
    }

    @Test
    void tooFewClientsFailItWithWhatTheyHadToSay() throws IOException, InterruptedException {
        try (Hosts hosts = hosts()) {
            hosts.reach.refuses("client-0", "the data set may spend 1.0 in all");
            SessionSettings both = new SessionSettings(
                    2,
                    2,
                    java.time.Duration.ofMillis(50),
                    java.time.Duration.ofSeconds(30),
                    0,
                    List.of(),
                    OptionalLong.empty(),
                    java.util.Optional.empty());
            String id = hosts.service().start("ann", hosts.prepared(), both).id();
            SessionView view = hosts.over(id);
            assertThat(view.state()).isEqualTo(SessionState.FAILED);
            assertThat(view.reason().orElseThrow())
                    .contains("only 1 of 2", "client-0", "the data set may spend 1.0 in all");
            assertThat(view.clients()).extracting(SessionView.Member::state).containsExactly("refused", "accepted");
        }
    }

    @Test
    void aSpentBudgetEndsItAsThat() throws IOException, InterruptedException {
        String harder = Hosts.TINY.replace("epsilon: 3,", "epsilon: 3, noise-multiplier: 1.0,");
        try (Hosts hosts = new Hosts(home, harder, OptionalLong.empty())) {
            String id = hosts.start();
            SessionView view = hosts.over(id);
            assertThat(view.state()).isEqualTo(SessionState.BUDGET);
            assertThat(view.rounds()).isLessThan(4);
            assertThat(view.epsilon().orElse(0)).isLessThanOrEqualTo(3);
            assertThat(view.result()).isPresent();
        }
    }

    @Test
    void aSeededNodeInASessionWithoutSeedIsAMistakeThatIsNamed() throws IOException, InterruptedException {
        try (Hosts hosts = new Hosts(home, Hosts.TINY, OptionalLong.of(5))) {
            SessionSettings secret = new SessionSettings(
                    2,
                    1,
                    java.time.Duration.ofSeconds(1),
                    java.time.Duration.ofSeconds(30),
                    0,
                    List.of(),
                    OptionalLong.empty(),
                    java.util.Optional.empty());
            String id = hosts.service().start("ann", hosts.prepared(), secret).id();
            assertThat(hosts.over(id).reason().orElseThrow()).contains("--insecure-test-seed");
        }
    }

    @Test
    void otherRoundsMakeAnotherPackage() throws IOException, InterruptedException {
        try (Hosts hosts = hosts()) {
            SessionPackages.Prepared prepared = hosts.prepared();
            SessionPackages.Prepared two = hosts.packages()
                    .prepare(
                            prepared.digest(), java.util.Optional.of("short"), 2, 2, java.util.Optional.empty(), "ann");
            assertThat(two.digest()).isNotEqualTo(prepared.digest());
            String id =
                    hosts.service().start("ann", two, hosts.settings(2, false)).id();
            SessionView view = hosts.over(id);
            assertThat(view.name()).isEqualTo("short");
            assertThat(view.rounds()).isEqualTo(2);
            // Calibrated over two rounds: they use the whole of the budget.
            assertThat(view.epsilon().orElseThrow()).isBetween(2.5, 3.0);

            SessionPackages.Prepared further = hosts.packages()
                    .prepare(
                            prepared.digest(),
                            java.util.Optional.empty(),
                            1,
                            0,
                            java.util.Optional.of(view.model()),
                            "ann");
            String next = hosts.service()
                    .start("ann", further, hosts.settings(2, false))
                    .id();
            SessionView then = hosts.over(next);
            assertThat(hosts.database().models().lineage(then.model())).hasSize(1 + 2 + 1);
        }
    }

    @Test
    void whatIsNotThereIsNamed() {
        try (Hosts hosts = hosts()) {
            assertThatThrownBy(() -> hosts.service().show("s-none"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("s-none");
            assertThatThrownBy(() -> hosts.packages().open(new byte[32])).hasMessageContaining("no package");
        }
    }
}
