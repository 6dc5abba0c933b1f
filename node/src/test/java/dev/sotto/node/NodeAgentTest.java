package dev.sotto.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.data.DataContext;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.experiment.packaging.SigningKey;
import dev.sotto.federation.Client;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.Plan;
import dev.sotto.federation.RoundTask;
import dev.sotto.federation.StandardTrainer;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.learning.Engine;
import dev.sotto.learning.LocalTraining;
import dev.sotto.node.AtHand.Delivered;
import dev.sotto.owner.Owner;
import dev.sotto.owner.desk.OwnedExamples;
import dev.sotto.owner.desk.OwnerFile;
import dev.sotto.owner.ledger.LedgerLine;
import dev.sotto.owner.settings.ClientSettings;
import dev.sotto.privacy.ledger.InMemoryLedger;
import dev.sotto.privacy.random.Randomness;
import dev.sotto.wire.FloatVectors;
import dev.sotto.wire.v1.Answer;
import dev.sotto.wire.v1.Blob;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.Offer;
import dev.sotto.wire.v1.Reason;
import dev.sotto.wire.v1.SessionOver;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.TaskKind;
import dev.sotto.wire.v1.TaskRefused;
import dev.sotto.wire.v1.Withdraw;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A node's agent")
class NodeAgentTest {
    private static final KeyPair PACKAGES = SigningKey.generate();
    private static final KeyPair UPDATES = SigningKey.generate();
    private static final String DATA = """
            data-set: rows-1
            test-data: true
            data: {source: generated, kind: classification, train: 300}
            """;
    private static final String TERMS = """
            name: toy
            contract: {features: [8], classes: 2}
            model: logistic
            rounds: 3
            client: {batch-size: 20, optimizer: {name: sgd, learning-rate: 0.2}}
            """;
    private static final String PRIVATE = "privacy: {example-level: {epsilon: 2, delta: 1e-5, max-grad-norm: 1}}\n";

    @TempDir
    private Path folder;

    private AtHand coordinator;
    private Owner owner;
    private NodeAgent agent;

    @BeforeEach
    void start() throws IOException {
        coordinator = new AtHand(folder.resolve("cache"), UPDATES.getPublic());
        owner = Owner.open(folder);
    }

    @AfterEach
    void stop() {
        if (agent != null) {
            agent.close();
        }
        owner.close();
    }

    private NodeAgent agent(String node, Optional<ClientSettings> settings, Optional<Long> seed) throws IOException {
        // Who decides is what other tests are about.
        String decided = node.contains("approval:")
                ? node
                : node.contains("policy: {")
                        ? node.replace("policy: {", "policy: {approval: automatic, ")
                        : node + "policy: {approval: automatic}\n";
        Path file = Files.writeString(folder.resolve("node.yaml"), decided);
        NodeIdentity identity =
                new NodeIdentity("hospital", "network-1", "ab".repeat(32), PACKAGES.getPublic(), UPDATES.getPrivate());
        agent = new NodeAgent(
                OwnedExamples.load(OwnerFile.read(file)),
                identity,
                owner,
                folder.resolve("cache"),
                coordinator,
                settings,
                seed);
        return agent;
    }

    private NodeAgent agent(String node) throws IOException {
        return agent(node, Optional.empty(), Optional.empty());
    }

    private void restart(String node, Optional<Long> seed) throws IOException {
        agent.close();
        owner.close();
        owner = Owner.open(folder);
        agent(node, Optional.empty(), seed);
    }

    private static SessionDraft draft(String terms) {
        return SessionDraft.of(ExperimentFile.parse("toy.yaml", Path.of(""), terms), DataContext.ofSystem(), 2);
    }

    private Offer offer(String session, String terms, KeyPair key) {
        SessionDraft draft = draft(terms);
        byte[] bytes = SessionPackage.create(draft, draft.initial(Randomness.seeded(1)), key);
        return Offer.newBuilder()
                .setSession(session)
                .setPackage(coordinator.put(bytes))
                .setClients(2)
                .build();
    }

    private Answer answer(Offer offer) throws InterruptedException {
        agent.offer(offer);
        return coordinator.next(FromNode::hasAnswer).getAnswer();
    }

    private Answer answer(String session, String terms) throws InterruptedException {
        return answer(offer(session, terms, PACKAGES));
    }

