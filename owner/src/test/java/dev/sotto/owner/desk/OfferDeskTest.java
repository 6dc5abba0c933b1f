package dev.sotto.owner.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.DataContext;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.experiment.packaging.SigningKey;
import dev.sotto.federation.RoundTask;
import dev.sotto.federation.clientlevel.UpdateRelease;
import dev.sotto.owner.AgreedTerms;
import dev.sotto.owner.Owner;
import dev.sotto.owner.OwnerSession;
import dev.sotto.owner.Release;
import dev.sotto.owner.desk.RefusedOfferException.Ground;
import dev.sotto.owner.request.Approval;
import dev.sotto.owner.request.ApprovalLimits;
import dev.sotto.owner.request.Asked;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.request.RequestWords;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.random.Randomness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The desk of an owner")
class OfferDeskTest {
    private static final KeyPair PACKAGES = SigningKey.generate();
    private static final String DATA = """
            data-set: rows-1
            data: {source: generated, kind: classification, train: 300}
            """;
    private static final String TERMS = """
            name: toy
            contract: {features: [8], classes: 2}
            model: logistic
            rounds: 3
            client: {batch-size: 20}
            """;
    private static final String PRIVATE = "privacy: {example-level: {epsilon: 2, delta: 1e-5, max-grad-norm: 1}}\n";

    @TempDir
    private Path folder;

    private Owner owner;
    private OfferDesk desk;

    @BeforeEach
    void open() throws IOException {
        owner = Owner.open(folder.resolve("home"));
        desk("");
    }

    @AfterEach
    void close() {
        owner.close();
    }

    private void desk(String policy) throws IOException {
        Path file = Files.writeString(folder.resolve("node.yaml"), DATA + policy);
        desk = new OfferDesk(
                OwnedExamples.load(OwnerFile.read(file)),
                new Counterpart("hospital", "network-1", "ab".repeat(32), PACKAGES.getPublic()),
                owner,
                Optional.empty(),
                Randomness.secret());
        boolean unused = desk.declare();
    }

    private Path pack(String terms) throws IOException {
        SessionDraft draft =
                SessionDraft.of(ExperimentFile.parse("toy.yaml", Path.of(""), terms), DataContext.ofSystem(), 2);
        Path file = folder.resolve("download");
        SessionPackage.write(file, draft, draft.initial(Randomness.seeded(1)), PACKAGES);
        return file;
    }

    private Outcome offer(String session, String terms) throws IOException, RefusedOfferException {
        Path file = pack(terms);
        return desk.accept(session, file, SessionPackage.open(file).digest(), 2);
    }

    private Review review(String session, String terms) throws IOException {
        Path file = pack(terms);
        return desk.review(session, file, SessionPackage.open(file).digest(), 2);
    }

    private Request waiting(String session) throws Exception {
        Outcome outcome = offer(session, TERMS + PRIVATE);
        assertThat(outcome).isInstanceOf(Outcome.Waiting.class);
        return ((Outcome.Waiting) outcome).request();
    }

    private void approve(Request request) {
        ApprovalLimits limits =
                new ApprovalLimits(3, Optional.empty(), Instant.now().plus(Duration.ofDays(1)));
        owner.requests().approve(request, limits, owner.key());
    }

    @Test
    void holdsNothingOutWhereTheNumberOfExamplesIsPrivate() throws Exception {
        Path file = Files.writeString(
                folder.resolve("node.yaml"), DATA.replace("train: 300", "train: 300, validation-fraction: 0.1"));
        desk = new OfferDesk(
                OwnedExamples.load(OwnerFile.read(file)),
                new Counterpart("hospital", "network-1", "ab".repeat(32), PACKAGES.getPublic()),
                owner,
                Optional.empty(),
                Randomness.secret());
        boolean unused = desk.declare();
        String counted = TERMS.replace("batch-size: 20", "batch-size: 20, steps: 2")
                + "server: {weighting: uniform}\n"
                + PRIVATE.replace("max-grad-norm: 1", "relation: add-or-remove-one, sampling-rate: 0.1");
        RefusedOfferException refused = review("s-1", counted).refusal().orElseThrow();
        assertThat(refused.ground()).isEqualTo(Ground.CONTRACT);
        assertThat(refused)
                .hasMessageStartingWith("data.validation-fraction: it must be 0 under add-or-remove-one")
                .hasMessageNotContaining("30");
        assertThat(review("s-2", TERMS + PRIVATE).refusal()).isEmpty();
    }

