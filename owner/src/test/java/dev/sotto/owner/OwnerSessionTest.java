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
import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import dev.sotto.federation.Client;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.Cohort;
import dev.sotto.federation.EvaluationPlan;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.Fleet.Evaluated;
import dev.sotto.federation.LocalMethod;
import dev.sotto.federation.Participation;
import dev.sotto.federation.Plan;
import dev.sotto.federation.PrivateMetrics;
import dev.sotto.federation.RoundTask;
import dev.sotto.federation.StandardTrainer;
import dev.sotto.owner.ledger.LedgerLine;
import dev.sotto.owner.ledger.SessionKey;
import dev.sotto.owner.ledger.TotalLimit;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.privacy.ledger.InMemoryLedger;
import dev.sotto.privacy.random.Randomness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A session at its owner")
class OwnerSessionTest {
    private static final Examples EXAMPLES = Toys.clouds(200, 1);
    private static final Examples HELD_OUT = Toys.clouds(50, 2);
    private static final Plan PRIVATE = plan(4, Optional.of(ExamplePrivacy.calibrated(2, 1e-5, 1)));
    private static final Plan OPEN = plan(4, Optional.empty());

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

    private void restart() {
        owner.close();
        owner = Owner.open(home);
    }

    private OwnerSession session(AgreedTerms terms) {
        return Toys.open(owner, terms, EXAMPLES, Optional.of(HELD_OUT), Randomness.seeded(1));
    }

    private OwnerSession session(Plan plan) {
        return session(terms(KEY, plan, new LocalMethod.Plain(), EXAMPLES.size()));
    }

    private List<LedgerLine.Kind> booked() {
        return owner.ledger().lines().stream()
                .filter(line -> !line.key().session().isEmpty())
                .map(LedgerLine::kind)
                .toList();
    }

    @Test
    void releasesWhatTheClientOfASimulationWouldBitByBit() {
        var privacy = PRIVATE.clientPrivacy(EXAMPLES.size()).orElseThrow();
        Client simulated = new Client(
                "hospital",
                EXAMPLES,
                Optional.empty(),
                PRIVATE.training(),
                Optional.of(privacy),
                new InMemoryLedger(privacy.budget()),
                Randomness.seeded(1),
                new StandardTrainer());
        for (int round = 1; round <= 4; round++) {
            restart(); // before each round
            Release release = session(PRIVATE).train(round(round, round), digest(round), training());
            ClientUpdate expected = simulated.train(round(round, round), training());
            assertThat(Toys.vector(release)).isEqualTo(expected.delta());
            assertThat(release.epsilon()).isEqualTo(expected.epsilon());
            assertThat(release.steps()).isEqualTo(expected.steps());
            assertThat(release.examples()).isEqualTo(200);
            assertThat(release.metrics()).isEmpty();
        }
        assertThat(owner.ledger().verify().intact()).isTrue();
    }

    @Test
    void answersAgainWithTheVeryBytesAndSpendsNothing() throws Exception {
        OwnerSession session = Toys.open(
                owner,
                terms(KEY, PRIVATE, new LocalMethod.Plain(), 200),
                EXAMPLES,
                Optional.empty(),
                Randomness.secret());
        Release first = session.train(round(1, 0), digest(0), training());
        byte[] bytes = Files.readAllBytes(first.vector());
        Release second = session.train(round(1, 0), digest(0), training());
        assertThat(first.again()).isFalse();
        assertThat(second.again()).isTrue();
        restart();
        Release third = Toys.open(
                        owner,
                        terms(KEY, PRIVATE, new LocalMethod.Plain(), 200),
                        EXAMPLES,
                        Optional.empty(),
                        Randomness.secret())
                .train(round(1, 0), digest(0), training());
        assertThat(Files.readAllBytes(second.vector())).isEqualTo(bytes);
        assertThat(Files.readAllBytes(third.vector())).isEqualTo(bytes);
        assertThat(third.sha256()).isEqualTo(first.sha256());
        assertThat(third.epsilon()).isEqualTo(first.epsilon());
        assertThat(booked()).containsExactly(LedgerLine.Kind.RESERVED, LedgerLine.Kind.COMMITTED);
    }

    @Test
    void refusesAnotherModelForARoundThatWasReleasedAndRoundsThatAreOver() {
        OwnerSession session = session(PRIVATE);
        session.train(round(1, 0), digest(0), training());
        assertThatThrownBy(() -> session.train(round(1, 7), digest(7), training()))
                .isInstanceOf(SessionRefusedException.class)
                .hasMessageContaining("round 1 was already released, for another model");
        session.train(round(3, 0), digest(0), training());
        assertThatThrownBy(() -> session.train(round(2, 0), digest(0), training()))
                .hasMessageContaining("round 2 is over");
        assertThatThrownBy(() -> session.train(round(5, 0), digest(0), training()))
                .hasMessageContaining("round 5 is not one of the 4 agreed to");
        assertThat(booked()).hasSize(4);
    }