    private Task task(String session, int round, float[] model) throws IOException {
        return Task.newBuilder()
                .setId(session + "-" + round + "-" + model[0])
                .setSession(session)
                .setRound(round)
                .setKind(TaskKind.TRAIN)
                .setModel(coordinator.put(model))
                .setSeconds(60)
                .build();
    }

    private static float[] model(float value) {
        float[] model = new float[18];
        Arrays.fill(model, value);
        return model;
    }

    private TaskRefused refused(Task task) throws InterruptedException {
        agent.task(task);
        return coordinator.next(FromNode::hasRefused).getRefused();
    }

    private long reserved() {
        return owner.ledger().lines().stream()
                .filter(line -> line.kind() == LedgerLine.Kind.RESERVED)
                .count();
    }

    @Test
    void takesPartAsTheClientOfASimulationWould() throws Exception {
        agent(DATA, Optional.empty(), Optional.of(7L));
        Answer answer = answer("s1", TERMS + PRIVATE);
        assertThat(answer.getAccepted().getExamples()).isEqualTo(300);
        assertThat(answer.getAccepted().getEpsilon()).isEqualTo(2);
        assertThat(answer.getAccepted().getDelta()).isEqualTo(1e-5);
        assertThat(answer.getAccepted().getSeeded()).isTrue();
        assertThat(agent.sessions()).containsExactly("s1");

        Plan plan = SessionPackage.open(coordinator.download(
                        offer("s1", TERMS + PRIVATE, PACKAGES).getPackage(), 1 << 20))
                .terms(2)
                .plan();
        var privacy = plan.clientPrivacy(300).orElseThrow();
        OwnedExamples data = OwnedExamples.load(OwnerFile.read(folder.resolve("node.yaml")));
        Client simulated = new Client(
                "hospital",
                data.examples(),
                Optional.empty(),
                plan.training(),
                Optional.of(privacy),
                new InMemoryLedger(privacy.budget()),
                Randomness.seeded(7),
                new StandardTrainer());
        for (int round = 1; round <= 3; round++) {
            float[] model = model(0.1f * round);
            agent.task(task("s1", round, model));
            Delivered got = coordinator.nextDelivery();
            ClientUpdate expected = simulated.train(
                    new RoundTask(round, model),
                    new LocalTraining(Engine.named("jvm").compile(plan.model())));
            assertThat(FloatVectors.read(new ByteArrayInputStream(got.bytes()), got.bytes().length))
                    .isEqualTo(expected.delta());
            assertThat(got.header().getEpsilon()).isEqualTo(expected.epsilon().orElseThrow());
            assertThat(got.header().getExamples()).isEqualTo(300);
            assertThat(got.header().getRound()).isEqualTo(round);
            assertThat(got.header().getClientId()).isEqualTo("hospital");
        }
        assertThat(coordinator.lines()).isNotEmpty().allMatch(line -> line.startsWith("[test seed, not private] "));
        assertThat(owner.ledger().verify().intact()).isTrue();
    }

    @Test
    void refusesInOneLineWithItsReasonAndStaysHealthy() throws Exception {
        agent(DATA + "policy: {session-epsilon: 5, total: {epsilon: 4, delta: 1e-5}, min-examples: 100}\n");
        refusal(offer("a", TERMS + PRIVATE, SigningKey.generate()), Reason.PACKAGE, "signed with the key");
        refusal(offer("b", TERMS, PACKAGES), Reason.POLICY, "this session has no privacy");
        String wide = TERMS.replace("[8]", "[9]") + PRIVATE;
        refusal(offer("c", wide, PACKAGES), Reason.CONTRACT, "an example has the shape");
        refusal(
                offer("d", TERMS + PRIVATE.replace("epsilon: 2", "epsilon: 6"), PACKAGES),
                Reason.POLICY,
                "epsilon 5 a session");
        refusal(
                offer("e", TERMS + PRIVATE.replace("epsilon: 2", "epsilon: 4.5"), PACKAGES),
                Reason.BUDGET,
                "all sessions together");
        String large = TERMS.replace("batch-size: 20", "batch-size: 301") + PRIVATE;
        refusal(offer("f", large, PACKAGES), Reason.CONTRACT, "batch-size: it is more than the training examples here");
        Blob garbage = coordinator.put(new byte[] {1, 2, 3});
        refusal(
                Offer.newBuilder()
                        .setSession("g")
                        .setPackage(garbage)
                        .setClients(2)
                        .build(),
                Reason.PACKAGE,
                "");
        Blob claimed = Blob.newBuilder()
                .setSha256(garbage.getSha256())
                .setSize(10L << 30)
                .build();
        refusal(
                Offer.newBuilder()
                        .setSession("h")
                        .setPackage(claimed)
                        .setClients(2)
                        .build(),
                Reason.POLICY,
                "bytes");
        assertThat(agent.sessions()).isEmpty();
        assertThat(reserved()).isZero();
        assertThat(answer("ok", TERMS + PRIVATE).hasAccepted()).isTrue();
    }