    /** A refusal, or training that fails, would tell of examples; whether the owner hears of it is another matter. */
    @Test
    void takesPartWhereExamplesHoldWhatTheModelDoesNotKnowAndTellsTheOwnerAlone() throws Exception {
        desk("policy: {approval: automatic}\n");
        String words =
                "model: {name: words, layers: [{embedding: {vocabulary: 9, dimension: 2}}, flatten, {linear: 2}]}";
        Outcome outcome = offer("s-1", TERMS.replace("model: logistic", words) + PRIVATE);
        HostedSession session = ((Outcome.Hosted) outcome).session();
        assertThat(desk.misfit(session).orElseThrow())
                .startsWith("example 0 of data set 'rows-1', from 0, and maybe others: feature 0 is ")
                .endsWith("takes whole numbers from 0 to 8; other numbers are read as zeros");
        float[] model = new float[session.parameters()];
        RoundTask round = new RoundTask(
                1, model, session.terms().strategy().method(), new float[0], Optional.<UpdateRelease>empty());
        Release release = session.work(training -> session.owner().train(round, new byte[32], training));
        assertThat(release.round()).isEqualTo(1);
        Outcome known = offer("s-2", TERMS + PRIVATE);
        assertThat(desk.misfit(((Outcome.Hosted) known).session())).isEmpty();
    }

    @Test
    void asksTheOwnerUnlessToldOtherwise() throws Exception {
        Request request = waiting("s-1");
        assertThat(owner.requests().all()).containsExactly(request);
        assertThat(request.client()).isEqualTo("hospital");
        assertThat(request.dataSet()).isEqualTo("rows-1");
        assertThat(waiting("s-1")).isEqualTo(request);
        assertThat(owner.open("network-1")).isEmpty();
        approve(request);
        Outcome approved = offer("s-1", TERMS + PRIVATE);
        assertThat(approved).isInstanceOf(Outcome.Hosted.class);
        assertThat(((Outcome.Hosted) approved).session().owner().request()).isEqualTo(request);
        assertThat(owner.open("network-1")).hasSize(1);
        owner.requests().revoke(request, "the study ended", owner.key());
        assertThatThrownBy(() -> offer("s-1", TERMS + PRIVATE))
                .isInstanceOfSatisfying(
                        RefusedOfferException.class, e -> assertThat(e.ground()).isEqualTo(Ground.POLICY))
                .hasMessage("the owner revoked the approval: the study ended");
    }

    @Test
    void asksTheOwnerAgainOnceWhatTheyApprovedInPersonIsOverWhateverThePolicy() throws Exception {
        Request request = waiting("s-1");
        Instant expires = Instant.now().plusSeconds(1);
        owner.requests().approve(request, new ApprovalLimits(1, Optional.of(new Epsilon(0.5)), expires), owner.key());
        desk("policy: {approval: automatic}\n");
        while (Instant.now().isBefore(expires)) {
            Thread.sleep(10);
        }
        assertThat(offer("s-1", TERMS + PRIVATE)).isEqualTo(new Outcome.Waiting(request));
        assertThat(owner.requests().history()).hasSize(1);
    }

