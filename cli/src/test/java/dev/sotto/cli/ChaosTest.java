package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sotto.owner.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A session of real processes of which a random one is killed every ten seconds on average, whatever it is at, and started
 * again. Nothing may be lost, counted twice, or spent and not booked.
 */
@Tag("system")
final class ChaosTest {
    private static final int USUAL_SECONDS = 50;
    private static final int SECONDS = Integer.getInteger("sotto.chaos.seconds", USUAL_SECONDS);
    private static final long SEED = Long.getLong("sotto.chaos.seed", System.nanoTime());
    /** The most that a round takes, kills and all: on a busy machine a process may need half a minute to start. */
    private static final int SECONDS_A_ROUND = 240;

    private static final int NODES = 5;
    private static final int ROUNDS = 20 * Math.max(1, SECONDS / USUAL_SECONDS);
    private static final int EXAMPLES = 4000;
    private static final int BATCH = 40;
    private static final int EPOCHS = 6;
    private static final double NOISE = 2;
    private static final double DELTA = 1e-4;
    private static final List<String> OVER = List.of("completed", "budget", "stopped", "failed");
    private static final String DATA =
            "source: generated, train: " + NODES * EXAMPLES + ", test: 100, clients: " + NODES + ", features: 64";

    /** With a limit far beyond what is planned: a round whose node is killed in training is paid for again. */
    private static final String EXPERIMENT = """
            name: chaos
            data: {%s}
            model: logistic
            rounds: %d
            client: {batch-size: %d, epochs: %d}
            server: {strategy: scaffold}
            privacy:
              example-level: {noise-multiplier: %s, epsilon: 1000, delta: %s}
            """.formatted(DATA, ROUNDS, BATCH, EPOCHS, NOISE, DELTA);

    private static final String NODE = """
            data-set: rows
            data: {%s, client: %%d}
            policy:
              approval: automatic
              session-epsilon: 1000
              total: {epsilon: 2000, delta: %s}
            """.formatted(DATA, DELTA);

    @TempDir
    private Path folder;

    private final Map<String, Integer> kills = new HashMap<>();
    private Map<Integer, String> modelBefore = Map.of();

    @Test
    void aCoordinatorOnSqliteAndItsNodesSurviveKills() throws Exception {
        survive(Optional.empty());
    }

    @Test
    void aCoordinatorOnPostgresAndItsNodesSurviveKills() throws Exception {
        try (PostgresProcess postgres = new PostgresProcess(folder.resolve("postgres.log"))) {
            survive(Optional.of(postgres.url()));
        }
    }

    private void survive(Optional<String> database) throws Exception {
        System.out.println("chaos: -Dsotto.chaos.seed=" + SEED + " -Dsotto.chaos.seconds=" + SECONDS);
        List<ProcessHandle> before = ProcessHandle.current().descendants().toList();
        try (LiveFederation federation = new LiveFederation(folder, database)) {
            for (int node = 0; node < NODES; node++) {
                federation.node("node-" + node, NODE.formatted(node));
            }
            Path experiment = Files.writeString(folder.resolve("chaos.yaml"), EXPERIMENT);
            String id = federation
                    .answer("session", "start", experiment.toString(), "--min-clients", NODES + "")
                    .path("id")
                    .asText();
            harass(federation, id);
            JsonNode session = federation.answer("session", "show", id);
            assertThat(session.path("state").asText()).as(session.toString()).isEqualTo("completed");
            requireEachRoundCountedOnce(federation, id);
            List<String> nodes = federation.names().subList(1, NODES + 1);
            Processes.await(() -> nodes.stream().allMatch(node -> knowsItIsOver(federation, node, id)), 120);
            assertThat(federation.stop(nodes)).as("nodes that do not end").isEmpty();
            for (String node : nodes) {
                requireLedgerIsWhatWasDone(federation, session, node);
            }
            assertThat(federation.stop(List.of(LiveFederation.COORDINATOR))).isEmpty();
            assertThat(federation.running()).isEmpty();
            assertThat(ProcessHandle.current().descendants())
                    .as("processes left behind")
                    .allMatch(before::contains);
        }
    }

    /** Kills and starts again until the session is over, or the time for it is; then waits for the session's end. */
    private void harass(LiveFederation federation, String id) throws Exception {
        CompletableFuture<Void> over = CompletableFuture.runAsync(() -> awaitEnd(federation, id));
        ChaosSchedule schedule = new ChaosSchedule(SEED, federation.names());
        long start = System.nanoTime();
        long until = start + TimeUnit.SECONDS.toNanos(SECONDS);
        for (ChaosSchedule.Kill kill = schedule.next(); ; kill = schedule.next()) {
            long pause = Math.min(kill.pause().toNanos(), until - System.nanoTime());
            if (ends(over, pause) || System.nanoTime() >= until) {
                break;
            }
            assertThat(federation.names())
                    .as("processes that ended by themselves")
                    .allMatch(federation::alive);
            federation.kill(kill.victim());
            kills.merge(kill.victim(), 1, Integer::sum);
            Thread.sleep(kill.down().toMillis());
            federation.start(kill.victim());
            System.out.printf(
                    "chaos: after %.1f s: %s, down for %d ms%n",
                    (System.nanoTime() - start) / 1e9,
                    kill.victim(),
                    kill.down().toMillis());
        }
        over.get();
        System.out.printf("chaos: %d rounds in %.1f s, kills %s%n", ROUNDS, (System.nanoTime() - start) / 1e9, kills);
        assertThat(kills).as("the session was over before anybody was killed").isNotEmpty();
    }

