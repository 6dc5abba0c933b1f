package dev.sotto.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.attack.LabelFlip;
import dev.sotto.experiment.attack.Scaling;
import dev.sotto.experiment.attack.SignFlip;
import dev.sotto.federation.Strategy;
import dev.sotto.federation.strategy.Bulyan;
import dev.sotto.federation.strategy.FedAdagrad;
import dev.sotto.federation.strategy.FedAdam;
import dev.sotto.federation.strategy.FedAvg;
import dev.sotto.federation.strategy.FedAvgM;
import dev.sotto.federation.strategy.FedMedian;
import dev.sotto.federation.strategy.FedNova;
import dev.sotto.federation.strategy.FedProx;
import dev.sotto.federation.strategy.FedTrimmedAvg;
import dev.sotto.federation.strategy.FedYogi;
import dev.sotto.federation.strategy.Krum;
import dev.sotto.federation.strategy.MultiKrum;
import dev.sotto.federation.strategy.QFedAvg;
import dev.sotto.federation.strategy.Scaffold;
import dev.sotto.formats.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The sections server and simulate")
class ServerReaderTest {
    private static final String BASE =
            "data: {source: generated, train: 200, test: 20, clients: 11}\nclient: {batch-size: 8}\n";

    private static Experiment load(String... settings) {
        ExperimentFile file = ExperimentFile.parse("test", Path.of(""), BASE).with(List.of(settings));
        return Experiment.load(file, file.context());
    }

    private static Arguments read(String server, Strategy expected) {
        return Arguments.of(server, expected);
    }

    static Stream<Arguments> defaults() {
        return Stream.of(
                read("fedavg", new FedAvg(true, 1)),
                read("fedavgm", new FedAvgM(true, 1, 0.9)),
                read("fedadagrad", new FedAdagrad(true, 0.1, 0, 1e-3)),
                read("fedadam", new FedAdam(true, 0.1, 0.9, 0.99, 1e-3)),
                read("fedyogi", new FedYogi(true, 0.1, 0.9, 0.99, 1e-3)),
                read("fedprox", new FedProx(true, 1, 0.1)),
                read("scaffold", new Scaffold(true, 1)),
                read("fednova", new FedNova(true, 1, 0)),
                read("qfedavg", new QFedAvg(0.2, 10)),
                read("fedmedian", new FedMedian(1)),
                read("fedtrimmedavg", new FedTrimmedAvg(0.2, 1)),
                read("krum", new Krum(1, 1)),
                read("multikrum", new MultiKrum(1, OptionalInt.empty(), 1)),
                read("bulyan", new Bulyan(1, 1)));
    }

    static Stream<Arguments> otherValues() {
        String uniform = ", weighting: uniform, learning-rate: 0.5";
        return Stream.of(
                read("fedavg" + uniform, new FedAvg(false, 0.5)),
                read("fedavgm, momentum: 0.7" + uniform, new FedAvgM(false, 0.5, 0.7)),
                read("fedadagrad, beta1: 0.3, tau: 1e-9" + uniform, new FedAdagrad(false, 0.5, 0.3, 1e-9)),
                read("fedadam, beta1: 0.3, beta2: 0.4, tau: 0.1" + uniform, new FedAdam(false, 0.5, 0.3, 0.4, 0.1)),
                read("fedyogi, beta1: 0.3, beta2: 0.4, tau: 0.1" + uniform, new FedYogi(false, 0.5, 0.3, 0.4, 0.1)),
                read("fedprox, mu: 1" + uniform, new FedProx(false, 0.5, 1)),
                read("scaffold" + uniform, new Scaffold(false, 0.5)),
                read("fednova, mu: 0.01" + uniform, new FedNova(false, 0.5, 0.01)),
                read("qfedavg, q: 1, lipschitz: 3", new QFedAvg(1, 3)),
                read("fedmedian, learning-rate: 0.5", new FedMedian(0.5)),
                read("fedtrimmedavg, learning-rate: 0.5, beta: 0.3", new FedTrimmedAvg(0.3, 0.5)),
                read("krum, learning-rate: 0.5, malicious: 4", new Krum(4, 0.5)),
                read("multikrum, learning-rate: 0.5, malicious: 2, keep: 6", new MultiKrum(2, OptionalInt.of(6), 0.5)),
                read("bulyan, learning-rate: 0.5, malicious: 2", new Bulyan(2, 0.5)));
    }

    @ParameterizedTest
    @MethodSource({"defaults", "otherValues"})
    void becomeAStrategy(String server, Strategy expected) {
        Experiment experiment = load("server={strategy: " + server + "}");
        assertThat(experiment.strategy())
                .hasSameClassAs(expected)
                .usingRecursiveComparison()
                .isEqualTo(expected);
        ExperimentFile again =
                ExperimentFile.parse("again", Path.of(""), experiment.resolved().toString());
        assertThat(Experiment.load(again, again.context()).strategy())
                .usingRecursiveComparison()
                .isEqualTo(expected);
    }

    @Test
    void knowEveryStrategy() {
        assertThat(defaults().map(arguments -> arguments.get()[0])).containsExactlyElementsOf(ServerReader.names());
    }

    @Test
    void takeTheLipschitzConstantFromTheClientsRate() {
        assertThat(load("server.strategy=qfedavg", "client.optimizer.learning-rate=0.25")
                        .strategy())
                .isEqualTo(new QFedAvg(0.2, 4));
    }

