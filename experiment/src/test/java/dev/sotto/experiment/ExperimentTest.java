package dev.sotto.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.DataException;
import dev.sotto.federation.Cohort;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.Plan;
import dev.sotto.federation.strategy.FedAvg;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.ClipPer;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.clipping.AdaptiveClipping;
import dev.sotto.privacy.clipping.FlatClipping;
import dev.sotto.privacy.clipping.NormalisingClipping;
import dev.sotto.privacy.clipping.PerLayerClipping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an experiment file means: its defaults, and every key with another value. */
final class ExperimentTest {
    private static final String LEAST = "data: {source: generated, train: 100, test: 20}\n";

    static final String FULL = """
            name: full
            seed: 99
            engine: jvm
            data:
              source: generated
              kind: classification
              name: mine
              seed: 7
              train: 120
              test: 30
              features: 5
              classes: 3
              separation: 2.5
              partition: {dirichlet: 100}
              clients: 3
            model:
              name: mine
              loss: cross-entropy
              layers: [{linear: {outputs: 4}}, tanh, {linear: {outputs: 3}}]
            rounds: 4
            cohort:
              size: 2
              min-clients: 2
              min-available: 3
              dropout: 0.1
              deadline: 90s
              seconds-per-step: {median: 0.2, spread: 0.5, jitter: 0.1}
            client:
              epochs: 3
              steps: 5
              batch-size: 8
              physical-batch-size: 4
              rate-decay: 0.9
              schedule: [{from-round: 3, learning-rate: 0.125, steps: 6}]
              optimizer: {name: sgd, learning-rate: 0.25, momentum: 0.5, weight-decay: 0.01}
            server: {strategy: fedavg, weighting: uniform, learning-rate: 0.5}
            privacy:
              example-level:
                epsilon: 2
                delta: 1e-4
                noise-multiplier: 1.5
                max-grad-norm: 0.5
                clipping: adaptive
                target-quantile: 0.6
                clipping-learning-rate: 0.3
                count-stddev: 2.5
                clip-per: example
                relation: replace-one
                sampling-rate: 0.125
                accountant: rdp
                hard-limit: false
                noise-schedule: {kind: constant}
                clipping-schedule: {kind: constant}
            evaluation: {every: 2, fraction: 0.5, min-clients: 1, validation-fraction: 0.25, aggregate: uniform}
            """;

    private static Experiment load(String yaml, String... settings) {
        ExperimentFile file = ExperimentFile.parse("test", Path.of(""), yaml).with(List.of(settings));
        return Experiment.load(file, file.context());
    }

    @Test
    void defaults() {
        Experiment experiment = load(LEAST);
        Plan plan = experiment.plan();
        assertThat(plan.name()).isEqualTo("experiment");
        assertThat(plan.model().name()).isEqualTo("logistic");
        assertThat(plan.rounds()).isEqualTo(10);
        assertThat(plan.participation().cohort()).isEqualTo(new Cohort.All());
        assertThat(plan.participation().minClients()).isEqualTo(1);
        assertThat(plan.training().first()).isEqualTo(new TrainingSettings(OptimizerSpec.sgd(0.1), 1, 0, 32, 32, 1));
        assertThat(plan.privacy()).isEmpty();
        assertThat(plan.evaluation().every()).isEqualTo(1);
        assertThat(plan.evaluation().fraction()).isEqualTo(1);
        assertThat(experiment.strategy()).isEqualTo(new FedAvg(true, 1));
        assertThat(experiment.clients()).hasSize(2).allMatch(client -> client.heldOut()
                .isEmpty());
        assertThat(experiment.seed()).isEmpty();
    }

    @Test
    void defaultsOfPrivacy() {
        ExamplePrivacy privacy =
                load(LEAST, "privacy.example-level.epsilon=3").plan().privacy().orElseThrow();
        assertThat(privacy.epsilon().orElseThrow().value()).isEqualTo(3);
        assertThat(privacy.delta()).isEmpty();
        assertThat(privacy.noiseMultiplier()).isEmpty();
        assertThat(privacy.clipping()).isEqualTo(FlatClipping.of(1));
        assertThat(privacy.clipPer()).isEqualTo(ClipPer.EXAMPLE);
        assertThat(privacy.relation()).isEqualTo(NeighbouringRelation.ZERO_OUT);
        assertThat(privacy.accountant()).isEqualTo(AccountantChoice.RDP);
        assertThat(privacy.hardLimit()).isTrue();
    }