    @Test
    void aRoundThatFailsStaysReservedAndCanBeTriedAgain() {
        OwnerSession session = session(plan(4, Optional.of(ExamplePrivacy.withNoise(1, 1))));
        RoundTask broken = new RoundTask(1, new float[3]);
        assertThatThrownBy(() -> session.train(broken, digest(0), training())).isInstanceOf(RuntimeException.class);
        assertThat(booked()).containsExactly(LedgerLine.Kind.RESERVED);
        Release release = session.train(round(1, 0), digest(0), training());
        assertThat(booked())
                .containsExactly(LedgerLine.Kind.RESERVED, LedgerLine.Kind.RESERVED, LedgerLine.Kind.COMMITTED);
        assertThat(owner.ledger().standing("scans").sessions().get(0).committed())
                .isEqualTo(1);
        assertThat(release.epsilon()).isPresent();
    }

    @Test
    void twoSessionsComposeAndTheOwnersLimitStopsBoth() {
        double enough =
                PRIVATE.clientPrivacy(200).orElseThrow().limit().orElseThrow().value() * 1.2;
        owner.ledger().declare("scans", List.of(), Optional.of(TotalLimit.of(enough, 1e-5)));
        OwnerSession one = session(PRIVATE);
        OwnerSession two = session(terms(new SessionKey("another", "x"), PRIVATE, new LocalMethod.Plain(), 200));
        int released = 0;
        for (int round = 1; round <= 4; round++) {
            for (OwnerSession session : List.of(one, two)) {
                try {
                    session.train(round(round, 0), digest(0), training());
                    released++;
                } catch (BudgetExceededException e) {
                    assertThat(e).hasMessageContaining("all sessions together");
                }
            }
        }
        assertThat(released).isBetween(4, 6);
        assertThat(owner.ledger().standing("scans").enforced().orElseThrow()).isLessThanOrEqualTo(enough);
    }

    @Test
    void scaffoldGoesOnAfterARestartAsIfNothingHadHappened() {
        AgreedTerms terms = terms(KEY, OPEN, new LocalMethod.ControlVariates(), 200);
        AgreedTerms other = terms(new SessionKey("c", "uninterrupted"), OPEN, new LocalMethod.ControlVariates(), 200);
        OwnerSession steady = session(other);
        List<float[]> expected = new ArrayList<>();
        for (int round = 1; round <= 3; round++) {
            expected.add(Toys.vector(steady.train(scaffold(round), digest(round), training())));
        }
        assertThat(expected.get(0)).hasSize(2 * Toys.MODEL.layout().size());
        for (int round = 1; round <= 3; round++) {
            restart();
            Release release = session(terms).train(scaffold(round), digest(round), training());
            assertThat(Toys.vector(release)).isEqualTo(expected.get(round - 1));
        }
    }

    @Test
    void anErrorAfterTrainingLeavesNoClientThatIsAheadOfWhatIsStored() {
        Failing examples = new Failing(EXAMPLES);
        List<float[]> expected = new ArrayList<>();
        OwnerSession steady = scaffold("steady", examples);
        expected.add(Toys.vector(steady.train(scaffold(1), digest(1), training())));
        examples.asked = 0;
        expected.add(Toys.vector(steady.train(scaffold(2), digest(2), training())));
        int last = examples.asked;
        OwnerSession session = scaffold("failing", examples);
        assertThat(Toys.vector(session.train(scaffold(1), digest(1), training())))
                .isEqualTo(expected.get(0));
        examples.asked = 0;
        examples.failing = last;
        assertThatThrownBy(() -> session.train(scaffold(2), digest(2), training()))
                .isInstanceOf(OutOfMemoryError.class);
        examples.failing = 0;
        assertThat(Toys.vector(session.train(scaffold(2), digest(2), training())))
                .isEqualTo(expected.get(1));
    }

    private OwnerSession scaffold(String name, Examples examples) {
        AgreedTerms terms = terms(new SessionKey("c", name), OPEN, new LocalMethod.ControlVariates(), 200);
        return Toys.open(owner, terms, examples, Optional.empty(), Randomness.seeded(1));
    }

    /** Examples with which memory is exhausted when their number is asked for the n-th time. */
    private static final class Failing implements Examples {
        private final Examples all;
        private int asked;
        private int failing;

        Failing(Examples all) {
            this.all = all;
        }

        @Override
        public int size() {
            if (++asked == failing) {
                throw new OutOfMemoryError("as a machine says when it has none");
            }
            return all.size();
        }