    private static boolean ends(CompletableFuture<Void> over, long nanos)
            throws ExecutionException, InterruptedException {
        try {
            over.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** The coordinator may be away at any time. */
    private static void awaitEnd(LiveFederation federation, String id) {
        try {
            Processes.awaitWhileMoving(
                    () -> OVER.contains(show(federation, id).path("state").asText()),
                    () -> show(federation, id).path("rounds").asInt(),
                    SECONDS_A_ROUND);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode show(LiveFederation federation, String id) {
        Sotto said = federation.ask("session", "show", id);
        return said.status() == 0 ? said.json() : MissingNode.getInstance();
    }

    private static boolean knowsItIsOver(LiveFederation federation, String node, String id) {
        String file = "jdbc:sqlite:" + Owner.ledgerFile(federation.home(node));
        try (Connection ledger = DriverManager.getConnection(file);
                PreparedStatement query =
                        ledger.prepareStatement("SELECT 1 FROM endings WHERE session = ? AND ending = 'completed'")) {
            query.setString(1, id);
            return query.executeQuery().next();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** By the audit log, the models and the exported history, which must agree. */
    private void requireEachRoundCountedOnce(LiveFederation federation, String id) throws IOException {
        Sotto verified = federation.ask("audit", "verify");
        assertThat(verified.status()).as(verified.err()).isZero();
        List<String> committed = new ArrayList<>();
        List<String> begun = new ArrayList<>();
        for (JsonNode entry : federation.answer("audit", "list").path("entries")) {
            if (entry.path("action").asText().equals("round committed")) {
                committed.add(entry.path("detail").asText());
            } else if (entry.path("action").asText().equals("round begun")) {
                begun.add(entry.path("detail").asText());
            }
        }
        assertThat(begun)
                .doesNotHaveDuplicates()
                .hasSizeBetween(ROUNDS, ROUNDS + kills.getOrDefault(LiveFederation.COORDINATOR, 0));

        Map<Integer, JsonNode> models = new HashMap<>();
        for (JsonNode model : federation.answer("model", "list").path("models")) {
            assertThat(models.put(model.path("round").asInt(), model))
                    .as("another model of " + model)
                    .isNull();
        }
        assertThat(models.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(0, ROUNDS).boxed().toList());
        modelBefore = new HashMap<>();
        for (int round = 1; round <= ROUNDS; round++) {
            modelBefore.put(round, models.get(round - 1).path("sha256").asText());
            assertThat(models.get(round).path("parent").asText()).isEqualTo(modelBefore.get(round));
            assertThat(committed.get(round - 1))
                    .isEqualTo("round " + round + ", model "
                            + models.get(round).path("sha256").asText());
        }
        assertThat(committed).hasSize(ROUNDS);
        requireEveryNodeInEveryRound(federation, id);
    }

    private void requireEveryNodeInEveryRound(LiveFederation federation, String id) throws IOException {
        Path export = folder.resolve("export");
        federation.answer("session", "export", id, "--out", export.toString());
        List<String> history = Files.readAllLines(export.resolve("history.jsonl"));
        assertThat(history).hasSize(ROUNDS);
        for (int round = 1; round <= ROUNDS; round++) {
            JsonNode line = new ObjectMapper().readTree(history.get(round - 1));
            assertThat(line.path("round").asInt()).isEqualTo(round);
            assertThat(line.path("released").asBoolean()).as(line.toString()).isTrue();
            assertThat(line.path("clients")).as(line.toString()).allMatch(client -> client.path("refused")
                    .isNull());
            assertThat(line.path("clients").findValuesAsText("id"))
                    .containsExactlyElementsOf(federation.names().subList(1, NODES + 1));
        }
    }

    /** Each round released once, for the model that the coordinator committed before it; all else is reserved and lost. */
    private void requireLedgerIsWhatWasDone(LiveFederation federation, JsonNode session, String node)
            throws IOException, SQLException {
        String home = federation.home(node).toString();
        Sotto verified = Sotto.run("ledger", "verify", "--home", home, "--json");
        assertThat(verified.status()).as(verified.out()).isZero();
        LedgerRecount recount =
                LedgerRecount.of(federation.home(node), federation.logs(node).resolve("node-start.err"));
        int killed = kills.getOrDefault(node, 0);
        assertThat(recount.trainedOn()).as(node).isEqualTo(modelBefore);
        assertThat(recount.committed()).as(node).isEqualTo(recount.released());
        assertThat(recount.reserved()).as(node).hasSizeBetween(ROUNDS, ROUNDS + killed);
        assertThat(recount.reserved().stream().distinct()).as(node).hasSize(ROUNDS);
        assertThat(recount.trainings() - recount.reserved().size())
                .as(node + ": trainings that nothing was reserved for, but those killed on the way there")
                .isBetween(0L, (long) killed);

        JsonNode spent = Sotto.run("ledger", "show", "--home", home, "--json")
                .json()
                .path("dataSets")
                .get(0)
                .path("sessions");
        assertThat(spent).as(node).hasSize(1);
        assertThat(spent.get(0).path("reserved").asInt())
                .isEqualTo(recount.reserved().size());
        assertThat(spent.get(0).path("released").asInt()).isEqualTo(ROUNDS);
        double epsilon = recount.epsilon(NOISE, (double) BATCH / EXAMPLES, EPOCHS * EXAMPLES / BATCH, DELTA);
        assertThat(spent.get(0).path("epsilon").asDouble()).isCloseTo(epsilon, within(1e-6 * epsilon));
        for (JsonNode client : session.path("clients")) {
            if (client.path("id").asText().equals(node)) {
                assertThat(client.path("epsilon").asDouble())
                        .as("what the coordinator was told by " + node)
                        .isCloseTo(epsilon, within(1e-6 * epsilon));
            }
        }
        System.out.printf(
                "chaos: %s: %d reserved, %d released, epsilon %.4f%n",
                node, recount.reserved().size(), recount.released().size(), epsilon);
    }
}