    @Test
    void noiseThatProtectsNothingIsNotTheProtectionThatWasAskedFor() throws Exception {
        agent(DATA + "policy: {session-epsilon: 3}\n");
        String loose = "privacy: {example-level: {epsilon: 1, delta: 0.5, max-grad-norm: 1}}\n";
        refusal(offer("a", TERMS + loose, PACKAGES), Reason.POLICY, "a delta below one over the examples");
        // A release for clients is judged by what it does for one example of this owner's.
        String few = "privacy: {client-level: {noise-multiplier: 3, delta: 0.4, clipping-norm: 1}}\n";
        refusal(offer("b", TERMS + few, PACKAGES), Reason.POLICY, "allows epsilon 3 a session");
        agent.close();
        agent(DATA);
        String none = "privacy: {client-level: {noise-multiplier: 0, delta: 1e-5, clipping-norm: 1}}\n";
        refusal(offer("c", TERMS + none, PACKAGES), Reason.POLICY, "this one has no bound");
        String little = "privacy: {example-level: {noise-multiplier: 1e-3, delta: 1e-5, max-grad-norm: 1}}\n";
        refusal(offer("d", TERMS + little, PACKAGES), Reason.POLICY, "allows epsilon 100 a session");
        assertThat(reserved()).isZero();
    }

    private void refusal(Offer offer, Reason reason, String words) throws InterruptedException {
        Answer answer = answer(offer);
        assertThat(answer.getRefused().getMessage()).contains(words).doesNotContain("\n", folder.toString());
        assertThat(answer.getRefused().getReason()).isEqualTo(reason);
    }

    @Test
    void finishesATrainingOfWhichItCannotTellHowFarItIsSinceThatIsPaidFor() throws Exception {
        agent(DATA);
        String far =
                "privacy: {example-level: {noise-multiplier: 100000, epsilon: 5, delta: 1e-5, max-grad-norm: 1}}\n";
        answer("s1", TERMS.replace("client: {", "client: {epochs: 30000, ") + far);
        coordinator.hearNoProgress();
        agent.task(task("s1", 1, model(0)));
        assertThat(coordinator.nextDelivery().header().getRound()).isEqualTo(1);
        assertThat(coordinator.lines()).contains("unheard");
        assertThat(reserved()).isEqualTo(1);
    }

    @Test
    void answersAgainAfterARestartWithTheVeryBytes() throws Exception {
        agent(DATA);
        answer("s1", TERMS + PRIVATE);
        Task task = task("s1", 1, model(0));
        coordinator.breakOff(true);
        agent.task(task);
        for (int n = 0;
                n < 2400 && owner.ledger().lines().stream().noneMatch(line -> line.kind() == LedgerLine.Kind.COMMITTED);
                n++) {
            Thread.sleep(50);
        }
        restart(DATA, Optional.empty());
        assertThat(agent.sessions()).containsExactly("s1");
        coordinator.breakOff(false);
        agent.task(task);
        Delivered first = coordinator.nextDelivery();
        agent.task(task.toBuilder().setId("another").build());
        Delivered second = coordinator.nextDelivery();
        assertThat(second.bytes()).isEqualTo(first.bytes());
        assertThat(reserved()).isEqualTo(1);
        TaskRefused other = refused(task("s1", 1, model(1)));
        assertThat(other.getRefusal().getMessage()).contains("already released, for another model");
        assertThat(reserved()).isEqualTo(1);
        // A node that is started otherwise does not go on: its noise would be of another kind.
        restart(DATA, Optional.of(1L));
        assertThat(agent.sessions()).isEmpty();
        assertThat(answer("s1", TERMS + PRIVATE).getRefused().getMessage()).contains("other terms");
    }

