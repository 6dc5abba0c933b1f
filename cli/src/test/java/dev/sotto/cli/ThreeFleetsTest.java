package dev.sotto.cli;

import static dev.sotto.cli.Processes.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.folders.ProjectStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One experiment, as people would run it in one process, over a network and over folders, the last two with a process for
 * each party: from the same seed come the same bytes.
 */
@Tag("system")
@Timeout(600)
final class ThreeFleetsTest {
    private static final String SEED = "5";
    private static final List<String> OWNERS = List.of("a@example.org", "b@example.org", "c@example.org");
    private static final int ROUNDS = 3;
    private static final Set<String> OVER = Set.of("completed", "budget", "stopped", "failed");

    private static final String TERMS = """
            name: same
            model: logistic
            rounds: 3
            client: {batch-size: 20, epochs: 2, optimizer: {name: sgd, learning-rate: 0.5}}
            server: {weighting: uniform}
            privacy: {example-level: {epsilon: 4, delta: 1e-4, max-grad-norm: 1}}
            """;
    private static final String CONTRACT = "contract: {features: [3], classes: 2}\n";
    private static final String DATA = """
            data:
              source: csv
              path: %s
              files: [%s]
              format: {header: false}
              columns:
                - {name: x, numeric: {min: 0, max: 1}}
                - {name: y, numeric: {min: 0, max: 1}}
                - {name: z, numeric: {min: 0, max: 1}}
                - {name: class, label: [0, 1]}
            """;

    @TempDir
    private Path folder;

    private final List<String> clients =
            OWNERS.stream().map(each -> each.replace("@", "-at-")).toList();

    @Test
    void giveTheSameBytes() throws Exception {
        table(0, 300);
        table(1, 220);
        table(2, 410);
        byte[] simulated = simulated();
        assertThat(overANetwork()).isEqualTo(simulated);
        assertThat(overFolders()).isEqualTo(simulated);
    }

    /** One owner's rows, in a file that is called as its client is. */
    private void table(int owner, int rows) throws IOException {
        SplittableRandom random = new SplittableRandom(owner);
        List<String> lines = IntStream.range(0, rows)
                .mapToObj(row -> {
                    double x = random.nextDouble();
                    double y = random.nextDouble();
                    return x + "," + y + "," + random.nextDouble() + "," + (x + y > 0.8 + 0.2 * owner ? 1 : 0);
                })
                .toList();
        Files.write(folder.resolve(clients.get(owner)), lines);
    }

    private String data(List<String> files) {
        return DATA.formatted(folder, String.join(", ", files));
    }

    private static Sotto sotto(String... arguments) {
        return LiveDatasite.sotto(arguments);
    }

    private byte[] simulated() throws IOException {
        Path experiment = Files.writeString(
                folder.resolve("simulated.yaml"), TERMS + data(clients) + "  partition: {by: file}\n");
        Path out = folder.resolve("simulated");
        sotto("run", experiment.toString(), "--seed", SEED, "--out", out.toString());
        return Files.readAllBytes(out.resolve("model.npz"));
    }

    private byte[] overANetwork() throws IOException, InterruptedException {
        Path experiment = Files.writeString(folder.resolve("networked.yaml"), TERMS + CONTRACT);
        Path out = folder.resolve("networked");
        try (LiveFederation network = new LiveFederation(folder.resolve("network"), Optional.empty())) {
            for (String client : clients) {
                network.node(
                        client,
                        "data-set: table\ntest-data: true\npolicy: {approval: automatic}\n" + data(List.of(client)),
                        "--insecure-test-seed",
                        SEED);
            }
            String id = network.answer("session", "start", experiment.toString(), "--seed", SEED, "--min-clients", "3")
                    .path("id")
                    .asText();
            await(() -> OVER.contains(state(network, id)), 240);
            assertThat(state(network, id)).isEqualTo("completed");
            network.answer("session", "export", id, "--out", out.toString());
        }
        return Files.readAllBytes(out.resolve("model.npz"));
    }

    private static String state(LiveFederation network, String session) {
        return network.answer("session", "show", session).path("state").asText();
    }

    private byte[] overFolders() throws IOException, InterruptedException {
        List<LiveDatasite> all = new ArrayList<>();
        try {
            Path sites = Files.createDirectories(folder.resolve("folders"));
            LiveDatasite aggregator = datasite(sites, FlSample.AGGREGATOR, "");
            all.add(aggregator);
            for (int i = 0; i < OWNERS.size(); i++) {
                String offer = "data-set: table\ntest-data: true\npolicy: {approval: automatic}\n"
                        + data(List.of(clients.get(i)));
                all.add(datasite(sites, OWNERS.get(i), offer));
            }
            for (LiveDatasite each : all) {
                each.start("--insecure-test-seed", SEED);
            }
            await(() -> all.stream().allMatch(LiveDatasite::runs), 180);
            sotto(
                    "datasite",
                    "launch",
                    project(sites.resolve("same")).toString(),
                    "--yes",
                    "--data-dir",
                    aggregator.data().toString());
            await(() -> aggregator.is("same", State.DONE) || aggregator.is("same", State.FAILED), 240);
            assertThat(aggregator.project("same").orElseThrow().state())
                    .as(aggregator.project("same").toString())
                    .isEqualTo(State.DONE);
            return Files.readAllBytes(aggregator.data().resolve("private/fl_aggregator/done/same/model.npz"));
        } finally {
            all.forEach(LiveDatasite::close);
        }
    }

    private static LiveDatasite datasite(Path sites, String email, String offer) throws IOException {
        LiveDatasite made = new LiveDatasite(sites, email);
        Files.writeString(
                made.data().resolve("private/datasite.yaml"),
                "email: %s\ndata-dir: ..\nsynced: %s\n%s".formatted(email, sites.resolve("synced"), offer));
        return made;
    }

    /** The same terms as people of SyftBox write them, and the parameters that the seed draws. */
    private Path project(Path project) throws IOException {
        Files.createDirectories(project);
        sotto(
                "model",
                "seed",
                folder.resolve("networked.yaml").toString(),
                "--clients",
                "3",
                "--seed",
                SEED,
                "--out",
                project.resolve("weights.npz").toString());
        Files.writeString(project.resolve("fl_config.json"), """
                {
                  "project_name": "same",
                  "aggregator": "%s",
                  "participants": [%s],
                  "model": "logistic",
                  "contract": {"features": [3], "classes": 2},
                  "model_weight": "weights.npz",
                  "rounds": %d,
                  "learning_rate": 0.5,
                  "epoch": 2,
                  "batch_size": 20,
                  "min_clients": 3,
                  "privacy": {"example_level": {"epsilon": 4, "delta": 1e-4, "max_grad_norm": 1}}
                }
                """.formatted(
                        FlSample.AGGREGATOR,
                        OWNERS.stream().map(each -> "\"" + each + "\"").collect(Collectors.joining(", ")),
                        ROUNDS));
        return project;
    }
}
