package dev.sotto.folders.owner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.data.DataContext;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.federation.RoundTask;
import dev.sotto.federation.clientlevel.UpdateRelease;
import dev.sotto.folders.Datasite;
import dev.sotto.folders.Email;
import dev.sotto.folders.mail.Names;
import dev.sotto.folders.mail.PostOffice;
import dev.sotto.owner.Owner;
import dev.sotto.owner.Release;
import dev.sotto.owner.desk.Activity;
import dev.sotto.owner.desk.Counterpart;
import dev.sotto.owner.desk.HostedSession;
import dev.sotto.owner.desk.OfferDesk;
import dev.sotto.owner.desk.Outcome;
import dev.sotto.owner.desk.OwnedExamples;
import dev.sotto.owner.desk.OwnerFile;
import dev.sotto.owner.ledger.LedgerLine;
import dev.sotto.owner.request.ApprovalLimits;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.request.RequestBook;
import dev.sotto.privacy.random.Randomness;
import dev.sotto.wire.FloatVectors;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.TaskKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An owner's work on a round")
class RoundWorkTest {
    private static final String TERMS = """
            name: toy
            contract: {features: [8], classes: 2}
            model: logistic
            rounds: 3
            client: {batch-size: 20, optimizer: {name: sgd, learning-rate: 0.2}}
            privacy: {example-level: {epsilon: 2, delta: 1e-5, max-grad-norm: 1}}
            """;
    private static final String NODE = """
            data-set: rows
            data: {source: generated, kind: classification, train: 100, test: 0}
            policy: {approval: automatic}
            """;
    private static final String SESSION = "toy.0123456789abcdef";

    @TempDir
    private Path folder;

    private Datasite ann;
    private Datasite aggregator;
    private Owner owner;
    private RequestBook book;
    private Request request;
    private HostedSession session;
    private Correspondence letters;
    private float[] model;

    @BeforeEach
    void takePart() throws Exception {
        Optional<Path> synced = Optional.of(Files.createDirectories(folder.resolve("synced")));
        ann = Datasite.init(folder.resolve("ann"), Email.of("ann@a.org"), synced, Datasite.APP_DATA);
        aggregator = Datasite.init(folder.resolve("agg"), Email.of("agg@n.org"), synced, Datasite.APP_DATA);
        owner = Owner.open(ann.home());
        book = owner.requests();
        OfferDesk desk = new OfferDesk(
                OwnedExamples.load(OwnerFile.read(Files.writeString(folder.resolve("node.yaml"), NODE))),
                new Counterpart(
                        ann.email().clientId(),
                        aggregator.email().text(),
                        aggregator.card().authority(),
                        aggregator.card().signing()),
                owner,
                Optional.empty(),
                Randomness.secret());
        desk.declare();
        SessionDraft draft =
                SessionDraft.of(ExperimentFile.parse("toy.yaml", Path.of(""), TERMS), DataContext.ofSystem(), 1);
        model = draft.initial(Randomness.seeded(7));
        byte[] pack = SessionPackage.create(draft, model, aggregator.keys().signing());
        byte[] digest = SessionPackage.open(pack).digest();
        Path file = Files.write(folder.resolve("package.sotto"), pack);
        session = ((Outcome.Hosted) desk.accept(SESSION, file, digest, 1)).session();
        request = session.owner().request();
        AskedProject asked = AskedProject.of(
                SESSION,
                "toy",
                aggregator.email(),
                aggregator.card().authority(),
                1,
                HexFormat.of().formatHex(digest),
                pack.length);
        AskedFiles files = new AskedFiles(ann);
        files.save(asked);
        letters = new Correspondence(new PostOffice(ann), files, aggregator.card(), asked, "");
    }

    @AfterEach
    void close() {
        owner.close();
    }

    private void work(Supplier<Decision> decision) throws IOException {
        Task task = Task.newBuilder()
                .setSession(SESSION)
                .setId("t-1")
                .setRound(1)
                .setKind(TaskKind.TRAIN)
                .setModel(FloatVectors.blob(model))
                .build();
        byte[] vectors = FloatVectors.stream(model).readAllBytes();
        new RoundWork(letters, new Activity(), session, task, vectors, () -> true, decision).run();
    }

    private Decision now() {
        return book.decision(request);
    }

    private Decision revoked() {
        book.revoke(request, "we changed our mind", book.key());
        return now();
    }

    /** What of that name lies anywhere in the synced tree, in the owner's folders or the aggregator's. */
    private long placed(String name) throws IOException {
        try (Stream<Path> all = Files.walk(ann.synced())) {
            return all.filter(each -> each.endsWith(name)).count();
        }
    }

    private long paid() {
        return owner.ledger().lines().stream()
                .filter(line -> line.kind() == LedgerLine.Kind.RESERVED)
                .count();
    }

    private void placesARefusalAndNothingElse() throws IOException {
        assertThat(placed(Names.trained(1))).isZero();
        assertThat(placed(Names.refused(1))).isEqualTo(1);
        assertThat(ann.own(Names.CLIENT, Names.RUNNING, "toy", Names.LOGS).file("log.txt"))
                .content()
                .contains("round 1: refused: the owner's approval does not cover it")
                .doesNotContain("sent\n");
    }

    @Test
    void placesWhatItTrainedWhereItIsApproved() throws Exception {
        work(this::now);
        assertThat(paid()).isEqualTo(1);
        assertThat(placed(Names.trained(1)))
                .as("at the owner and at the aggregator")
                .isEqualTo(2);
        assertThat(placed(Names.refused(1))).isZero();
    }

    @Test
    void placesNothingIfTheOwnerRevokesWhileItTrains() throws Exception {
        work(this::revoked); // asked once it has trained
        assertThat(paid()).as("it has trained").isEqualTo(1);
        placesARefusalAndNothingElse();
    }

    @Test
    void placesNothingThatWasReleasedBeforeTheOwnerRevokedUntilItIsApprovedAnew() throws Exception {
        byte[] digest = FloatVectors.blob(model).getSha256().toByteArray();
        RoundTask round = new RoundTask(
                1, model, session.terms().strategy().method(), new float[0], Optional.<UpdateRelease>empty());
        Release released = session.work(training -> session.owner().train(round, digest, training));
        assertThat(revoked()).isInstanceOf(Decision.Revoked.class);
        work(this::now);
        placesARefusalAndNothingElse();

        book.approve(
                request, new ApprovalLimits(3, Optional.empty(), Instant.now().plusSeconds(3600)), book.key());
        work(this::now);
        assertThat(placed(Names.trained(1))).isEqualTo(2);
        assertThat(paid()).as("it is not trained again").isEqualTo(1);
        assertThat(session.owner().released(1, digest).orElseThrow().sha256()).isEqualTo(released.sha256());
    }
}
