package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Owners decide while their nodes run: a coordinator and two nodes as processes, and the commands that a person types. */
@Tag("system")
@Timeout(600)
final class RequestLiveTest {
    private static final String DATA = "source: generated, train: 4000, test: 200, clients: 2, features: 16";
    private static final String EXPERIMENT = """
            name: asked
            data: {%s}
            model: logistic
            rounds: %d
            client: {batch-size: 100, epochs: 1}
            privacy:
              example-level: {epsilon: 8, delta: 1e-4}
            """;
    private static final String NODE = """
            data-set: rows
            data: {%s, client: %d}
            policy: {total: {epsilon: 90, delta: 1e-4}}
            """;

    @TempDir
    private static Path folder;

    private static LiveFederation federation;

    @BeforeAll
    static void start() throws Exception {
        federation = new LiveFederation(folder, Optional.empty());
        federation.node("a", NODE.formatted(DATA, 0));
        federation.node("b", NODE.formatted(DATA, 1));
    }

    @AfterAll
    static void stop() {
        federation.close();
    }

    private String session(int rounds, int minClients) throws IOException {
        Path file = Files.writeString(folder.resolve("asked.yaml"), EXPERIMENT.formatted(DATA, rounds));
        return federation
                .answer(
                        "session",
                        "start",
                        file.toString(),
                        "--clients",
                        "2",
                        "--min-clients",
                        minClients + "",
                        "--gather-timeout",
                        "200s")
                .path("id")
                .asText();
    }

    private JsonNode request(String node, String... arguments) {
        List<String> words = new ArrayList<>(List.of("request"));
        words.addAll(List.of(arguments));
        words.addAll(List.of("--home", federation.home(node).toString(), "--json"));
        Sotto said = Sotto.run(words.toArray(String[]::new));
        assertThat(said.status()).as(said.err()).isZero();
        return said.json();
    }

    private List<JsonNode> requests(String node, String session) {
        Sotto said =
                Sotto.run("request", "list", "--home", federation.home(node).toString(), "--json");
        List<JsonNode> found = new ArrayList<>();
        if (said.status() == 0) {
            said.json().path("requests").forEach(found::add);
        }
        found.removeIf(each -> !each.path("session").asText().equals(session));
        return found;
    }

    /** The id of what a node was asked for in a session, once it was. */
    private String asked(String node, String session) throws InterruptedException {
        Processes.await(() -> !requests(node, session).isEmpty(), 120);
        JsonNode asked = requests(node, session).get(0);
        assertThat(asked.path("state").asText()).isEqualTo("pending");
        return asked.path("id").asText();
    }

    private JsonNode client(String session, String node) {
        for (JsonNode client : federation.answer("session", "show", session).path("clients")) {
            if (client.path("id").asText().equals(node)) {
                return client;
            }
        }
        throw new AssertionError("session " + session + " has no client " + node);
    }

    private int rounds(String session) {
        return federation.answer("session", "show", session).path("rounds").asInt();
    }

    @Test
    void aSessionWaitsForBothOwnersAndGoesOnOnceTheyApprove() throws Exception {
        String session = session(3, 2);
        String a = asked("a", session);
        String b = asked("b", session);
        request("a", "approve", a, "--yes");
        Thread.sleep(3000);
        assertThat(federation.answer("session", "show", session).path("state").asText())
                .isEqualTo("gathering");
        assertThat(rounds(session)).isZero();
        request("b", "approve", b, "--yes");
        Processes.await(
                () -> federation
                        .answer("session", "show", session)
                        .path("state")
                        .asText()
                        .equals("completed"),
                120);
        assertThat(rounds(session)).isEqualTo(3);
        JsonNode ledger = request("a", "show", a).path("ledger");
        assertThat(ledger.path("now").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(ledger.path("after").asDouble());
    }

    @Test
    void theCoordinatorLearnsWhyAnOwnerRejects() throws Exception {
        String session = session(3, 1);
        request("b", "approve", asked("b", session), "--yes");
        request("a", "reject", asked("a", session), "--reason", "no ethics vote yet");
        Processes.await(() -> client(session, "a").path("reason").asText().contains("no ethics vote yet"), 120);
        assertThat(client(session, "a").path("state").asText()).isEqualTo("refused");
    }

    @Test
    void noRoundIsDoneOnceAnOwnerRevokes() throws Exception {
        String session = session(100_000, 1);
        String a = asked("a", session);
        request("a", "approve", a, "--yes");
        request("b", "approve", asked("b", session), "--yes");
        Processes.await(() -> rounds(session) >= 3, 120);
        request("a", "revoke", a, "--reason", "the study has ended");
        Processes.await(() -> federation.answer("audit", "list").toString().contains("the study has ended"), 120);
        Processes.await(() -> client(session, "a").path("reason").asText().contains("the study has ended"), 120);
        assertThat(client(session, "a").path("state").asText()).isEqualTo("refused");
        assertThat(client(session, "b").path("state").asText()).isEqualTo("accepted");
        JsonNode spent = request("a", "show", a).path("ledger").path("now");
        int before = rounds(session);
        Processes.await(() -> rounds(session) >= before + 3, 120);
        assertThat(request("a", "show", a).path("ledger").path("now")).isEqualTo(spent);
        federation.answer("session", "stop", session);
    }
}
