package dev.sotto.owner.settings;

import static dev.sotto.privacy.NeighbouringRelation.ADD_OR_REMOVE_ONE;
import static dev.sotto.privacy.NeighbouringRelation.REPLACE_ONE;
import static dev.sotto.privacy.NeighbouringRelation.ZERO_OUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.sotto.data.Examples;
import dev.sotto.federation.ClientPrivacy;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.LocalMethod;
import dev.sotto.federation.Plan;
import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.owner.AgreedTerms;
import dev.sotto.owner.Owner;
import dev.sotto.owner.OwnerSession;
import dev.sotto.owner.Release;
import dev.sotto.owner.Toys;
import dev.sotto.owner.ledger.SessionKey;
import dev.sotto.privacy.ClipPer;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.SamplingRate;
import dev.sotto.privacy.Schedule;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.clipping.FlatClipping;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.privacy.random.Randomness;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A client_settings.yaml")
class ClientSettingsTest {
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
            .build());

    /** As shipped with the example, first generation. */
    private static final String FIRST = """
            epochs: 1
            epsilon: 100.0
            delta: 1e-5
            max_grad_norm: 1.2
            global_rounds: 10
            hardlimit: true
            max_physical_batch_size: 32
            """;

    @TempDir
    private Path home;

    private static ClientSettings read(String yaml) {
        try {
            return ClientSettings.read("client_settings.yaml", YAML.readTree(yaml));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static AgreedTerms terms(Plan plan, int examples) {
        return Toys.terms(new SessionKey("c", "s"), plan, new LocalMethod.Plain(), examples);
    }

    @Test
    void ofTheFirstGenerationIsReadWhole() {
        ClientSettings settings = read(FIRST);
        assertThat(settings.epochs()).contains(1);
        assertThat(settings.epsilon()).contains(100.0);
        assertThat(settings.delta()).contains(1e-5);
        assertThat(settings.maxGradNorm()).contains(1.2);
        assertThat(settings.globalRounds()).contains(10);
        assertThat(settings.hardLimit()).isTrue();
        assertThat(settings.physicalBatchSize()).contains(32);
        assertThat(settings.batchSize()).isEmpty();
        assertThat(settings.optimizer()).isEmpty();
    }

    @Test
    void ofTheSecondGenerationIsReadWhole() {
        ClientSettings settings = read("""
                epochs: 2
                epsilon: '1'
                delta: '1e-5'
                max_grad_norm: 1.5
                global_rounds: 3
                hardlimit: "False"
                max_physical_batch_size: 16
                batch_size: 64
                accountant: prv
                optimizer:
                  name: sgd
                  kwargs:
                    lr: 0.05
                    weight_decay: 0.1
                    momentum: 0.9
                """);
        assertThat(settings.epochs()).contains(2);
        assertThat(settings.epsilon()).contains(1.0);
        assertThat(settings.delta()).contains(1e-5);
        assertThat(settings.hardLimit()).isFalse();
        assertThat(settings.batchSize()).contains(64);
        assertThat(settings.accountant()).contains(AccountantChoice.PLD);
        assertThat(settings.optimizer()).contains(new OptimizerSpec.Sgd(0.05, 0.9, 0.1));
        assertThat(read("optimizer: {name: adam, lr: .002, betas: [0.8, 0.99], eps: 1e-7}")
                        .optimizer())
                .contains(new OptimizerSpec.Adam(0.002, 0.8, 0.99, 1e-7, 0));
        assertThat(read("optimizer: {name: adagrad, lr: .01}").optimizer())
                .contains(new OptimizerSpec.Adagrad(0.01, 1e-10, 0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "epslon: 1 | client_settings.yaml: epslon: unknown key; did you mean 'epsilon'?",
                "max-grad-norm: 1 | client_settings.yaml: max-grad-norm: unknown key; did you mean 'max_grad_norm'?",
                "lr: 1 | client_settings.yaml: lr: unknown key; did you mean 'optimizer.lr'?",
                "{epsilon: 1, accountant: gdp} | accountant: gdp is an approximation and no bound",
                "{epsilon: 1, accountant: moments} | 'moments' is not one of rdp, prv, pld",
                "{epsilon: 1, hardlimit: maybe} | hardlimit: expected true or false, found 'maybe'",
                "epsilon: 0 | epsilon: 0 is out of range",
                "delta: 1e-5 | delta: it goes with epsilon",
                "optimizer: {name: sgd, nesterov: true} | optimizer.nesterov: Sotto's optimizers do not have it",
                "optimizer: {name: sgd, kwargs: {rate: 1}} | optimizer.kwargs.rate: unknown key",
                "optimizer: {name: sdg} | did you mean 'sgd'?"
            })
    void withAMistakeIsRefusedInOneLineThatNamesIt(String yaml, String message) {
        assertThatThrownBy(() -> read(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void switchesAreReadQuotedAndNot() {
        assertThat(read("{epsilon: 1, hardlimit: 'false'}").hardLimit()).isFalse();
        assertThat(read("{epsilon: 1, hardlimit: False}").hardLimit()).isFalse();
        assertThat(read("{epsilon: 1, hardlimit: True}").hardLimit()).isTrue();
        assertThat(read("{epsilon: 1}").hardLimit()).isTrue();
    }

    @Test
    void calibratesToTheReferenceNoise() {
        // n = 30,000, batch 32, ten epochs in all, epsilon 1, delta 1e-5: 0.91321 under Renyi, 0.7492 under PLD
        // accounting.
        String common = "{epochs: 1, epsilon: 1, delta: 1e-5, max_grad_norm: 1.2, global_rounds: 10, batch_size: 32";
        Plan plan = Toys.plan(10, Optional.empty());
        ClientPrivacy rdp =
                read(common + "}").apply(terms(plan, 30_000), 30_000).privacy().orElseThrow();
        assertThat(rdp.plan().rate().value()).isEqualTo(1.0 / 938);
        assertThat(rdp.plannedSteps()).isEqualTo(9380);
        assertThat(rdp.plan().noise().value()).isCloseTo(0.91321, within(1e-5));
        ClientPrivacy prv = read(common + ", accountant: prv}")
                .apply(terms(plan, 30_000), 30_000)
                .privacy()
                .orElseThrow();
        assertThat(prv.plan().noise().value()).isCloseTo(0.7492, within(2e-4));
    }

    @Test
    void whatItLeavesOutIsThePackages() {
        Plan plan = Toys.plan(7, Optional.of(ExamplePrivacy.withNoise(1, 0.7)));
        AgreedTerms packaged = terms(plan, 200);
        AgreedTerms epochs = read("epochs: 3").apply(packaged, 200);
        assertThat(epochs.training().first()).isEqualTo(plan.training().first().withEpochs(3));
        assertThat(epochs.privacy().orElseThrow().plan())
                .isEqualTo(packaged.privacy().orElseThrow().plan());
        assertThat(epochs.privacy().orElseThrow().steps(1)).isEqualTo(30);
        ClientPrivacy own = read("epsilon: 2").apply(packaged, 200).privacy().orElseThrow();
        assertThat(own.rounds()).isEqualTo(7);
        assertThat(own.plan().clipping().norm()).isEqualTo(0.7);
        assertThat(own.limit().orElseThrow().value()).isEqualTo(2);
        assertThat(own.delta()).isEqualTo(packaged.privacy().orElseThrow().delta());
        assertThatThrownBy(() -> read("epsilon: 2").apply(terms(Toys.plan(1, Optional.empty()), 200), 200))
                .hasMessageContaining("max_grad_norm: it is required");
        assertThatThrownBy(() -> read("batch_size: 300").apply(packaged, 200)).hasMessageContaining("batch_size: 300");
    }

    private static ExamplePrivacy packaged(
            Optional<Double> epsilon, NeighbouringRelation relation, Optional<SamplingRate> rate) {
        return new ExamplePrivacy(
                epsilon.map(Epsilon::new),
                Optional.of(new Delta(1e-5)),
                Optional.of(new NoiseMultiplier(2)),
                FlatClipping.of(1),
                ClipPer.EXAMPLE,
                relation,
                rate,
                Schedule.constant(),
                Schedule.constant(),
                AccountantChoice.RDP,
                true);
    }

    private static AgreedTerms withClients(ExamplePrivacy examples) {
        Plan plan = Toys.plan(3, Optional.of(examples));
        return terms(
                new Plan(
                        plan.name(),
                        plan.model(),
                        plan.rounds(),
                        plan.participation().needing(0),
                        plan.training(),
                        plan.privacy(),
                        Optional.of(ClientLevelPrivacy.withNoise(1, 1e-3, 1)),
                        plan.evaluation()),
                200);
    }

    @Test
    void epsilonIsThatOfThePackagesNeighbours() {
        // What others state of the session is about one example that becomes any other: twice as far as one that is not
        // there.
        AgreedTerms replaced =
                terms(Toys.plan(3, Optional.of(packaged(Optional.empty(), REPLACE_ONE, Optional.empty()))), 200);
        ClientPrivacy own =
                read("{epsilon: 2, delta: 1e-6}").apply(replaced, 200).privacy().orElseThrow();
        assertThat(own.plan().relation()).isEqualTo(REPLACE_ONE);
        DpEvent event = own.plan().events(0, own.plannedSteps());
        assertThat(event.neighbours()).contains(REPLACE_ONE);
        assertThat(AccountantChoice.RDP
                        .accountant()
                        .epsilon(event, new Delta(1e-6))
                        .orInfinity())
                .isCloseTo(2, within(1e-3))
                .isLessThanOrEqualTo(2);
        AgreedTerms counted = terms(
                Toys.plan(3, Optional.of(packaged(Optional.empty(), ZERO_OUT, Optional.of(new SamplingRate(0.1))))),
                200);
        assertThat(read("epsilon: 2")
                        .apply(counted, 200)
                        .privacy()
                        .orElseThrow()
                        .plan()
                        .relation())
                .isEqualTo(ZERO_OUT);
    }

    @Test
    void nothingMakesUntrueWhatOthersStateOfTheSession() {
        AgreedTerms zero =
                terms(Toys.plan(3, Optional.of(packaged(Optional.of(9.0), ZERO_OUT, Optional.empty()))), 200);
        assertThatThrownBy(() -> read("{epsilon: 2, delta: 1e-4}").apply(zero, 200))
                .hasMessage("delta: 1.0E-4 is more than the session's 1.0E-5, which goes with every epsilon that it"
                        + " states; it must be at most that");
        // More than the package's is told to the coordinator, which states it.
        assertThat(read("epsilon: 20").apply(zero, 200).privacy().orElseThrow().limit())
                .contains(new Epsilon(20));
        AgreedTerms both = withClients(packaged(Optional.of(9.0), ZERO_OUT, Optional.empty()));
        assertThat(read("epsilon: 5").apply(both, 200).privacy().orElseThrow().limit())
                .contains(new Epsilon(5));
        assertThatThrownBy(() -> read("epsilon: 20").apply(both, 200))
                .hasMessageStartingWith("epsilon: 20.0: the session states that no ledger lets examples spend more");
        assertThatThrownBy(() -> read("{epsilon: 2, hardlimit: false}").apply(both, 200))
                .hasMessageStartingWith("hardlimit: false: the session states");
        AgreedTerms declared = withClients(packaged(Optional.empty(), ZERO_OUT, Optional.empty()));
        for (String key : List.of("epsilon", "epochs", "batch_size")) {
            assertThatThrownBy(() -> read(key + ": 2").apply(declared, 200))
                    .hasMessageStartingWith(key + ": the session protects clients too");
        }
    }

    @Test
    void epsilonIsRefusedWhereTheNumberOfExamplesIsPrivate() {
        Plan plan = Toys.plan(
                3, Optional.of(packaged(Optional.empty(), ADD_OR_REMOVE_ONE, Optional.of(new SamplingRate(0.1)))));
        TrainingSettings steps = new TrainingSettings(OptimizerSpec.sgd(0.2), 1, 4, 20, 20, 1);
        AgreedTerms counts = terms(
                new Plan(
                        plan.name(),
                        plan.model(),
                        plan.rounds(),
                        plan.participation(),
                        steps,
                        plan.privacy(),
                        plan.clientLevel(),
                        plan.evaluation()),
                200);
        assertThatThrownBy(() -> read("epsilon: 2").apply(counts, 200))
                .hasMessageStartingWith("epsilon: the session keeps the number of examples private");
        assertThatThrownBy(() -> read("epochs: 2").apply(counts, 200)).hasMessageContaining("client.steps");
        assertThat(read("batch_size: 10")
                        .apply(counts, 200)
                        .privacy()
                        .orElseThrow()
                        .steps(1))
                .isEqualTo(4);
    }

    /** Eleven rounds are asked for, ten are planned; q = 1/938 as with 30,000 examples in batches of 32. */
    private OwnerSession session(Owner owner, String settings) {
        Examples examples = Toys.clouds(938, 3);
        Plan plan = Toys.plan(11, Optional.empty());
        AgreedTerms terms = read(settings).apply(terms(plan, examples.size()), examples.size());
        owner.ledger().declare("scans", List.of(), Optional.empty());
        return Toys.open(owner, terms, examples, Optional.empty(), Randomness.secret());
    }

    private static String settings(double epsilon, boolean hard, String accountant) {
        return "{epochs: 1, epsilon: " + epsilon
                + ", delta: '1e-5', max_grad_norm: 1.2, global_rounds: 10, hardlimit: '"
                + hard + "', max_physical_batch_size: 32, batch_size: 1, accountant: " + accountant
                + ", optimizer: {name: adam, lr: .001, weight_decay: 0}}";
    }

    private static Release train(OwnerSession session, int round) {
        return session.train(Toys.round(round, 0), Toys.digest(0), Toys.training());
    }

    @ParameterizedTest
    @CsvSource({"100, rdp", "10, rdp", "1, rdp", "100, prv", "10, prv", "1, prv"})
    void tenOfTenRoundsAreReleasedAndTheEleventhIsRefused(double epsilon, String accountant) {
        try (Owner owner = Owner.open(home)) {
            OwnerSession session = session(owner, settings(epsilon, true, accountant));
            double last = 0;
            for (int round = 1; round <= 10; round++) {
                double spent = train(session, round).epsilon().orElseThrow();
                assertThat(spent).isGreaterThan(last);
                last = spent;
            }
            assertThat(last / epsilon).isGreaterThan(0.99).isLessThanOrEqualTo(1);
            var before = owner.ledger().lines();
            assertThatThrownBy(() -> train(session, 11)).isInstanceOf(BudgetExceededException.class);
            assertThat(owner.ledger().lines()).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {100, 10, 1})
    void withoutAHardLimitTheEleventhRunsAndIsReportedAsOvershoot(double epsilon) {
        try (Owner owner = Owner.open(home)) {
            OwnerSession session = session(owner, settings(epsilon, false, "rdp"));
            double tenth = 0;
            for (int round = 1; round <= 10; round++) {
                tenth = train(session, round).epsilon().orElseThrow();
            }
            assertThat(tenth / epsilon).isGreaterThan(0.99).isLessThanOrEqualTo(1);
            assertThat(train(session, 11).epsilon().orElseThrow()).isGreaterThan(epsilon);
            // And it is what eleven rounds cost.
            ClientPrivacy own = session.terms().privacy().orElseThrow();
            DpEvent eleven = own.plan().events(0, 11 * 938);
            assertThat(train(session, 11).epsilon().orElseThrow())
                    .isCloseTo(
                            own.accountant()
                                    .accountant()
                                    .epsilon(eleven, own.delta())
                                    .orInfinity(),
                            within(1e-9 * epsilon));
        }
    }
}