    @Test
    void tellsTheReasonOfARejection() throws Exception {
        owner.requests().reject(waiting("s-1"), "not this data", owner.key());
        assertThatThrownBy(() -> offer("s-1", TERMS + PRIVATE)).hasMessage("the owner rejected it: not this data");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "policy: {approval: automatic} | 100 | 30",
                "policy: {approval: automatic, session-epsilon: 5, approval-days: 7} | 5 | 7"
            })
    void aPolicyApprovesWithASignedRecordOfItsOwnLimits(String policy, double epsilon, int days) throws Exception {
        desk(policy);
        Instant before = Instant.now();
        assertThat(offer("s-1", TERMS + PRIVATE)).isInstanceOf(Outcome.Hosted.class);
        Decision decision = owner.requests().decision(owner.requests().all().get(0));
        Approval approval = ((Decision.Approved) decision).approval();
        assertThat(approval.automatic()).isTrue();
        assertThat(approval.limits().rounds()).isEqualTo(3);
        assertThat(approval.limits().epsilon()).contains(new Epsilon(epsilon));
        assertThat(approval.limits().expires())
                .isBetween(before.plus(Duration.ofDays(days)), Instant.now().plus(Duration.ofDays(days)));
        assertThat(owner.requests().history()).hasSize(1).allMatch(each -> each.broken()
                .isEmpty());
        // The owner is heard all the same.
        owner.requests().revoke(approval.request(), "no", owner.key());
        assertThatThrownBy(() -> offer("s-1", TERMS + PRIVATE)).hasMessageContaining("revoked");
    }

    @Test
    void whatAPolicyApprovedIsAskedForOnceThePolicyIsToAsk() throws Exception {
        desk("policy: {approval: automatic}");
        OwnerSession session =
                ((Outcome.Hosted) offer("s-1", TERMS + PRIVATE)).session().owner();
        desk("policy: {approval: ask}");
        Request request = session.request();
        assertThat(offer("s-1", TERMS + PRIVATE)).isEqualTo(new Outcome.Waiting(request));
        assertThat(RequestWords.of(owner, request, Asked.of(owner, request)).parts())
                .last()
                .asString()
                .contains("by your policy", "It says ask now, so that approval does not hold");
        approve(request);
        assertThat(offer("s-1", TERMS + PRIVATE)).isInstanceOf(Outcome.Hosted.class);
    }

    @Test
    void aPolicyThatWasTightenedSinceIsToldWithTheRequest() throws Exception {
        Request request = waiting("s-1");
        assertThat(Asked.of(owner, request).policyRefusal()).isEmpty();
        desk("policy: {session-epsilon: 0.5}");
        assertThatThrownBy(() -> offer("s-1", TERMS + PRIVATE)).hasMessageContaining("allows epsilon 0.5 a session");
        assertThat(RequestWords.of(owner, request, Asked.of(owner, request)).parts())
                .last()
                .asString()
                .contains(
                        "your policy allows a session epsilon 0.5000, and this one asks for 2.000: your node refuses it");
    }

    @Test
    void whatIsAskedForAgainIsNotOver() throws Exception {
        Request request = waiting("s-1");
        owner.over(request.key(), "stopped");
        assertThat(owner.requests().ending(request)).contains("stopped");
        assertThat(waiting("s-1")).isEqualTo(request);
        assertThat(owner.requests().ending(request)).isEmpty();
        owner.over(request.key(), "completed");
        assertThatThrownBy(() -> waiting("s-1")).hasMessageContaining("it was completed");
        assertThat(owner.requests().ending(request)).contains("completed");
    }

    @Test
    void aPolicyThatProtectsNothingHasNoCapToGive() throws Exception {
        desk("policy: {approval: automatic, require: none}");
        assertThat(offer("s-1", TERMS)).isInstanceOf(Outcome.Hosted.class);
        assertThat(owner.requests().history().get(0).limits().orElseThrow().epsilon())
                .isEmpty();
    }

    @Test
    void whatThePolicyRefusesIsNoRequest() throws Exception {
        assertThatThrownBy(() -> offer("s-1", TERMS)).hasMessageContaining("no privacy");
        assertThat(owner.requests().all()).isEmpty();
    }

    @Test
    void reviewsWithoutWritingAnything() throws Exception {
        Request request = waiting("s-1");
        Review allowed = desk.review(request);
        assertThat(allowed.refusal()).isEmpty();
        AgreedTerms agreed = allowed.agreed().orElseThrow();
        assertThat(agreed.epsilon(300)).hasValue(2);
        assertThat(agreed.assumption()).isEmpty();
        assertThat(allowed.read().orElseThrow().signer()).isEqualTo(PACKAGES.getPublic());
        assertThat(allowed.terms().orElseThrow().plan().rounds()).isEqualTo(3);
        assertThat(allowed.data().orElseThrow().examples().size()).isEqualTo(300);
        Review refused = review("s-2", TERMS);
        assertThat(refused.refusal().orElseThrow()).hasMessageContaining("no privacy");
        assertThat(refused.terms()).isPresent();
        assertThat(refused.agreed()).isPresent();
        assertThat(owner.requests().all()).containsExactly(request);
        assertThat(owner.requests().history()).isEmpty();
        assertThat(owner.open("network-1")).isEmpty();
        assertThat(owner.ledger().lines()).hasSize(1); // the data set's name
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"clients | trusted with numbers", "coordinator | trusted with this client's update", "local | "})
    void saysWhatAClientsProtectionRestsOn(String noise, String assumption) throws Exception {
        Review review = review(
                "s-1",
                TERMS
                        + "privacy: {client-level: {noise-multiplier: 20, delta: 1e-2, clipping-norm: 1, noise: %s}}\n"
                                .formatted(noise));
        Optional<String> said = review.agreed().orElseThrow().assumption();
        if (assumption == null) {
            assertThat(said).isEmpty();
        } else {
            assertThat(said.orElseThrow()).contains(assumption);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two\nlines", "\u001b[2J", "right\u202eleft", "\u2028"})
    void aSessionHasANameThatForgesNothing(String session) {
        assertThatThrownBy(() -> offer(session, TERMS + PRIVATE))
                .isInstanceOfSatisfying(
                        RefusedOfferException.class, e -> assertThat(e.ground()).isEqualTo(Ground.PACKAGE));
        assertThatThrownBy(() -> offer("x".repeat(201), TERMS + PRIVATE)).hasMessageContaining("at most 200");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "batch-size: 20, steps: 2147483647 | at most 1,000,000,000 steps",
                "batch-size: 20, epochs: 2147483647 | at most 1,000,000,000 steps",
                "batch-size: 20, steps: 400000000 | at most 1,000,000,000 steps",
                "batch-size: 20, schedule: [{from-round: 2, steps: 2147483647}] | at most 1,000,000,000 steps"
            })
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void aFewDigitsDoNotOccupyTheMachine(String client, String reason) {
        String terms = TERMS.replace("batch-size: 20", client) + PRIVATE;
        assertThatThrownBy(() -> offer("s-1", terms))
                .isInstanceOfSatisfying(
                        RefusedOfferException.class, e -> assertThat(e.ground()).isEqualTo(Ground.PACKAGE))
                .hasMessageContaining(reason);
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void norDoStepsThatDifferFromEachOther() {
        String terms = TERMS.replace("batch-size: 20", "batch-size: 20, steps: 100000")
                + PRIVATE.replace("max-grad-norm: 1", "max-grad-norm: 1, noise-schedule: {kind: exponential}");
        assertThatThrownBy(() -> offer("s-1", terms))
                .hasMessageContaining("at most 100,000 steps in all rounds, where noise or clipping changes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1000 | epsilon: 2, noise-schedule: {kind: exponential} | at most 5,000 steps that differ, under accountant rdp",
                "100 | epsilon: 2, accountant: pld, clipping-schedule: {kind: linear} | at most 200 steps that differ",
                "10 | epsilon: 1e-9, accountant: tightest | 1.0E-9 is less than the 0.01"
            })
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void norDoesNoiseThatIsLongWorkedOut(int rounds, String privacy, String reason) {
        String terms = TERMS.replace("rounds: 3", "rounds: " + rounds) + "privacy: {example-level: {delta: 1e-5, "
                + privacy + "}}\n";
        assertThatThrownBy(() -> offer("s-1", terms))
                .isInstanceOfSatisfying(
                        RefusedOfferException.class, e -> assertThat(e.ground()).isEqualTo(Ground.PACKAGE))
                .hasMessageContaining(reason);
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void norDoesAMatrixThatIsLongSearchedFor() throws IOException {
        desk("policy: {require: client}\n");
        String small =
                TERMS + "privacy: {client-level: {noise-multiplier: 2, correlation: {kind: banded, bands: 40}}}\n";
        String large = small.replace("rounds: 3", "rounds: 100000");
        Path file = pack(small);
        // Whoever wants to do harm does not pack with our own program, which would refuse it.
        SessionDraft draft =
                SessionDraft.of(ExperimentFile.parse("toy.yaml", Path.of(""), small), DataContext.ofSystem(), 2);
        ObjectNode terms = draft.terms().deepCopy();
        terms.put("rounds", 100_000);
        ((ObjectNode) terms.at("/privacy/client-level/correlation")).put("bands", 1000);
        SessionPackage.write(
                file,
                new SessionDraft(terms, draft.contract(), draft.model()),
                draft.initial(Randomness.seeded(1)),
                PACKAGES);
        byte[] digest = SessionPackage.open(file).digest();
        assertThatThrownBy(() -> desk.accept("s-1", file, digest, 2))
                .isInstanceOfSatisfying(
                        RefusedOfferException.class, e -> assertThat(e.ground()).isEqualTo(Ground.PACKAGE))
                .hasMessageContaining("correlation.bands: 1,000 over 100,000 rounds")
                .hasMessageContaining("so at most 40 here");
        assertThatThrownBy(() -> pack(large.replace("kind: banded, bands: 40", "kind: blt, buffers: 10")))
                .hasMessageContaining("correlation.buffers: 10 over 100,000 rounds");
        assertThatThrownBy(() -> pack(large.replace("kind: banded, bands: 40", "kind: blt")))
                .as("a search for how many are needed looks at all")
                .hasMessageContaining("correlation.buffers: 10 over 100,000 rounds");
    }
}
