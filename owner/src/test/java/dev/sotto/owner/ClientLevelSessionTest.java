package dev.sotto.owner;

import static dev.sotto.owner.Toys.digest;
import static dev.sotto.owner.Toys.round;
import static dev.sotto.owner.Toys.training;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.data.Examples;
import dev.sotto.federation.Cohort;
import dev.sotto.federation.EvaluationPlan;
import dev.sotto.federation.LocalMethod;
import dev.sotto.federation.Participation;
import dev.sotto.federation.Plan;
import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.federation.clientlevel.UpdateBound;
import dev.sotto.federation.clientlevel.UpdateNoise;
import dev.sotto.federation.clientlevel.UpdateRelease;
import dev.sotto.owner.ledger.DataFingerprint;
import dev.sotto.owner.ledger.SessionKey;
import dev.sotto.owner.ledger.TotalLimit;
import dev.sotto.owner.request.ApprovalLimits;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.accounting.RdpAccountant;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.privacy.random.Randomness;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A session that protects clients, at its owner")
class ClientLevelSessionTest {
    private static final Examples EXAMPLES = Toys.clouds(200, 1);
    private static final int WIDTH = Toys.MODEL.layout().size();
    private static final double NORM = 0.5;

    @TempDir
    private Path home;

    private Owner owner;

    @BeforeEach
    void open() {
        owner = Owner.open(home);
        owner.ledger().declare("scans", List.of(), Optional.empty());
    }

    @AfterEach
    void close() {
        owner.close();
    }

    private static Plan plan(ClientLevelPrivacy privacy) {
        return new Plan(
                "toy",
                Toys.MODEL,
                3,
                Participation.of(new Cohort.All()).needing(4),
                Toys.TRAINING,
                Optional.empty(),
                Optional.of(privacy),
                EvaluationPlan.every(1));
    }

    private OwnerSession session(Plan plan, int clients) {
        AgreedTerms terms = AgreedTerms.of(
                new SessionKey("c", "s"),
                "hospital",
                "scans",
                Toys.digestOf("abc"),
                clients,
                plan,
                new LocalMethod.Plain(),
                200);
        return Toys.open(owner, terms, EXAMPLES, Optional.of(EXAMPLES), Randomness.seeded(1));
    }

    private static UpdateRelease release(double standardDeviation, double norm, int width) {
        return new UpdateRelease(
                new UpdateBound(List.of(new UpdateBound.Part(0, width, norm))), standardDeviation, 0, 0);
    }

    private static Release train(OwnerSession session, int round, Optional<UpdateRelease> release) {
        return session.train(round(round, 0, new LocalMethod.Plain(), release), digest(0), training());
    }

    @Test
    void isBookedOnceForTheWholeRunAsWhatItDoesForOneExample() {
        Plan plan = plan(ClientLevelPrivacy.withNoise(4, 1e-5, NORM));
        OwnerSession session = session(plan, 6);
        // The training loss would be exact.
        assertThat(train(session, 1, Optional.empty()).metrics()).isEmpty();
        train(session, 2, Optional.empty());
        var planned = plan.clientLevelPlan(6).orElseThrow().plannedEvent();
        double expected = RdpAccountant.standard()
                .epsilon(DpEvents.forOneExample(planned), session.terms().delta())
                .orInfinity();
        var standing = owner.ledger().standing("scans");
        assertThat(standing.epsilon().orElseThrow()).isCloseTo(expected, within(1e-9));
        // One example replaced moves an update by up to twice the clipping norm: more than a client that is zeroed out.
        double ofClients = RdpAccountant.standard()
                .epsilon(planned, session.terms().delta())
                .orInfinity();
        assertThat(expected).isGreaterThan(1.5 * ofClients);
        assertThat(standing.sessions().get(0).reserved()).isEqualTo(1);
        assertThat(standing.sessions().get(0).committed()).isEqualTo(1);
        // Scores would leave as they are.
        assertThat(session.evaluate(round(1, 0), digest(0), training().network()))
                .isEmpty();
        owner.ledger().declare("scans", List.of(), Optional.of(TotalLimit.of(expected * 1.5, 1e-5)));
        assertThat(owner.ledger().wouldRefuse("scans", session.terms().most())).isPresent();
    }