        @Override
        public Shape shape() {
            return all.shape();
        }

        @Override
        public Target target() {
            return all.target();
        }

        @Override
        public void features(int index, float[] into, int offset) {
            all.features(index, into, offset);
        }

        @Override
        public int label(int index) {
            return all.label(index);
        }

        @Override
        public void values(int index, float[] into, int offset) {
            all.values(index, into, offset);
        }
    }

    private static RoundTask scaffold(int round) {
        return round(round, round, new LocalMethod.ControlVariates(), Optional.empty());
    }

    @Test
    void aSessionWithoutPrivacyIsBookedAsSuch() {
        OwnerSession session = session(OPEN);
        Release release = session.train(round(1, 0), digest(0), training());
        session.train(round(2, 0), digest(0), training());
        assertThat(release.metrics()).containsKey("trainingLoss");
        assertThat(release.epsilon()).isEmpty();
        assertThat(owner.ledger().standing("scans").epsilon()).isEmpty();
        assertThat(booked()).containsExactly(LedgerLine.Kind.RESERVED, LedgerLine.Kind.COMMITTED);
    }

    @Test
    void evaluatesOnceAndOnlyWhatThePlanForesees() {
        Evaluated exact = session(OPEN)
                .evaluate(round(1, 0.1f), digest(1), training().network())
                .orElseThrow();
        assertThat(exact.scores().examples()).isEqualTo(50);
        restart();
        assertThat(session(OPEN).evaluate(round(1, 0.1f), digest(1), training().network()))
                .contains(exact);
        assertThatThrownBy(() -> session(OPEN)
                        .evaluate(round(1, 0.2f), digest(2), training().network()))
                .hasMessageContaining("already released, for another model");
        // Under privacy what is found is withheld unless the plan has a mechanism for it.
        OwnerSession withheld = session(terms(new SessionKey("c", "w"), PRIVATE, new LocalMethod.Plain(), 200));
        assertThat(withheld.evaluate(round(1, 0), digest(1), training().network()))
                .isEmpty();
        int before = booked().size();
        Plan noised = new Plan(
                "toy",
                Toys.MODEL,
                4,
                Participation.of(new Cohort.All()),
                Toys.TRAINING,
                PRIVATE.privacy(),
                Optional.empty(),
                new EvaluationPlan(2, 1, 0, false, Optional.of(PrivateMetrics.spending(0.5))));
        OwnerSession measured = session(terms(new SessionKey("c", "m"), noised, new LocalMethod.Plain(), 200));
        assertThat(measured.evaluate(round(1, 0), digest(1), training().network()))
                .isEmpty();
        Evaluated first =
                measured.evaluate(round(2, 0), digest(1), training().network()).orElseThrow();
        assertThat(measured.evaluate(round(2, 0), digest(1), training().network())
                        .orElseThrow()
                        .scores()
                        .correct())
                .isEqualTo(first.scores().correct());
        assertThat(first.epsilon()).isPresent();
        assertThat(booked()).hasSize(before + 2);
    }

    @Test
    void termsNeverChangeAndWhatIsOverStaysOver() throws Exception {
        OwnerSession session = session(PRIVATE);
        Release release = session.train(round(1, 0), digest(0), training());
        AgreedTerms other = AgreedTerms.of(
                KEY,
                "hospital",
                "scans",
                Toys.digestOf("def456"),
                2,
                PRIVATE,
                new LocalMethod.Plain(),
                EXAMPLES.size());
        assertThatThrownBy(() -> session(other)).hasMessageContaining("on other terms");
        assertThat(owner.open("coordinator-1"))
                .containsExactly(new Owner.Agreed("session-1", Toys.digestOf("abc123"), 2));
        owner.over(KEY, "stopped");
        assertThat(owner.open("coordinator-1")).isEmpty();
        owner.sweep();
        assertThat(session(PRIVATE).train(round(1, 0), digest(0), training()).again())
                .isTrue();
        assertThat(owner.open("coordinator-1")).hasSize(1);
        owner.over(KEY, "completed");
        assertThat(release.vector()).doesNotExist();
        assertThat(owner.open("coordinator-1")).isEmpty();
        assertThatThrownBy(() -> session(PRIVATE)).hasMessageContaining("is over: it was completed");
    }

    @Test
    void filesThatNoTransactionNamedAreSweptAway() throws Exception {
        Release kept = session(PRIVATE).train(round(1, 0), digest(0), training());
        Path orphan = Files.write(home.resolve("releases/orphan.f32"), new byte[8]);
        owner.sweep();
        assertThat(orphan).doesNotExist();
        assertThat(kept.vector()).exists();
    }
}
