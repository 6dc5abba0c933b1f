package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator is killed in the middle of a session and started again: real processes, and the bytes of a simulation. */
@Tag("system")
@Timeout(1800)
final class CoordinatorKillTest {
    private static final String EXPERIMENT = """
            name: killed
            data: {source: generated, train: 4000, test: 200, clients: 2, features: 16}
            model: logistic
            rounds: 12
            client: {batch-size: 10, epochs: 3}
            privacy:
              example-level: {epsilon: 8, delta: 1e-4}
            """;

    @TempDir
    private Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void stop() throws InterruptedException {
        processes.forEach(Process::destroy);
        for (Process process : processes) {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    private Process keep(Process process) {
        processes.add(process);
        return process;
    }

    private Sotto ask(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--coordinator", folder.resolve("home/operator.yaml").toString(), "--json"));
        return Sotto.run(all.toArray(String[]::new));
    }

    private Process coordinator() throws IOException, InterruptedException {
        Process process = keep(Processes.sotto(
                folder, "coordinator", "start", "--home", folder.resolve("home").toString(), "--probes", "0"));
        Processes.await(() -> ask("session", "list").status() == 0, 120);
        return process;
    }

    private void node(int number) throws IOException {
        String id = "client-" + number;
        String home = folder.resolve(id).toString();
        String token = ask("coordinator", "token", id).json().path("token").asText();
        assertThat(Sotto.run("node", "join", token, "--id", id, "--home", home).status())
                .isZero();
        Path file = Files.writeString(folder.resolve(id + ".yaml"), """
                data-set: %s
                test-data: true
                data: {source: generated, train: 4000, test: 200, clients: 2, features: 16, client: %d}
                policy: {approval: automatic}
                """.formatted(id, number));
        keep(Processes.sotto(
                folder, "node", "start", "--home", home, "--data", file.toString(), "--insecure-test-seed", "5"));
    }

    @Test
    void theSessionGoesOnToTheBytesOfASimulation() throws IOException, InterruptedException {
        int port = Processes.freePort();
        assertThat(Sotto.run(
                                "coordinator",
                                "init",
                                "--home",
                                folder.resolve("home").toString(),
                                "--port",
                                String.valueOf(port))
                        .status())
                .isZero();
        Process first = coordinator();
        node(0);
        node(1);
        Path experiment = Files.writeString(folder.resolve("killed.yaml"), EXPERIMENT);
        Sotto started = ask("session", "start", experiment.toString(), "--seed", "5", "--min-clients", "2");
        assertThat(started.status()).as(started.err()).isZero();
        String id = started.json().path("id").asText();
        Processes.await(() -> rounds(id) >= 2, 180);
        first.destroyForcibly().waitFor();
        coordinator();
        Processes.awaitWhileMoving(() -> over(id), () -> rounds(id), 180);
        JsonNode session = show(id);
        assertThat(session.path("state").asText()).as(session.toString()).isEqualTo("completed");
        assertThat(session.path("rounds").asInt()).isEqualTo(12);

        assertThat(ask(
                                "session",
                                "export",
                                id,
                                "--out",
                                folder.resolve("networked").toString())
                        .status())
                .isZero();
        assertThat(Sotto.run(
                                "run",
                                experiment.toString(),
                                "--seed",
                                "5",
                                "--out",
                                folder.resolve("simulated").toString())
                        .status())
                .isZero();
        assertThat(Files.readAllBytes(folder.resolve("networked/model.npz")))
                .isEqualTo(Files.readAllBytes(folder.resolve("simulated/model.npz")));
        Sotto audit = ask("audit", "verify");
        assertThat(audit.status()).as(audit.err()).isZero();
    }

    private JsonNode show(String id) {
        return ask("session", "show", id).json();
    }

    private int rounds(String id) {
        return show(id).path("rounds").asInt();
    }

    private boolean over(String id) {
        return List.of("completed", "budget", "stopped", "failed")
                .contains(show(id).path("state").asText());
    }
}
