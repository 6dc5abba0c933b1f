package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Owners decide while their nodes run: a coordinator and two nodes as processes, and the commands that a person types. */
@Tag("system")
@Timeout(300)
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
            policy: {total: {epsilon: 20, delta: 1e-4}}
            """;

    @TempDir
    private Path folder;

    private LiveFederation federation;

    @BeforeEach
    void start() throws Exception {
        federation = new LiveFederation(folder, Optional.empty());
        federation.node("a", NODE.formatted(DATA, 0));
        federation.node("b", NODE.formatted(DATA, 1));
    }

    @AfterEach
    void stop() {
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
                        "60s")
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

    /** The id of what a node was asked, once it was. */
    private String asked(String node) throws InterruptedException {
        Processes.await(
                () -> {
                    Sotto said = Sotto.run(
                            "request", "list", "--home", federation.home(node).toString(), "--json");
                    return said.status() == 0 && !said.json().path("requests").isEmpty();
                },
                60);
        JsonNode first = request(node, "list").path("requests").get(0);
        assertThat(first.path("state").asText()).isEqualTo("pending");
        return first.path("id").asText();
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
        String a = asked("a");
        String b = asked("b");
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
                60);
        assertThat(rounds(session)).isEqualTo(3);
        JsonNode ledger = request("a", "show", a).path("ledger");
        assertThat(ledger.path("now").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(ledger.path("after").asDouble());
    }

    @Test
    void theCoordinatorLearnsWhyAnOwnerRejects() throws Exception {
        String session = session(3, 1);
        request("b", "approve", asked("b"), "--yes");
        request("a", "reject", asked("a"), "--reason", "no ethics vote yet");
        Processes.await(() -> client(session, "a").path("reason").asText().contains("no ethics vote yet"), 60);
        assertThat(client(session, "a").path("state").asText()).isEqualTo("refused");
    }

    @Test
    void noRoundIsDoneOnceAnOwnerRevokes() throws Exception {
        String session = session(100_000, 1);
        String a = asked("a");
        request("a", "approve", a, "--yes");
        request("b", "approve", asked("b"), "--yes");
        Processes.await(() -> rounds(session) >= 3, 90);
        request("a", "revoke", a, "--reason", "the study has ended");
        Processes.await(() -> client(session, "a").path("reason").asText().contains("the study has ended"), 60);
        JsonNode spent = request("a", "show", a).path("ledger").path("now");
        int before = rounds(session);
        Processes.await(() -> rounds(session) >= before + 3, 60);
        assertThat(request("a", "show", a).path("ledger").path("now")).isEqualTo(spent);
        federation.answer("session", "stop", session);
    }
}
