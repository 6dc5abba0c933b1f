package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes with settings of their own, as processes: ten rounds are planned for the target, and twelve are asked. */
@Tag("system")
@Timeout(600)
final class ClientSettingsLiveTest {
    private static final String DATA = "source: generated, train: 4000, test: 200, clients: 2, features: 16";
    private static final String EXPERIMENT = """
            name: settings
            data: {%s}
            model: logistic
            rounds: 12
            client: {batch-size: 100, epochs: 1}
            """.formatted(DATA);
    private static final String NODE = """
            data-set: rows
            data: {%s, client: %d}
            policy: {approval: automatic, require: example}
            """;
    private static final String SETTINGS = """
            epsilon: 1
            delta: 1e-4
            max_grad_norm: 1.2
            global_rounds: 10
            hardlimit: %s
            """;

    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "hardlimit: true refuses the round that would pass the target, false does it and reports the overshoot")
    void aTargetIsHardOrReported() throws Exception {
        try (LiveFederation federation = new LiveFederation(folder, Optional.empty())) {
            federation.node("hard", NODE.formatted(DATA, 0), "--settings", settings(true));
            federation.node("soft", NODE.formatted(DATA, 1), "--settings", settings(false));
            Path experiment = Files.writeString(folder.resolve("settings.yaml"), EXPERIMENT);
            String session = federation
                    .answer("session", "start", experiment.toString(), "--clients", "2", "--min-clients", "1")
                    .path("id")
                    .asText();
            Processes.await(() -> over(federation, session), 120);
            JsonNode shown = federation.answer("session", "show", session);
            assertThat(shown.path("rounds").asInt()).as(shown.toPrettyString()).isEqualTo(12);
            assertThat(epsilon(shown, "hard")).isGreaterThan(0.99).isLessThanOrEqualTo(1);
            assertThat(epsilon(shown, "soft")).isBetween(1.0001, 1.2);
            assertThat(reserved(federation, "hard")).isEqualTo(10);
            assertThat(reserved(federation, "soft")).isEqualTo(12);
            assertThat(federation
                            .answer("session", "log", session, "--client", "soft")
                            .toString())
                    .contains("round 11: epsilon 1.", "is past the target of 1");
            assertThat(federation
                            .answer("session", "log", session, "--client", "hard")
                            .toString())
                    .contains("round 11: refused", "round 12: refused")
                    .doesNotContain("past the target");
        }
    }

    private String settings(boolean hard) throws IOException {
        return Files.writeString(folder.resolve("settings-" + hard + ".yaml"), SETTINGS.formatted(hard))
                .toString();
    }

    private static boolean over(LiveFederation federation, String session) {
        String state =
                federation.answer("session", "show", session).path("state").asText();
        return !state.equals("gathering") && !state.equals("running");
    }

    private static double epsilon(JsonNode shown, String client) {
        for (JsonNode each : shown.path("clients")) {
            if (each.path("id").asText().equals(client)) {
                return each.path("epsilon").asDouble();
            }
        }
        throw new AssertionError("no client " + client + ": " + shown);
    }

    private static long reserved(LiveFederation federation, String node) {
        Sotto ledger =
                Sotto.run("ledger", "show", "--home", federation.home(node).toString(), "--json");
        assertThat(ledger.status()).as(ledger.err()).isZero();
        return ledger.json()
                .path("dataSets")
                .path(0)
                .path("sessions")
                .path(0)
                .path("reserved")
                .asLong();
    }
}
