package dev.sotto.owner;

import static dev.sotto.owner.Toys.KEY;
import static dev.sotto.owner.Toys.digest;
import static dev.sotto.owner.Toys.plan;
import static dev.sotto.owner.Toys.round;
import static dev.sotto.owner.Toys.terms;
import static dev.sotto.owner.Toys.training;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.data.Examples;
import dev.sotto.federation.Cohort;
import dev.sotto.federation.EvaluationPlan;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.LocalMethod;
import dev.sotto.federation.Participation;
import dev.sotto.federation.Plan;
import dev.sotto.federation.PrivateMetrics;
import dev.sotto.owner.ledger.LedgerLine;
import dev.sotto.owner.request.ApprovalLimits;
import dev.sotto.owner.request.BookAt;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.request.RequestBook;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.privacy.random.Randomness;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A session under an owner's approval")
class ApprovedSessionTest {
    private static final Examples EXAMPLES = Toys.clouds(200, 1);
    private static final Examples HELD_OUT = Toys.clouds(50, 2);
    private static final Plan PRIVATE = plan(4, Optional.of(ExamplePrivacy.calibrated(2, 1e-5, 1)));
    private static final Plan OPEN = plan(4, Optional.empty());

    @TempDir
    private Path home;

    private Owner owner;
    private Request request;

    @BeforeEach
    void open() {
        owner = Owner.open(home);
        owner.ledger().declare("scans", List.of(), Optional.empty());
    }

    @AfterEach
    void close() {
        owner.close();
    }

    private static ApprovalLimits limits(int rounds, Optional<Double> epsilon, Duration time) {
        return new ApprovalLimits(
                rounds, epsilon.map(Epsilon::new), Instant.now().plus(time));
    }

    private void approve(ApprovalLimits limits) {
        owner.requests().approve(request, limits, owner.key());
    }

    private OwnerSession session(Plan plan, ApprovalLimits limits) {
        AgreedTerms terms = terms(KEY, plan, new LocalMethod.Plain(), 200);
        request = Toys.arrived(owner, terms, EXAMPLES);
        approve(limits);
        return OwnerSession.open(owner, terms, request, EXAMPLES, Optional.of(HELD_OUT), Randomness.secret());
    }

    private static Release train(OwnerSession session, int round) {
        return session.train(round(round, 0), digest(0), training());
    }

    private long reserved() {
        return owner.ledger().lines().stream()
                .filter(line -> line.kind() == LedgerLine.Kind.RESERVED)
                .count();
    }

    private void refuses(OwnerSession session, int round, String reason) {
        long before = reserved();
        assertThatThrownBy(() -> train(session, round))
                .isInstanceOf(NotApprovedException.class)
                .hasMessageContaining(reason);
        assertThat(reserved()).isEqualTo(before);
    }

    @Test
    void isNotOpenedBeforeTheOwnerHasDecided() {
        AgreedTerms terms = terms(KEY, PRIVATE, new LocalMethod.Plain(), 200);
        Request asked = Toys.arrived(owner, terms, EXAMPLES);
        assertThatThrownBy(
                        () -> OwnerSession.open(owner, terms, asked, EXAMPLES, Optional.empty(), Randomness.secret()))
                .isInstanceOf(NotApprovedException.class)
                .hasMessageContaining("the owner has yet to decide");
        owner.requests().reject(asked, "no such study", owner.key());
        assertThatThrownBy(
                        () -> OwnerSession.open(owner, terms, asked, EXAMPLES, Optional.empty(), Randomness.secret()))
                .hasMessageContaining("the owner rejected it: no such study");
        assertThat(owner.open("coordinator-1")).isEmpty();
    }