    @Test
    void keepsItsTrainingLoss() {
        OwnerSession session = session(plan(ClientLevelPrivacy.withNoise(4, 1e-5, NORM)), 6);
        assertThat(train(session, 1, Optional.empty()).metrics()).isEmpty();
    }

    @Test
    void isHeldToACapThatWasSetAfterItWasBooked() {
        OwnerSession session = session(plan(ClientLevelPrivacy.withNoise(4, 1e-5, NORM)), 6);
        train(session, 1, Optional.empty());
        double all = session.terms().epsilon(200).orElseThrow();
        Instant later = Instant.now().plusSeconds(60);
        owner.requests()
                .approve(
                        session.request(),
                        new ApprovalLimits(3, Optional.of(new Epsilon(0.9 * all)), later),
                        owner.key());
        assertThatThrownBy(() -> train(session, 2, Optional.empty()))
                .isInstanceOf(BudgetExceededException.class)
                .hasMessageContaining("the owner approved epsilon");
        owner.requests()
                .approve(
                        session.request(),
                        new ApprovalLimits(3, Optional.of(new Epsilon(1.01 * all)), later),
                        owner.key());
        train(session, 2, Optional.empty());
    }

    @Test
    void isNotReplannedAfterItsFirstRoundWasBooked() {
        Plan plan = plan(ClientLevelPrivacy.withNoise(4, 1e-5, NORM).with(new UpdateNoise.AtClients(0)));
        OwnerSession session = session(plan, 6);
        double share = plan.clientLevelPlan(6).orElseThrow().shareStddev(NORM);
        assertThat(share).isCloseTo(4 * NORM / Math.sqrt(4), within(1e-12));
        train(session, 1, Optional.of(release(share, NORM, WIDTH)));
        Plan other = plan(ClientLevelPrivacy.withNoise(3, 1e-5, NORM).with(new UpdateNoise.AtClients(0)));
        assertThatThrownBy(() -> train(session(other, 6), 2, Optional.of(release(share, NORM, WIDTH))))
                .isInstanceOf(SessionRefusedException.class)
                .hasMessageContaining("planned for other clients");
    }

    @Test
    void addsNoLessNoiseThanWasAgreedToWhateverTheCoordinatorAsks() {
        Plan plan = plan(ClientLevelPrivacy.withNoise(4, 1e-5, NORM).with(new UpdateNoise.AtClients(0)));
        OwnerSession session = session(plan, 6);
        double share = plan.clientLevelPlan(6).orElseThrow().shareStddev(NORM);
        refused(session, Optional.empty(), "says nothing of the noise");
        refused(session, Optional.of(release(0, NORM, WIDTH)), "asks for noise of 0.0");
        refused(session, Optional.of(release(0.999 * share, NORM, WIDTH)), "asks for noise");
        refused(session, Optional.of(release(share, 1.01 * NORM, WIDTH)), "asks for noise");
        refused(session, Optional.of(release(share, NORM, WIDTH - 1)), "bounds " + (WIDTH - 1) + " values");
        assertThat(owner.ledger().standing("scans").sessions()).isEmpty();
        Release released = train(session, 1, Optional.of(release(share, NORM, WIDTH)));
        assertThat(released.examples()).isEqualTo(1);
        assertThat(released.metrics()).isEmpty();
        OwnerSession central = session(plan(ClientLevelPrivacy.withNoise(4, 1e-5, NORM)), 6);
        refused(central, Optional.of(release(share, NORM, WIDTH)), "not this session's plan");
    }

    private static void refused(OwnerSession session, Optional<UpdateRelease> release, String reason) {
        assertThatThrownBy(() -> train(session, 2, release))
                .isInstanceOf(SessionRefusedException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void changedDataIsNoticedOnce() {
        DataFingerprint fingerprint = owner.fingerprint();
        assertThat(fingerprint.changed("scans", EXAMPLES)).isFalse();
        assertThat(fingerprint.changed("scans", Toys.clouds(200, 1))).isFalse();
        assertThat(fingerprint.changed("scans", Toys.clouds(200, 2))).isTrue();
        assertThat(fingerprint.changed("scans", Toys.clouds(200, 2))).isFalse();
        assertThat(fingerprint.changed("scans", Toys.clouds(199, 2))).isTrue();
        assertThat(fingerprint.changed("others", EXAMPLES)).isFalse();
    }
}