    /** Of 15 examples 2 are held out and of 14 only 1: without the first, another comes in from those held out. */
    @ParameterizedTest
    @CsvSource({
        "evaluation.validation-fraction=0.1, evaluation.validation-fraction",
        "data.test-fraction=0.1, data.test-fraction"
    })
    void nothingIsSetAsideWhereTheNumberOfExamplesIsPrivate(String setting, String key, @TempDir Path folder)
            throws IOException {
        Files.writeString(folder.resolve("rows.csv"), "1,0\n2,1\n".repeat(20));
        String yaml = """
                data:
                  source: csv
                  path: PATH
                  files: [rows.csv]
                  clients: 1
                  format: {header: false}
                  columns: [{name: x, numeric: {min: 0, max: 9}}, {name: y, label: ["0", "1"]}]
                client: {batch-size: 4, steps: 2}
                server: {weighting: uniform}
                privacy: {example-level: {epsilon: 2, delta: 1e-4, relation: RELATION, sampling-rate: 0.1}}
                """.replace("PATH", folder.toString());
        String counted = yaml.replace("RELATION", "add-or-remove-one");
        assertThat(load(counted).clients().get(0).examples().size()).isEqualTo(40);
        assertThatThrownBy(() -> load(counted, setting))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("test: " + key + ": it must be 0 under add-or-remove-one");
        assertThat(load(yaml.replace("RELATION", "zero-out"), setting)
                        .clients()
                        .get(0)
                        .examples()
                        .size())
                .isEqualTo(36);
    }

