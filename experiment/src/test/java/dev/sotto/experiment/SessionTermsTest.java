package dev.sotto.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.Plan;
import dev.sotto.federation.Reliability;
import dev.sotto.formats.config.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Terms of a session")
final class SessionTermsTest {
    private static final DataContract DATA = new DataContract(Shape.of(5), Target.Classes.numbered(3));

    private static ObjectNode tree(String yaml, String... settings) {
        return ExperimentFile.parse("terms", Path.of(""), yaml)
                .with(List.of(settings))
                .tree();
    }

    private static SessionTerms read(int clients, String yaml, String... settings) {
        return SessionTerms.read("terms.yaml", tree(yaml, settings), DATA, clients);
    }

    private static void refused(String message, int clients, String yaml, String... settings) {
        assertThatThrownBy(() -> read(clients, yaml, settings))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("terms.yaml: ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void mean_what_the_experiment_means() {
        ExperimentFile file = ExperimentFile.parse("test", Path.of(""), ExperimentTest.FULL)
                .with(List.of("cohort={size: 2, min-clients: 2, min-available: 3}"));
        Experiment experiment = Experiment.load(file, file.context());
        SessionDraft draft = SessionDraft.of(experiment);
        SessionTerms terms = SessionTerms.read("terms.yaml", draft.terms(), draft.contract(), 3);
        assertThat(terms.plan()).isEqualTo(experiment.plan());
        assertThat(terms.strategy()).isEqualTo(experiment.strategy());
        assertThat(terms.engine().name()).isEqualTo(experiment.engine().name());
        assertThat(terms.validationFraction()).isEqualTo(0.25);
        assertThat(terms.resolved()).isEqualTo(draft.terms());
        assertThat(draft.terms().has("data")).isFalse();
        assertThat(draft.terms().has("seed")).isFalse();
    }

    @Test
    void leave_out_what_was_simulated() {
        ExperimentFile file = ExperimentFile.parse("test", Path.of(""), ExperimentTest.FULL);
        SessionDraft draft = SessionDraft.of(Experiment.load(file, file.context()));
        Plan plan = SessionTerms.read("terms.yaml", draft.terms(), draft.contract(), 3)
                .plan();
        assertThat(plan.participation().reliability()).isEqualTo(Reliability.FULL);
        assertThat(plan.participation().minClients()).isEqualTo(2);
    }

    @Test
    void are_resolved_to_themselves() {
        SessionTerms once = read(4, "privacy: {example-level: {epsilon: 3}}", "cohort.fraction=0.5");
        assertThat(SessionTerms.read("terms.yaml", once.resolved(), DATA, 4).resolved())
                .isEqualTo(once.resolved());
        assertThat(once.resolved().path("model").has("layers")).isTrue();
    }

    @Test
    void follow_the_number_of_clients() {
        String private_ = "privacy: {client-level: {epsilon: 5}}\nserver: {weighting: uniform}";
        double few =
                read(50, private_).plan().clientLevel().orElseThrow().delta().value();
        double many =
                read(5000, private_).plan().clientLevel().orElseThrow().delta().value();
        assertThat(few).isEqualTo(0.01);
        assertThat(many).isEqualTo(1e-4);
        refused("cohort.size: 4 is out of range; it must be at least 1 and at most 3", 3, "cohort: {size: 4}");
        refused("cohort.min-available: 4 clients must be there", 3, "cohort: {min-available: 4}");
        refused("strategy krum", 2, "server: {strategy: krum, malicious: 1}");
    }

    @Test
    void refuse_what_is_not_theirs() {
        refused(
                "data: it is not part of a session's terms: each client brings its own data",
                2,
                "data: {source: digits}");
        refused("simulate: it is not part", 2, "simulate: {attackers: {clients: 1}}");
        refused("seed: it is not part", 2, "seed: 4");
        refused("cohort.dropout: it belongs to simulated clients", 2, "cohort: {dropout: 0.1}");
        refused("cohort.deadline: it belongs to simulated clients", 2, "cohort: {deadline: 30s}");
        refused("rouns: unknown key; did you mean 'rounds'?", 2, "rouns: 4");
        refused("num_rounds: unknown key; did you mean 'rounds'?", 2, "num_rounds: 4");
        refused("client.batchsize: unknown key", 2, "client: {batchsize: 3}");
        refused("model: custom has 4 outputs, but the data has 3 classes", 2, "model: {layers: [{linear: 4}]}");
        refused("rounds: 0 is out of range", 2, "rounds: 0");
        refused("rounds: 2147483647 is out of range", 2, "rounds: 2147483647");
        refused("100000", 2, "rounds: 100001");
        refused("privacy.example-level: give epsilon", 2, "privacy: {example-level: {delta: 1e-5}}");
    }

    @Test
    void say_who_has_too_few_examples() {
        SessionTerms terms = read(2, "client: {batch-size: 64}");
        assertThat(terms.misfit(new ClientProfile("a", 64))).isEmpty();
        assertThat(terms.misfit(new ClientProfile("a", 63)).orElseThrow())
                .isEqualTo("client.batch-size: 64 is more than the 63 training examples of a; it must be at most that");
    }

    @Test
    void a_contract_survives_as_json() {
        DataContract values = new DataContract(Shape.of(3, 32, 32), new Target.Values(2));
        for (DataContract contract : List.of(DATA, values)) {
            assertThat(DataContract.read("contract.json", contract.json())).isEqualTo(contract);
        }
        assertThat(DataContract.read("c", tree("{features: [5], classes: 3}"))).isEqualTo(DATA);
        assertThat(DataContract.read("c", tree("{features: [5], classes: [no, yes]}"))
                        .target())
                .isEqualTo(Target.Classes.named("no", "yes"));
    }

    @Test
    void a_contract_refuses_nonsense() {
        List<List<String>> cases = List.of(
                List.of("{}", "c: features: expected the shape"),
                List.of("{features: [5]}", "c: give classes"),
                List.of("{features: [5], classes: 3, values: 1}", "c: give classes"),
                List.of("{features: [0], classes: 3}", "c: shape 0: every dimension"),
                List.of("{features: [70000, 70000], classes: 3}", "c: shape"),
                List.of("{features: [5], classes: [a, a]}", "c: 2 classes need 2 distinct names"),
                List.of("{features: [5], classes: 3, more: 1}", "c: more: unknown key"),
                List.of("{features: [5.5], classes: 3}", "c: features: expected whole numbers"));
        for (List<String> each : cases) {
            assertThatThrownBy(() -> DataContract.read("c", tree(each.get(0))))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith(each.get(1));
        }
    }

    @Test
    void a_contract_says_what_does_not_fit() {
        ExperimentFile file = ExperimentFile.parse(
                "t", Path.of(""), "data: {source: generated, train: 100, test: 0, features: 5, classes: 3}");
        var examples = Experiment.load(file, file.context()).dataSet().train();
        assertThat(DATA.misfit(examples)).isEmpty();
        assertThat(new DataContract(Shape.of(6), DATA.target()).misfit(examples))
                .isEqualTo(Optional.of("data contract: an example has the shape 5, and the session needs 6"));
        assertThat(new DataContract(Shape.of(5), Target.Classes.named("a", "b")).misfit(examples))
                .isEqualTo(Optional.of(
                        "data contract: the data has 3 classes (0, 1, 2), and the session needs 2 classes (a, b)"));
    }
}
