package dev.sotto.folders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.experiment.ClientData;
import dev.sotto.experiment.SessionTerms;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.StandardTrainer;
import dev.sotto.folders.ProjectStatus.Role;
import dev.sotto.folders.ProjectStatus.RoundAccuracy;
import dev.sotto.privacy.random.Randomness;
import dev.sotto.simulation.Simulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A federation over folders")
class FolderFederationTest {
    static final String TERMS = """
            name: toy
            contract: {features: [8], classes: 2}
            model: logistic
            rounds: 3
            client: {batch-size: 20, optimizer: {name: sgd, learning-rate: 0.2}}
            """;
    static final String PRIVATE = "privacy: {example-level: {epsilon: 2, delta: 1e-5, max-grad-norm: 1}}\n";
    static final String AUTOMATIC = "approval: automatic";
    static final String[] OWNERS = {"ann@a.org", "bob@b.org", "cyd@c.org"};

    @TempDir
    private Path folder;

    private Party.All all;
    private Party aggregator;
    private final List<Party> owners = new ArrayList<>();

    @BeforeEach
    void prepare() {
        all = new Party.All();
    }

    @AfterEach
    void close() {
        all.close();
    }

    private void parties(DatasiteSettings how, String... policies) throws IOException {
        aggregator = all.add(Party.aggregator(folder, how));
        for (int i = 0; i < OWNERS.length; i++) {
            owners.add(all.add(Party.owner(folder, OWNERS[i], i, policies[i % policies.length], how)));
        }
        aggregator.start();
        owners.forEach(Party::start);
    }

    private static DatasiteSettings seeded() {
        return DatasiteSettings.usual().seeded(Party.SEED);
    }

    private SessionPackage packageOf(String project) throws IOException {
        try (Stream<Path> found = Files.walk(aggregator.datasite().home().resolve("projects"), 2)) {
            Path file = found.filter(each -> each.endsWith("package.sotto")
                            && each.getParent().getFileName().toString().startsWith(project + "."))
                    .findFirst()
                    .orElseThrow();
            return SessionPackage.open(file);
        }
    }

    private RunResult simulated(SessionPackage pack) {
        SessionTerms terms = pack.terms(owners.size());
        List<ClientData> clients = owners.stream()
                .map(owner -> new ClientData(
                        owner.datasite().email().clientId(), owner.examples().examples(), Optional.empty()))
                .toList();
        return new Simulation(
                        terms.plan(),
                        terms.strategy(),
                        terms.engine(),
                        clients,
                        Optional.empty(),
                        List.of(),
                        new StandardTrainer(),
                        Randomness.seeded(Party.SEED),
                        1)
                .run(new RunListener() {})
                .result();
    }

    private float[] federated(String project) throws IOException {
        return Party.values(aggregator
                .datasite()
                .privateTree()
                .resolve("fl_aggregator/done")
                .resolve(project)
                .resolve("model.npz"));
    }

    static Stream<Arguments> sessions() {
        return Stream.of(
                Arguments.of("plain", TERMS, "approval: automatic, require: none"),
                Arguments.of("example-level privacy", TERMS + PRIVATE, AUTOMATIC),
                Arguments.of(
                        "a strategy that sends more than a model",
                        TERMS + "server: {strategy: scaffold}\n",
                        "approval: automatic, require: none"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sessions")
    void givesTheSameBytesAsTheSimulation(String name, String terms, String policy) throws Exception {
        parties(seeded(), policy);
        aggregator.drop("toy", terms, 3, "PT60S", "PT60S", OWNERS);
        aggregator.awaitDone("toy");
        RunResult simulated = simulated(packageOf("toy"));
        assertThat(simulated.rounds()).isEqualTo(3);
        assertThat(federated("toy")).isEqualTo(simulated.parameters());
        assertThat(aggregator.status(Role.AGGREGATOR, "toy").orElseThrow().accuracies())
                .extracting(RoundAccuracy::round)
                .containsExactly(1, 2, 3);
    }
}