    @Test
    void tokensOutsideTheVocabularyAreFoundBeforeAnythingRuns(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("a.csv"), "1,0\n2,1\n".repeat(20));
        Files.writeString(folder.resolve("b.csv"), "1,0\n4,1\n");
        String yaml = """
                data:
                  source: csv
                  path: PATH
                  files: [a.csv, b.csv]
                  clients: 1
                  format: {header: false}
                  columns: [{name: x, numeric: {mean: 0, std: 1}}, {name: y, label: ["0", "1"]}]
                model: {name: words, layers: [{embedding: {vocabulary: VOCABULARY, dimension: 2}}, flatten, {linear: 2}]}
                client: {batch-size: 4}
                """.replace("PATH", folder.toString());
        assertThat(load(yaml.replace("VOCABULARY", "5")).clients()).hasSize(1);
        assertThatThrownBy(() -> load(yaml.replace("VOCABULARY", "4")))
                .isInstanceOf(DataException.class)
                .hasMessageMatching(
                        "b\\.csv: example 41 of all, from 0: feature 0 is 4, but the model's embedding takes whole"
                                + " numbers from 0 to 3 \\(model words\\)");
    }

    @Test
    void everyKeyReachesThePlan() {
        Experiment experiment = load(FULL);
        Plan plan = experiment.plan();
        assertThat(plan.name()).isEqualTo("full");
        assertThat(experiment.seed()).contains(99L);
        assertThat(plan.model().name()).isEqualTo("mine");
        assertThat(plan.model().layers()).hasSize(3);
        assertThat(plan.rounds()).isEqualTo(4);
        assertThat(plan.participation().cohort()).isEqualTo(new Cohort.FixedSize(2));
        assertThat(plan.participation().minClients()).isEqualTo(2);
        assertThat(plan.training().first())
                .isEqualTo(new TrainingSettings(new OptimizerSpec.Sgd(0.25, 0.5, 0.01), 3, 5, 8, 4, 0.9));
        assertThat(experiment.strategy()).isEqualTo(new FedAvg(false, 0.5));
        assertThat(plan.evaluation().every()).isEqualTo(2);
        assertThat(plan.evaluation().fraction()).isEqualTo(0.5);
        assertThat(experiment.clients()).hasSize(3).allMatch(client -> client.heldOut()
                .isPresent());
        assertThat(experiment.dataSet().train().size()).isEqualTo(120);
        assertThat(experiment.test().orElseThrow().size()).isEqualTo(30);
        ExamplePrivacy privacy = plan.privacy().orElseThrow();
        assertThat(privacy.epsilon().orElseThrow().value()).isEqualTo(2);
        assertThat(privacy.delta().orElseThrow().value()).isEqualTo(1e-4);
        assertThat(privacy.noiseMultiplier().orElseThrow().value()).isEqualTo(1.5);
        assertThat(privacy.clipping()).isInstanceOfSatisfying(AdaptiveClipping.class, clipping -> assertThat(clipping)
                .hasToString("AdaptiveClipping[initial=0.5, targetQuantile=0.6, learningRate=0.3, countStddev=2.5]"));
        assertThat(privacy.relation()).isEqualTo(NeighbouringRelation.REPLACE_ONE);
        assertThat(privacy.samplingRate().orElseThrow().value()).isEqualTo(0.125);
        assertThat(privacy.hardLimit()).isFalse();
    }

    @Test
    void everyKeyOfSchedulesReachesThePlan() {
        ExamplePrivacy privacy = load(
                        LEAST,
                        "privacy.example-level.epsilon=2",
                        "privacy.example-level.noise-schedule={kind: exponential, gamma: 0.99}",
                        "privacy.example-level.clipping-schedule={kind: linear, over: 50, last: 0.25}")
                .plan()
                .privacy()
                .orElseThrow();
        assertThat(privacy.noiseSchedule()).hasToString("Exponential[gamma=0.99]");
        assertThat(privacy.clippingSchedule()).hasToString("Linear[over=50, last=0.25]");
    }

    /** Nothing that was written is lost in what is written down of a run, and nothing changes when that is read again. */
    @Test
    void everyKeyReachesTheResolvedExperiment() {
        Experiment experiment = load(FULL);
        Map<String, String> written =
                leaves(ExperimentFile.parse("test", Path.of(""), FULL).tree());
        assertThat(leaves(experiment.resolved())).containsAllEntriesOf(written);
        ExperimentFile again =
                ExperimentFile.parse("again", Path.of(""), experiment.resolved().toString());
        assertThat(Experiment.load(again, again.context()).resolved()).isEqualTo(experiment.resolved());
    }

    /** Paths of all leaves; numbers compared as numbers, layers by the layer. */
    private static Map<String, String> leaves(ObjectNode tree) {
        Map<String, String> leaves = new TreeMap<>();
        collect("", tree, leaves);
        return leaves;
    }

    private static void collect(String path, JsonNode node, Map<String, String> into) {
        if (node.isObject()) {
            node.properties().forEach(entry -> collect(path + "/" + entry.getKey(), entry.getValue(), into));
        } else if (node.isArray()) {
            List<JsonNode> elements = new ArrayList<>();
            node.forEach(elements::add);
            for (int i = 0; i < elements.size(); i++) {
                collect(path + "/" + i, elements.get(i), into);
            }
        } else {
            String text = node.asText();
            into.put(path, text.matches("[-+0-9.eE]+") ? Double.toString(Double.parseDouble(text)) : text);
        }
    }

    @Test
    void otherWaysToSayIt() {
        assertThat(load(LEAST, "cohort.fraction=0.5").plan().participation().cohort())
                .isEqualTo(new Cohort.FixedSize(1));
        assertThat(load(LEAST, "cohort.rate=0.5").plan().participation().cohort())
                .isEqualTo(new Cohort.Poisson(0.5));
        assertThat(load(LEAST, "client.optimizer.name=adam")
                        .plan()
                        .training()
                        .first()
                        .optimizer())
                .isEqualTo(OptimizerSpec.adam(0.001));
        assertThat(load(LEAST, "client.optimizer={name: adamw, beta1: 0.8, beta2: 0.9, epsilon: 1e-7}")
                        .plan()
                        .training()
                        .first()
                        .optimizer())
                .isEqualTo(new OptimizerSpec.AdamW(0.001, 0.8, 0.9, 1e-7, 0.01));
        assertThat(load(LEAST, "client.optimizer={name: adagrad, epsilon: 1e-5}")
                        .plan()
                        .training()
                        .first()
                        .optimizer())
                .isEqualTo(new OptimizerSpec.Adagrad(0.1, 1e-5, 0));
        assertThat(clipping("normalising")).isInstanceOf(NormalisingClipping.class);
        assertThat(clipping("per-layer")).isInstanceOf(PerLayerClipping.class);
        assertThat(load(LEAST, "data.kind=regression", "data.noise=0.2")
                        .plan()
                        .model()
                        .loss()
                        .label())
                .isEqualTo("mean-squared-error");
    }

    private static Object clipping(String kind) {
        return load(LEAST, "privacy.example-level={epsilon: 1, clipping: " + kind + "}")
                .plan()
                .privacy()
                .orElseThrow()
                .clipping();
    }

    @Test
    void settingsAreYaml() {
        ObjectNode tree = ExperimentFile.parse("test", Path.of(""), "a: {b: 1}")
                .with(List.of("a.b=2", "a.c=[1, 2]", "d.e.f=true", "g=", "h=1e-5", "i=x=y", "j=no"))
                .tree();
        JsonNodeFactory json = JsonNodeFactory.instance;
        assertThat(tree.at("/a/b").intValue()).isEqualTo(2);
        assertThat(tree.at("/a/c")).hasSize(2);
        assertThat(tree.at("/d/e/f").booleanValue()).isTrue();
        assertThat(tree.at("/g").isNull()).isTrue();
        assertThat(tree.at("/h").asDouble()).isEqualTo(1e-5);
        assertThat(tree.at("/i")).isEqualTo(json.textNode("x=y"));
        assertThat(tree.at("/j")).isEqualTo(json.textNode("no"));
    }
}