    @Test
    void isOpenedOnlyForWhatTheRequestAsks() {
        session(PRIVATE, limits(4, Optional.empty(), Duration.ofHours(1)));
        AgreedTerms other = AgreedTerms.of(
                KEY, "hospital", "scans", Toys.digestOf("other"), 2, PRIVATE, new LocalMethod.Plain(), 200);
        assertThatThrownBy(
                        () -> OwnerSession.open(owner, other, request, EXAMPLES, Optional.empty(), Randomness.secret()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not what request");
    }

    @Test
    void stopsBeforeTheNextRoundOnceItIsRevokedAndSendsWhatItReleasedAgain() {
        OwnerSession session = session(PRIVATE, limits(4, Optional.empty(), Duration.ofHours(1)));
        Release first = train(session, 1);
        try (Owner atAnotherProcess = Owner.open(home)) {
            atAnotherProcess
                    .requests()
                    .revoke(atAnotherProcess.requests().find(request.id()), "the study ended", atAnotherProcess.key());
        }
        refuses(session, 2, "session session-1 of coordinator-1: the owner revoked the approval: the study ended");
        assertThat(train(session, 1).sha256()).isEqualTo(first.sha256());
        assertThat(reserved()).isEqualTo(1);
        approve(limits(4, Optional.empty(), Duration.ofHours(1)));
        train(session, 2);
    }

    @Test
    void withoutPrivacyIsHeldToItsApprovalInEveryRoundAlthoughItIsBookedOnce() {
        OwnerSession session = session(OPEN, limits(3, Optional.empty(), Duration.ofHours(1)));
        train(session, 1);
        train(session, 2);
        owner.requests().revoke(request, "enough", owner.key());
        refuses(session, 3, "revoked the approval: enough");
        assertThatThrownBy(() ->
                        session.evaluate(round(3, 0), digest(0), training().network()))
                .isInstanceOf(NotApprovedException.class);
        approve(limits(3, Optional.empty(), Duration.ofHours(1)));
        train(session, 3);
        refuses(session, 4, "the owner approved 3 rounds, and this is round 4");
        assertThat(reserved()).isEqualTo(1);
    }

    @Test
    void withoutABoundHasNoPlaceUnderACap() {
        OwnerSession session = session(OPEN, limits(4, Optional.of(50.0), Duration.ofHours(1)));
        assertThatThrownBy(() -> train(session, 1)).isInstanceOf(BudgetExceededException.class);
        assertThatThrownBy(() ->
                        session.evaluate(round(1, 0), digest(0), training().network()))
                .isInstanceOf(BudgetExceededException.class);
        assertThat(reserved()).isZero();
    }

    @Test
    void isHeldToACapThatWasSetAfterTheWholeOfItWasBooked() {
        OwnerSession session = session(OPEN, limits(4, Optional.empty(), Duration.ofHours(1)));
        train(session, 1);
        approve(limits(4, Optional.of(1.0), Duration.ofHours(1)));
        assertThatThrownBy(() -> train(session, 2))
                .isInstanceOf(BudgetExceededException.class)
                .hasMessageContaining("the owner approved epsilon 1.0 for it");
        assertThatThrownBy(() ->
                        session.evaluate(round(1, 0), digest(0), training().network()))
                .isInstanceOf(BudgetExceededException.class);
        assertThat(train(session, 1).again()).isTrue();
    }

    @Test
    void spendsNoMoreThanTheOwnersCapWhateverItsOwnLimit() {
        OwnerSession session = session(PRIVATE, limits(4, Optional.of(1.3), Duration.ofHours(1)));
        int rounds = 0;
        try {
            for (int round = 1; round <= 4; round++) {
                train(session, round);
                rounds++;
            }
        } catch (BudgetExceededException e) {
            assertThat(e)
                    .hasMessageContaining("the owner approved epsilon 1.3 for it")
                    .hasMessageNotContaining("scans");
        }
        assertThat(rounds).isBetween(1, 3);
        assertThat(session.epsilon().orElseThrow()).isLessThanOrEqualTo(1.3);
        assertThat(reserved()).isEqualTo(rounds);
        approve(limits(4, Optional.of(2.0), Duration.ofHours(1)));
        for (int round = rounds + 1; round <= 4; round++) {
            train(session, round);
        }
        assertThat(session.epsilon().orElseThrow()).isBetween(1.98, 2.0);
    }

    @Test
    void paysForEvaluationsUnderTheSameCap() {
        Plan measured = new Plan(
                "toy",
                Toys.MODEL,
                4,
                Participation.of(new Cohort.All()),
                Toys.TRAINING,
                PRIVATE.privacy(),
                Optional.empty(),
                new EvaluationPlan(1, 1, 0, false, Optional.of(PrivateMetrics.spending(1.5))));
        OwnerSession session = session(measured, limits(4, Optional.of(1.0), Duration.ofHours(1)));
        int found = 0;
        for (int round = 1; round <= 4; round++) {
            try {
                found += session.evaluate(round(round, 0), digest(0), training().network())
                                .isPresent()
                        ? 1
                        : 0;
            } catch (BudgetExceededException e) {
                assertThat(e).hasMessageContaining("approved epsilon 1.0");
            }
        }
        assertThat(found).isBetween(1, 3);
        assertThat(session.epsilon().orElseThrow()).isLessThanOrEqualTo(1);
    }

    @Test
    void isOverWhenItsTimeIsAndStaysSoWhateverTheClockSays() throws InterruptedException {
        OwnerSession session = session(PRIVATE, limits(4, Optional.empty(), Duration.ofHours(1)));
        train(session, 1);
        Instant before = Instant.now();
        Instant expires = before.plusSeconds(1);
        approve(new ApprovalLimits(4, Optional.empty(), expires));
        waitFor(expires);
        refuses(session, 2, "the owner's approval has expired"); // and whatever was written with that is taken back
        RequestBook clockSetBack = BookAt.time(owner.database(), home, before);
        assertThat(clockSetBack.decision(request)).isInstanceOf(Decision.Expired.class);
    }

    @Test
    void isNotOpenedOnceItsTimeIsOverWhichStaysSoToo() throws InterruptedException {
        AgreedTerms terms = terms(KEY, PRIVATE, new LocalMethod.Plain(), 200);
        request = Toys.arrived(owner, terms, EXAMPLES);
        Instant before = Instant.now();
        Instant expires = before.plusSeconds(1);
        approve(new ApprovalLimits(4, Optional.empty(), expires));
        waitFor(expires);
        assertThatThrownBy(
                        () -> OwnerSession.open(owner, terms, request, EXAMPLES, Optional.empty(), Randomness.secret()))
                .isInstanceOf(NotApprovedException.class)
                .hasMessageContaining("the owner's approval has expired");
        assertThat(BookAt.time(owner.database(), home, before).decision(request))
                .isInstanceOf(Decision.Expired.class);
    }

    /** Without a look at what was decided, which would note that it is over. */
    private static void waitFor(Instant time) throws InterruptedException {
        while (Instant.now().isBefore(time)) {
            Thread.sleep(10);
        }
    }

    @Test
    void doesNotGoOnWithOtherData() {
        OwnerSession session = session(PRIVATE, limits(4, Optional.empty(), Duration.ofHours(1)));
        train(session, 1);
        assertThat(owner.fingerprint().changed("scans", Toys.clouds(200, 9))).isTrue();
        refuses(session, 2, "not what the owner approved");
    }

    @Test
    void doesNotGoOnOnceItAsksForSomethingElse() {
        OwnerSession session = session(PRIVATE, limits(4, Optional.empty(), Duration.ofHours(1)));
        AgreedTerms more = AgreedTerms.of(
                KEY, "hospital", "scans", Toys.digestOf("abc123"), 3, PRIVATE, new LocalMethod.Plain(), 200);
        Toys.arrived(owner, more, EXAMPLES);
        refuses(session, 1, "not what the owner approved");
    }
}
