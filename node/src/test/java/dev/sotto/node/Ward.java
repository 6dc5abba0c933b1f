package dev.sotto.node;

import dev.sotto.data.DataContext;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.experiment.packaging.SigningKey;
import dev.sotto.owner.Owner;
import dev.sotto.owner.desk.OwnedExamples;
import dev.sotto.owner.desk.OwnerFile;
import dev.sotto.owner.ledger.LedgerLine;
import dev.sotto.owner.request.ApprovalLimits;
import dev.sotto.owner.request.Request;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.random.Randomness;
import dev.sotto.wire.v1.Answer;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.Offer;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.TaskKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A data owner with 300 rows, the owner's node, and a coordinator at hand that may say whatever it likes. */
final class Ward implements AutoCloseable {
    static final String DATA = """
            data-set: rows-1
            data: {source: generated, kind: classification, train: 300}
            limits: {threads: 3}
            """;
    static final String TERMS = """
            name: toy
            contract: {features: [8], classes: 2}
            model: logistic
            rounds: %d
            client: {batch-size: 20, optimizer: {name: sgd, learning-rate: 0.2}}
            """;
    static final int PARAMETERS = 18;
    private static final KeyPair PACKAGES = SigningKey.generate();
    private static final KeyPair UPDATES = SigningKey.generate();

    private final Path folder;
    private final String node;
    private final AtHand coordinator;
    private final AtomicInteger tasks = new AtomicInteger();
    private Owner owner;
    private NodeAgent agent;

    Ward(Path folder, String policy) throws IOException {
        this.folder = folder;
        this.node = DATA + policy;
        this.coordinator = new AtHand(folder.resolve("cache"), UPDATES.getPublic());
        start();
    }

    private void start() throws IOException {
        owner = Owner.open(folder);
        Path file = Files.writeString(folder.resolve("node.yaml"), node);
        agent = new NodeAgent(
                OwnedExamples.load(OwnerFile.read(file)),
                new NodeIdentity("hospital", "network-1", "ab".repeat(32), PACKAGES.getPublic(), UPDATES.getPrivate()),
                owner,
                folder.resolve("cache"),
                coordinator,
                Optional.empty(),
                Optional.empty());
    }

    void restart() throws IOException {
        close();
        start();
    }

    AtHand coordinator() {
        return coordinator;
    }

    Owner owner() {
        return owner;
    }

    NodeAgent agent() {
        return agent;
    }

    static String terms(int rounds, String more) {
        return TERMS.formatted(rounds) + more;
    }

    Offer offer(String session, String terms, int clients) {
        SessionDraft draft =
                SessionDraft.of(ExperimentFile.parse("toy.yaml", Path.of(""), terms), DataContext.ofSystem(), 2);
        byte[] bytes = SessionPackage.create(draft, draft.initial(Randomness.seeded(1)), PACKAGES);
        return Offer.newBuilder()
                .setSession(session)
                .setPackage(coordinator.put(bytes))
                .setClients(clients)
                .build();
    }

    /** What the node says to an offer next. */
    Answer answer(Offer offer) throws InterruptedException {
        agent.offer(offer);
        return nextAnswer();
    }

    Answer nextAnswer() throws InterruptedException {
        return coordinator.next(FromNode::hasAnswer).getAnswer();
    }

    /** What a session asks now. */
    Request request(String session) {
        return owner.requests().all().stream()
                .filter(each -> each.key().session().equals(session))
                .findFirst()
                .orElseThrow();
    }

    void approve(Request request, int rounds, Optional<Double> epsilon) {
        ApprovalLimits limits = new ApprovalLimits(
                rounds, epsilon.map(Epsilon::new), Instant.now().plus(Duration.ofDays(1)));
        owner.requests().approve(request, limits, owner.key());
    }

    static float[] model(float value) {
        float[] model = new float[PARAMETERS];
        Arrays.fill(model, value);
        return model;
    }

    Task.Builder task(String session, int round, TaskKind kind, float[] model) throws IOException {
        return Task.newBuilder()
                .setId("task-" + tasks.incrementAndGet())
                .setSession(session)
                .setRound(round)
                .setKind(kind)
                .setModel(coordinator.put(model))
                .setSeconds(60);
    }

    /** Hands a task to the node and waits until it has done with it. */
    void done(Task task) throws InterruptedException {
        agent.task(task);
        coordinator.awaitEnd(task.getId());
    }

    long reserved() {
        return owner.ledger().lines().stream()
                .filter(line -> line.kind() == LedgerLine.Kind.RESERVED)
                .count();
    }

    @Override
    public void close() {
        agent.close();
        owner.close();
    }
}