    @Test
    void tasksThatNobodyWaitsForOrThatWereNotAgreedToSpendNothing() throws Exception {
        agent(DATA);
        answer("s1", TERMS + PRIVATE);
        assertThat(refused(task("s2", 1, model(0))).getRefusal().getMessage()).contains("takes no part");
        assertThat(refused(task("s1", 4, model(0))).getRefusal().getMessage()).contains("not one of the 3");
        TaskRefused size = refused(task("s1", 1, new float[5]));
        assertThat(size.getRefusal().getMessage()).contains("has 20 bytes, and the session's has 72");
        // One worker: the second waits for the first, and is withdrawn before its turn.
        agent.close();
        owner.close();
        owner = Owner.open(folder);
        agent(DATA + "limits: {threads: 1}\n");
        Task first = task("s1", 1, model(0));
        Task second = task("s1", 2, model(0));
        AtHand gate = coordinator;
        synchronized (gate) { // which gives no model meanwhile, so that the first cannot end before
            agent.task(first);
            agent.task(second);
            agent.withdraw(Withdraw.newBuilder()
                    .setTask(second.getId())
                    .setReason("late")
                    .build());
        }
        assertThat(coordinator.nextDelivery().header().getRound()).isEqualTo(1);
        agent.task(task("s1", 3, model(0)));
        assertThat(coordinator.nextDelivery().header().getRound()).isEqualTo(3);
        assertThat(reserved()).isEqualTo(2);
    }

    @Test
    void severalSessionsOnOneDataSetShareItsLimit() throws Exception {
        agent(DATA + "policy: {total: {epsilon: 2.6, delta: 1e-5}}\nlimits: {threads: 3, sessions: 2}\n");
        answer("s1", TERMS + PRIVATE);
        answer("s2", TERMS + PRIVATE);
        assertThat(answer("s3", TERMS + PRIVATE).getRefused().getReason()).isEqualTo(Reason.BUSY);
        for (int round = 1; round <= 3; round++) {
            Task[] both = {task("s1", round, model(0)), task("s2", round, model(0))};
            for (Task each : both) {
                agent.task(each);
            }
            for (Task each : both) {
                coordinator.awaitEnd(each.getId());
            }
        }
        long counted = owner.ledger().lines().stream()
                .filter(line -> line.kind() == LedgerLine.Kind.COMMITTED)
                .count();
        assertThat(counted).isBetween(3L, 5L);
        assertThat(coordinator.lines()).anyMatch(line -> line.contains("all sessions together"));
        assertThat(owner.ledger().standing("rows-1").enforced().orElseThrow()).isLessThanOrEqualTo(2.6);
        agent.over(
                SessionOver.newBuilder().setSession("s1").setEnding("completed").build());
        agent.over(
                SessionOver.newBuilder().setSession("s2").setEnding("stopped").build());
        assertThat(answer("s4", TERMS + PRIVATE).getRefused().getReason()).isEqualTo(Reason.BUDGET);
        assertThat(agent.sessions()).isEmpty();
    }

    @Test
    void aSessionIsPlannedAnewForFewerClients() throws Exception {
        agent(DATA);
        Offer offer = offer("s1", TERMS + PRIVATE, PACKAGES);
        assertThat(answer(offer.toBuilder().setClients(5).build()).hasAccepted())
                .isTrue();
        assertThat(answer(offer).hasAccepted()).isTrue();
        agent.task(task("s1", 1, model(0)));
        assertThat(coordinator.nextDelivery().header().getRound()).isEqualTo(1);
    }

    @Test
    void settingsOfTheClientTakeThePlaceOfThePackages() throws Exception {
        ClientSettings settings = ClientSettings.read(
                "client_settings.yaml",
                ExperimentFile.parse(
                                "client_settings.yaml",
                                Path.of(""),
                                "{epsilon: 1, delta: 1e-6, max_grad_norm: 1.2, global_rounds: 3, hardlimit: \"false\"}")
                        .tree());
        agent(DATA, Optional.of(settings), Optional.empty());
        Answer answer = answer("s1", TERMS);
        assertThat(answer.getAccepted().getEpsilon()).isEqualTo(1);
        assertThat(answer.getAccepted().getDelta()).isEqualTo(1e-6);
        for (int round = 1; round <= 3; round++) {
            agent.task(task("s1", round, model(0)));
            assertThat(coordinator.nextDelivery().header().getEpsilon()).isBetween(0.3, 1.0);
        }
    }