    @Test
    void weighUniformlyUnderClientLevelPrivacy() {
        String level = "privacy.client-level={noise-multiplier: 1}";
        assertThat(load(level).strategy()).isEqualTo(new FedAvg(false, 1));
        assertThat(load(level, "server.strategy=fedadam").strategy())
                .usingRecursiveComparison()
                .isEqualTo(new FedAdam(false, 0.1, 0.9, 0.99, 1e-3));
        refuses("server.weighting: it must be uniform under client-level privacy", level, "server.weighting=examples");
    }

    @ParameterizedTest
    @CsvSource({"fednova", "qfedavg", "fedmedian", "fedtrimmedavg", "krum", "multikrum", "bulyan"})
    void refuseClientLevelPrivacyAroundWhatHasNoBound(String strategy) {
        refuses(
                "strategy " + strategy + " cannot be used with client-level privacy: ",
                "privacy.client-level={noise-multiplier: 1}",
                "server={strategy: " + strategy + ", " + (strategy.equals("fednova") ? "weighting: uniform" : "")
                        + "}");
    }

    private static void refuses(String reason, String... settings) {
        assertThatThrownBy(() -> load(settings))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("test: " + reason)
                .message()
                .doesNotContain("\n");
    }

    @Test
    void refuseWhatCannotWork() {
        refuses("server.strategy: 'fedadm' is not one of", "server.strategy=fedadm");
        refuses("server.mu: unknown key; valid here: strategy", "server={strategy: fedavg, mu: 1}");
        refuses("server.bet1: unknown key; did you mean 'beta1'?", "server={strategy: fedadam, bet1: 1}");
        refuses("server.weighting: unknown key", "server={strategy: krum, weighting: uniform}");
        refuses("server.beta: 0.6 is out of range", "server={strategy: fedtrimmedavg, beta: 0.6}");
        refuses(
                "server: server beta1 is 1.0; it must be at least 0 and below 1",
                "server={strategy: fedadam, beta1: 1}");
        refuses(
                "server: beta of the trimmed mean is 0.5; it must be at least 0 and below 0.5",
                "server={strategy: fedtrimmedavg, beta: 0.5}");
        refuses(
                "strategy bulyan needs 15 updates a round, but at most 11 clients are asked",
                "server={strategy: bulyan, malicious: 3}");
        refuses(
                "strategy krum needs 7 updates a round, but at most 5 clients are asked",
                "server={strategy: krum, malicious: 2}",
                "cohort.size=5");
        refuses(
                "strategy scaffold: mean gradients cannot be told from the steps of adam; "
                        + "set client.optimizer.name to sgd",
                "server.strategy=scaffold",
                "client.optimizer.name=adam");
        refuses(
                "strategy qfedavg cannot be used with example-level privacy: clients would send their loss",
                "server.strategy=qfedavg",
                "privacy.example-level.epsilon=3");
    }

    @Test
    void nameAttackers() {
        assertThat(load().clients()).allMatch(client -> client.attack().isEmpty());
        List<ClientData> clients = load("simulate.attackers={clients: 3, kind: scaling, factor: 4}")
                .clients();
        assertThat(clients.subList(0, 8)).allMatch(client -> client.attack().isEmpty());
        assertThat(clients.subList(8, 11))
                .allMatch(client -> client.attack().orElseThrow().equals(new Scaling(4)));
        assertThat(load("simulate.attackers={}").clients().get(10).attack()).hasValue(new SignFlip(1));
        assertThat(load("simulate.attackers.kind=scaling").clients().get(10).attack())
                .hasValue(new Scaling(10));
        assertThat(load("simulate.attackers.kind=label-flip").clients().get(10).attack())
                .hasValue(new LabelFlip());
        refuses(
                "simulate.attackers.clients: 11 is out of range; it must be at least 0 and at most 10",
                "simulate.attackers.clients=11");
        refuses("simulate.attackers.kind: 'sing-flip' is not one of", "simulate.attackers.kind=sing-flip");
        refuses("simulate.attackers.factor: unknown key", "simulate.attackers={kind: label-flip, factor: 2}");
        refuses("simulate.atackers: unknown key; did you mean 'attackers'?", "simulate.atackers.kind=scaling");
    }

    @Test
    void areDocumented() throws IOException {
        Path docs = Path.of(System.getProperty("sotto.root", "..")).resolve("docs");
        Map<String, String> pages = Map.of(
                "experiments.md", Files.readString(docs.resolve("experiments.md")),
                "strategies.md", Files.readString(docs.resolve("strategies.md")));
        List<String> keys = Stream.concat(defaults(), otherValues())
                .map(arguments ->
                        (ObjectNode) load("server={strategy: " + arguments.get()[0] + "}")
                                .resolved()
                                .get("server"))
                .flatMap(server -> server.properties().stream())
                .map(Map.Entry::getKey)
                .distinct()
                .toList();
        for (String page : pages.keySet()) {
            assertThat(keys)
                    .as(page)
                    .allMatch(key -> pages.get(page).contains("`server." + key + "`")
                            || pages.get(page).contains("`" + key + "`"));
            assertThat(ServerReader.names()).as(page).allMatch(strategy -> pages.get(page)
                    .contains("`" + strategy + "`"));
        }
    }
}
