package dev.sotto.page;

import dev.sotto.data.DataContext;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.experiment.packaging.SigningKey;
import dev.sotto.federation.RoundTask;
import dev.sotto.owner.Owner;
import dev.sotto.owner.desk.Activity;
import dev.sotto.owner.desk.Counterpart;
import dev.sotto.owner.desk.HostedSession;
import dev.sotto.owner.desk.OfferDesk;
import dev.sotto.owner.desk.Outcome;
import dev.sotto.owner.desk.OwnedExamples;
import dev.sotto.owner.desk.OwnerFile;
import dev.sotto.owner.desk.RefusedOfferException;
import dev.sotto.owner.request.Asked;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.request.RequestWords;
import dev.sotto.privacy.random.Randomness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.HexFormat;
import java.util.Optional;

/** A data owner with real records, ledger, packages and desk, and the page over them; only the network is missing. */
final class TestOwner implements AutoCloseable {
    static final String COORDINATOR = "network-1";
    static final String DATA_SET = "scans-2026";
    static final String TERMS = """
            name: readmission
            contract: {features: [8], classes: 2}
            model: logistic
            rounds: 3
            client: {batch-size: 20, optimizer: {name: sgd, learning-rate: 0.2}}
            privacy: {example-level: {epsilon: 2, delta: 1e-5, max-grad-norm: 1}}
            """;
    private static final KeyPair PACKAGES = SigningKey.generate();

    private final Path home;
    private final Owner owner;
    private final Activity activity = new Activity();
    private final OfferDesk desk;
    private final OwnersPage page;

    TestOwner(Path home) throws IOException {
        this(home, "{total: {epsilon: 8, delta: 1e-6}}");
    }

    TestOwner(Path home, String policy) throws IOException {
        this.home = home;
        owner = Owner.open(home);
        Path file = Files.writeString(home.resolve("node.yaml"), """
                data-set: '%s'
                data: {source: generated, kind: classification, train: 300}
                policy: %s
                """.formatted(DATA_SET, policy));
        desk = new OfferDesk(
                OwnedExamples.load(OwnerFile.read(file)),
                new Counterpart("hospital-3", COORDINATOR, "ab".repeat(32), PACKAGES.getPublic()),
                owner,
                Optional.empty(),
                Randomness.secret());
        desk.declare();
        page = OwnersPage.open(new OwnersPage.Subject("hospital-3", owner, activity, home), 0);
    }

    OwnersPage page() {
        return page;
    }

    Owner owner() {
        return owner;
    }

    Activity activity() {
        return activity;
    }

    Path home() {
        return home;
    }

    /** A session asks, as it would over any transport. */
    Request ask(String session, String terms) throws IOException, RefusedOfferException {
        SessionDraft draft =
                SessionDraft.of(ExperimentFile.parse("toy.yaml", Path.of(""), terms), DataContext.ofSystem(), 2);
        byte[] bytes = SessionPackage.create(draft, draft.initial(Randomness.seeded(1)), PACKAGES);
        Path file = Files.write(home.resolve("offered.sotto"), bytes);
        byte[] digest = SessionPackage.open(bytes).digest();
        return ((Outcome.Waiting) desk.accept(session, file, digest, 2)).request();
    }

    Request ask(String session) throws IOException, RefusedOfferException {
        return ask(session, TERMS);
    }

    Decision decision(Request request) {
        return owner.requests().decision(request);
    }

    /** What the command line would print of a request. */
    RequestWords words(Request request) {
        return RequestWords.of(owner, request, Asked.of(owner, request));
    }

    /** What an approved session does in its first rounds, as whoever hosts it does it. */
    void train(Request request, int rounds) throws RefusedOfferException {
        byte[] digest = HexFormat.of().parseHex(request.packageDigest());
        HostedSession session =
                ((Outcome.Hosted) desk.accept(request.key().session(), request.file(), digest, 2)).session();
        for (int round = 1; round <= rounds; round++) {
            RoundTask task = new RoundTask(
                    round,
                    new float[session.parameters()],
                    session.terms().strategy().method(),
                    new float[0],
                    Optional.empty());
            byte[] model = {(byte) round};
            activity.during(Activity.Kind.TRAINING, session, round, training -> session.owner()
                    .train(task, model, training));
        }
    }

    @Override
    public void close() throws IOException {
        page.close();
        owner.close();
    }
}