    @Test
    void noSessionSpendsMoreThanTheOwnerLetsItWhateverItsOwnLimit() throws Exception {
        // Noise for one round, and three come; the session's own limit is not hard.
        ClientSettings settings = ClientSettings.read(
                "client_settings.yaml",
                ExperimentFile.parse(
                                "client_settings.yaml",
                                Path.of(""),
                                "{epsilon: 1, delta: 1e-6, max_grad_norm: 1.2, global_rounds: 1, hardlimit: \"false\"}")
                        .tree());
        agent(DATA + "policy: {session-epsilon: 1.1}\n", Optional.of(settings), Optional.empty());
        assertThat(answer("s1", TERMS).hasAccepted()).isTrue();
        agent.task(task("s1", 1, model(0)));
        assertThat(coordinator.nextDelivery().header().getEpsilon()).isBetween(0.9, 1.0);
        assertThat(refused(task("s1", 2, model(0))).getRefusal().getReason()).isEqualTo(Reason.BUDGET);
        assertThat(reserved()).isEqualTo(1);
    }

    @Test
    void theNumberOfExamplesStaysHereWhereItIsPrivate() throws Exception {
        agent(DATA);
        String terms = TERMS.replace("batch-size: 20", "batch-size: 20, steps: 2") + """
                server: {weighting: uniform}
                privacy:
                  example-level: {epsilon: 2, delta: 1e-5, max-grad-norm: 1, sampling-rate: 0.05, relation: add-or-remove-one}
                """;
        Answer answer = answer("s1", terms);
        // 20 of 400 are a rate of 0.05; there are 300.
        assertThat(answer.getAccepted().getExamples()).isEqualTo(400);
        assertThat(answer.getAccepted().getHeldOut()).isZero();
        agent.task(task("s1", 1, model(0)));
        assertThat(coordinator.nextDelivery().header().getExamples()).isEqualTo(400);
    }

    @Test
    void anOfferThatComesAgainWhileARoundIsOnDoesNotHaveItReservedTwice() throws Exception {
        agent(DATA + "limits: {threads: 2}\n");
        Offer offer = offer("s1", TERMS.replace("batch-size: 20", "batch-size: 20, steps: 100000") + PRIVATE, PACKAGES);
        answer(offer);
        Task task = task("s1", 1, model(0));
        agent.task(task);
        for (int n = 0; n < 6000 && reserved() == 0; n++) {
            Thread.sleep(10);
        }
        assertThat(answer(offer).hasAccepted()).isTrue();
        assertThat(coordinator.quiet()).isTrue(); // still training
        agent.task(task.toBuilder().setId("after a restart").build());
        byte[] first = coordinator.nextDelivery().bytes();
        assertThat(coordinator.nextDelivery().bytes()).isEqualTo(first);
        assertThat(reserved()).isEqualTo(1);
    }

    @Test
    void aSeedNeedsTestData() {
        assertThatThrownBy(() -> agent(DATA.replace("test-data: true\n", ""), Optional.empty(), Optional.of(1L)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("test-data");
    }

    @Test
    void evaluatesWhatItHeldOut() throws Exception {
        agent(DATA + "policy: {require: none}\n");
        Answer answer = answer("s1", TERMS + "evaluation: {validation-fraction: 0.2}\n");
        assertThat(answer.getAccepted().getExamples()).isEqualTo(240);
        assertThat(answer.getAccepted().getHeldOut()).isEqualTo(60);
        agent.task(
                task("s1", 1, model(0)).toBuilder().setKind(TaskKind.EVALUATE).build());
        var found = coordinator.next(FromNode::hasEvaluated).getEvaluated();
        assertThat(found.getWithheld()).isFalse();
        assertThat(found.getExamples()).isEqualTo(60);
        assertThat(found.hasEpsilon()).isFalse();
        assertThat(coordinator.quiet()).isTrue();
    }
}
