package dev.sotto.coordinator.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.coordinator.session.Reach.Acceptance;
import dev.sotto.coordinator.session.Reach.Answered;
import dev.sotto.coordinator.session.Reach.Offer;
import dev.sotto.data.DataContext;
import dev.sotto.data.Examples;
import dev.sotto.data.generated.ClassificationSource;
import dev.sotto.experiment.ClientData;
import dev.sotto.federation.Client;
import dev.sotto.federation.ClientPrivacy;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.Federation;
import dev.sotto.federation.Fleet;
import dev.sotto.federation.RoundRecord;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.StandardTrainer;
import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.federation.clientlevel.UpdateNoise;
import dev.sotto.federation.strategy.FedAvg;
import dev.sotto.federation.strategy.FedMedian;
import dev.sotto.federation.strategy.Scaffold;
import dev.sotto.learning.Initialization;
import dev.sotto.learning.LocalTraining;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.Presets;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.ledger.InMemoryLedger;
import dev.sotto.simulation.Simulation;
import dev.sotto.simulation.SimulationBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A federation over the network")
class SameBytesTest {
    private static final Examples DATA = new ClassificationSource(120, 20, 4, 2, 4, 1)
            .load(DataContext.ofSystem())
            .train();

    @TempDir
    Path folder;

    private static Examples part(int from, int to) {
        return DATA.select(IntStream.range(from, to).toArray());
    }

    private static SimulationBuilder two() {
        return Simulation.builder(Presets.fitting("logistic", DATA))
                .client("ann", part(0, 40), part(40, 50))
                .client("bob", part(50, 110), part(110, 120))
                .training(TrainingSettings.of(OptimizerSpec.sgd(0.1), 10))
                .rounds(4)
                .workers(1)
                .seed(11);
    }

    static Stream<Arguments> runs() {
        return Stream.of(
                Arguments.of("plain", two()),
                Arguments.of("a strategy that keeps updates", two().strategy(new FedMedian(1))),
                Arguments.of("a strategy that sends more than a model", two().strategy(new Scaffold(true, 1))),
                Arguments.of("example-level privacy", two().privacy(ExamplePrivacy.withNoise(1, 1))),
                Arguments.of(
                        "client-level privacy",
                        two().strategy(new FedAvg(false, 1)).clientLevel(ClientLevelPrivacy.withNoise(1, 1e-3, 0.5))),
                Arguments.of(
                        "noise at the clients",
                        two().strategy(new FedAvg(false, 1))
                                .minClients(2)
                                .clientLevel(ClientLevelPrivacy.withNoise(1, 1e-3, 0.5)
                                        .with(new UpdateNoise.AtClients(0)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("runs")
    void givesTheSameBytesAsTheSimulation(String name, SimulationBuilder builder) throws Exception {
        Simulation simulation = builder.build();
        RunResult simulated = simulation.run(new RunListener() {}).result();
        try (TestNetwork network = new TestNetwork(folder)) {
            RunResult federated = run(simulation, network, new RunListener() {});
            assertThat(federated.ending()).isEqualTo(simulated.ending());
            assertThat(federated.parameters()).isEqualTo(simulated.parameters());
            assertThat(federated.history())
                    .usingRecursiveComparison()
                    .ignoringFields("seconds")
                    .isEqualTo(simulated.history());
        }
    }

    @Test
    void goesOnWhenTheCoordinatorsPortIsClosedAndOpenedAgainBetweenRounds() throws Exception {
        Simulation simulation = two().build();
        RunResult simulated = simulation.run(new RunListener() {}).result();
        try (TestNetwork network = new TestNetwork(folder)) {
            List<TestNode> nodes = nodes(simulation, network);
            try {
                Offer offer = network.offer("s", 2);
                List<Acceptance> roster = network.reach().gather(offer, 2, 2, Duration.ofSeconds(30), answer -> {});
                float[] model = Initialization.draw(
                        simulation.plan().model(), simulation.randomness().stream("initial-parameters"));
                Fleet moving = new Moving(network, offer, roster);
                RunResult federated = new Federation(
                                simulation.plan(),
                                simulation.strategy(),
                                moving,
                                Optional.empty(),
                                simulation.randomness(),
                                new RunListener() {
                                    @Override
                                    public void roundFinished(RoundRecord record, float[] parameters) {
                                        if (record.round() == 2) {
                                            restart(network);
                                        }
                                    }
                                })
                        .run(model);
                assertThat(federated.parameters()).isEqualTo(simulated.parameters());
                assertThat(nodes).allMatch(node -> node.connections >= 2);
            } finally {
                nodes.forEach(TestNode::close);
            }
        }
    }

    private static void restart(TestNetwork network) {
        try {
            network.restart();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The fleet of whatever network there is now. */
    private record Moving(TestNetwork network, Offer offer, List<Acceptance> roster) implements Fleet {
        private Fleet now() {
            return network.reach().fleet(offer, roster, network.rules(Duration.ofSeconds(60), 0));
        }

        @Override
        public List<dev.sotto.federation.ClientProfile> clients() {
            return roster.stream().map(Acceptance::profile).toList();
        }

        @Override
        public Collected run(
                dev.sotto.federation.RoundTask task,
                List<String> cohort,
                dev.sotto.federation.Aggregate empty,
                ClientObserver observer) {
            return now().run(task, cohort, empty, observer);
        }

        @Override
        public Map<String, Evaluated> evaluate(dev.sotto.federation.RoundTask task, List<String> cohort) {
            return now().evaluate(task, cohort);
        }

        @Override
        public void close() {}
    }

    private static List<TestNode> nodes(Simulation simulation, TestNetwork network) throws IOException {
        List<TestNode> nodes = new ArrayList<>();
        for (ClientData data : simulation.clients()) {
            Optional<ClientPrivacy> privacy =
                    simulation.plan().clientPrivacy(data.examples().size());
            Client client = new Client(
                    data.id(),
                    data.examples(),
                    data.heldOut(),
                    simulation.plan().training(),
                    privacy,
                    new InMemoryLedger(
                            privacy.map(own -> Map.of(data.id(), own.budget())).orElse(Map.of())),
                    simulation.randomness(),
                    new StandardTrainer());
            TestNetwork.Member member = network.join(data.id());
            nodes.add(new TestNode(
                    member,
                    network.settings(member, network.address()),
                    client,
                    simulation.strategy().method(),
                    new LocalTraining(
                            simulation.engine().compile(simulation.plan().model()))));
        }
        return nodes;
    }

    private static RunResult run(Simulation simulation, TestNetwork network, RunListener listener) throws Exception {
        List<TestNode> nodes = nodes(simulation, network);
        try {
            Offer offer = network.offer("s", 2);
            List<Answered> answers = new ArrayList<>();
            List<Acceptance> roster = network.reach().gather(offer, 2, 2, Duration.ofSeconds(30), answers::add);
            assertThat(roster).extracting(each -> each.profile().id()).containsExactly("ann", "bob");
            Fleet fleet = network.reach().fleet(offer, roster, network.rules(Duration.ofSeconds(60), 0));
            float[] model = Initialization.draw(
                    simulation.plan().model(), simulation.randomness().stream("initial-parameters"));
            RunResult result = new Federation(
                            simulation.plan(),
                            simulation.strategy(),
                            fleet,
                            Optional.empty(),
                            simulation.randomness(),
                            listener)
                    .run(model);
            network.reach().over("s", "completed");
            TestNetwork.until(() -> nodes.stream().allMatch(node -> node.ended.contains("s: completed")));
            return result;
        } finally {
            nodes.forEach(TestNode::close);
        }
    }
}
