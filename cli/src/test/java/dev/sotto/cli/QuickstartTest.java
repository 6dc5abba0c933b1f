package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart with its coordinator and nodes as processes of their own, over TLS. */
@Tag("system")
@Timeout(900)
final class QuickstartTest {
    @TempDir
    private Path folder;

    private Sotto quickstart(String... arguments) {
        List<String> all = new ArrayList<>(List.of("quickstart"));
        all.addAll(Arrays.asList(arguments));
        all.addAll(List.of("--out", folder.resolve("out").toString(), "--json"));
        return Sotto.run(all.toArray(String[]::new));
    }

    private static long children() {
        return ProcessHandle.current()
                .descendants()
                .filter(ProcessHandle::isAlive)
                .count();
    }

    @Test
    void eachClientSpendsWhatTheBudgetSays() throws IOException {
        long before = children();
        // The same sampling rates and steps as 24,140 and 25,860 examples in batches of 256, with a tenth of both.
        Sotto said = quickstart(
                "--rounds", "3", "--examples", "5000", "--batch", "26", "--physical-batch", "26", "--epsilon", "10");
        assertThat(said.status()).as(said.err()).isZero();
        JsonNode result = said.json();
        assertThat(result.path("rounds").asInt()).isEqualTo(3);
        assertThat(result.path("accuracy").asDouble()).isBetween(0.05, 1.0);
        assertThat(result.path("clients")).hasSize(2);
        assertThat(result.path("clients").get(0).path("examples").asInt()).isEqualTo(2414);
        assertThat(result.path("clients").get(1).path("examples").asInt()).isEqualTo(2586);
        for (JsonNode client : result.path("clients")) {
            assertThat(client.path("delta").asDouble()).isEqualTo(1e-4);
            assertThat(client.path("epsilonPld").asDouble())
                    .isGreaterThan(0)
                    .isLessThan(client.path("epsilon").asDouble());
            Sotto computed = Sotto.run(
                    "privacy",
                    "epsilon",
                    "--noise-multiplier",
                    "1.0",
                    "--rate",
                    String.valueOf(26.0 / client.path("examples").asInt()),
                    "--steps",
                    String.valueOf(client.path("steps").asInt()),
                    "--delta",
                    "1e-4",
                    "--relation",
                    "zero-out",
                    "--accountant",
                    "rdp",
                    "--json");
            assertThat(client.path("epsilon").asDouble())
                    .isCloseTo(computed.json().path("epsilon").asDouble(), within(1e-6));
        }
        assertThat(Files.exists(folder.resolve("out/report.html"))).isTrue();
        assertThat(children()).as("processes left behind").isEqualTo(before);
    }

    @Test
    void aBudgetThatNothingFitsRefusesEverything() {
        Sotto said = quickstart("2", "2", "2", "2", "256", "256", "0.01", "1.0", "1.2", "0.5", "--examples", "2000");
        assertThat(said.status()).as(said.err()).isEqualTo(Failures.REFUSED);
        assertThat(said.json().path("stopped").asText()).isEqualTo("budget");
        assertThat(said.json().path("rounds").asInt()).isZero();
    }

    @Test
    void interruptedItTakesItsProcessesAlong() throws IOException, InterruptedException {
        Process process = Processes.sotto(
                folder,
                "quickstart",
                "--examples",
                "20000",
                "--rounds",
                "500",
                "--epsilon",
                "100",
                "--out",
                folder.resolve("cut").toString());
        try {
            Processes.await(() -> process.descendants().count() >= 3, 180);
            List<ProcessHandle> all = process.descendants().toList();
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            Processes.await(() -> all.stream().noneMatch(ProcessHandle::isAlive), 30);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
