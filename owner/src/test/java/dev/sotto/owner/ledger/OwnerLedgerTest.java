package dev.sotto.owner.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.accounting.RdpAccountant;
import dev.sotto.privacy.accounting.RdpFilter;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.NonPrivate;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SelfComposed;
import dev.sotto.privacy.ledger.Budget;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.privacy.ledger.LedgerEntry;
import dev.sotto.privacy.ledger.Reservation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The owner's ledger")
class OwnerLedgerTest {
    private static final Delta DELTA = new Delta(1e-5);
    private static final DpEvent ROUND = steps(50);

    @TempDir
    private Path folder;

    private OwnerDatabase database;
    private OwnerLedger ledger;

    @BeforeEach
    void open() {
        database = OwnerDatabase.open(folder.resolve("ledger.db"));
        ledger = new OwnerLedger(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static DpEvent steps(int count) {
        return new SelfComposed(new PoissonSampled(0.05, new Gaussian(1, 1, NeighbouringRelation.ZERO_OUT)), count);
    }

    private static double epsilon(DpEvent event) {
        return RdpAccountant.standard().epsilon(event, DELTA).orInfinity();
    }

    /** What that many rounds cost, and a little. */
    private static Optional<TotalLimit> limitOf(int rounds) {
        return Optional.of(TotalLimit.of(epsilon(steps(50 * rounds)) * 1.0001, DELTA.value()));
    }

    private SessionLedger session(OwnerLedger owner, String coordinator, String session, String dataSet, int rounds) {
        Budget budget = new Budget(new Epsilon(epsilon(steps(50 * rounds)) * 1.0001), DELTA, AccountantChoice.RDP)
                .forPlan(steps(50 * rounds));
        return owner.session(new SessionKey(coordinator, session), dataSet, budget, steps(50 * rounds));
    }

    private SessionLedger session(String session, String dataSet, int rounds) {
        return session(ledger, "coordinator-1", session, dataSet, rounds);
    }

    private void settle(SessionLedger session) {
        database.transact(handle -> session.settle(handle, "digest"));
    }

    @Test
    void sessionsUnderSeveralRelationsAreAddedUp() {
        // As after a session that protects clients only, which is booked as one replaced by another.
        DpEvent replaced = new SelfComposed(new Gaussian(20, 1, NeighbouringRelation.REPLACE_ONE), 3);
        ledger.declare("scans", List.of(), Optional.of(TotalLimit.of(20, DELTA.value())));
        session("a", "scans", 3).reserve("scans", ROUND, "round 1");
        Budget unlimited = Budget.unlimited(DELTA, AccountantChoice.RDP);
        ledger.session(new SessionKey("coordinator-1", "b"), "scans", unlimited, replaced)
                .reserve("scans", replaced, "the whole session");
        Standing standing = ledger.standing("scans");
        assertThat(standing.epsilon().orElseThrow())
                .isGreaterThan(Math.max(epsilon(ROUND), epsilon(replaced)))
                .isLessThan(epsilon(ROUND) + epsilon(replaced));
        assertThat(standing.enforced().orElseThrow())
                .isGreaterThanOrEqualTo(standing.epsilon().orElseThrow());
        Foreseen foreseen = ledger.foresee(new SessionKey("coordinator-1", "c"), "scans", ROUND, ROUND);
        assertThat(foreseen.spent().after().orElseThrow())
                .isGreaterThan(foreseen.spent().now().orElseThrow());
    }

    @Test
    void bothTheSessionsBudgetAndTheOwnersLimitRefuse() {
        ledger.declare("scans", List.of(), limitOf(5));
        SessionLedger first = session("a", "scans", 3);
        for (int round = 1; round <= 3; round++) {
            first.reserve("scans", ROUND, "round " + round);
        }
        assertThatThrownBy(() -> first.reserve("scans", ROUND, "round 4"))
                .isInstanceOf(BudgetExceededException.class)
                .hasMessageContaining("session a of coordinator-1: epsilon")
                .hasMessageContaining("the limit is")
                .hasMessageNotContaining("scans");
        SessionLedger second = session("b", "scans", 3);
        second.reserve("scans", ROUND, "round 1");
        second.reserve("scans", ROUND, "round 2");
        assertThatThrownBy(() -> second.reserve("scans", ROUND, "round 3"))
                .isInstanceOf(BudgetExceededException.class)
                .hasMessage("what the owner allows on the data in all sessions together does not cover this one");
        assertThat(first.entries("scans")).hasSize(3);
        assertThat(second.entries("scans")).hasSize(2);
        assertThat(second.spent("scans")).isEqualTo(steps(100));
        assertThat(ledger.standing("scans").epsilon().orElseThrow()).isCloseTo(epsilon(steps(250)), within(1e-9));
    }

    @Test
    void sessionsOfTwoCoordinatorsWithOneIdAreTwo() {
        ledger.declare("scans", List.of(), limitOf(3));
        SessionLedger one = session(ledger, "coordinator-1", "a", "scans", 2);
        SessionLedger two = session(ledger, "coordinator-2", "a", "scans", 2);
        one.reserve("scans", ROUND, "round 1");
        one.reserve("scans", ROUND, "round 2");
        two.reserve("scans", ROUND, "round 1");
        assertThatThrownBy(() -> two.reserve("scans", ROUND, "round 2")).isInstanceOf(BudgetExceededException.class);
        assertThat(ledger.standing("scans").sessions())
                .extracting(Standing.OfSession::reserved)
                .containsExactly(2L, 1L);
    }

    @Test
    void aVersionInheritsWhatWasSpentAndItsOwnSpendingCountsBack() {
        ledger.declare("scans", List.of(), limitOf(3));
        session("a", "scans", 3).reserve("scans", ROUND, "round 1");
        ledger.declare("scans-2", List.of("scans"), limitOf(3));
        SessionLedger later = session("b", "scans-2", 3);
        later.reserve("scans-2", ROUND, "round 1");
        later.reserve("scans-2", ROUND, "round 2");
        assertThatThrownBy(() -> later.reserve("scans-2", ROUND, "round 3"))
                .isInstanceOf(BudgetExceededException.class);
        assertThat(ledger.wouldRefuse("scans", ROUND)).isPresent();
        ledger.declare("others", List.of(), limitOf(3));
        assertThat(ledger.wouldRefuse("others", ROUND)).isEmpty();
        assertThatThrownBy(() -> ledger.declare("scans-3", List.of("scams"), Optional.empty()))
                .hasMessageContaining("'scams'")
                .hasMessageContaining("scans, scans-2");
    }

    @Test
    void theOrderIsFixedBeforeTheFirstReleaseAndOutlivesTheProcess() {
        ledger.declare("scans", List.of(), limitOf(4));
        session("a", "scans", 4).reserve("scans", ROUND, "round 1");
        double order = ledger.standing("scans").order().orElseThrow();
        assertThat(order).isEqualTo(new RdpFilter(limitOf(4).get().epsilon(), DELTA, steps(200)).order());
        assertThat(ledger.lines())
                .extracting(LedgerLine::kind)
                .containsExactly(
                        LedgerLine.Kind.DECLARED,
                        LedgerLine.Kind.LIMITED,
                        LedgerLine.Kind.ORDER,
                        LedgerLine.Kind.RESERVED);
        database.close();
        open();
        SessionLedger again = session("a", "scans", 4);
        for (int round = 2; round <= 4; round++) {
            again.reserve("scans", ROUND, "round " + round);
        }
        assertThatThrownBy(() -> again.reserve("scans", ROUND, "round 5")).isInstanceOf(BudgetExceededException.class);
        // An event that another order would suit better changes nothing.
        SessionLedger other = session("b", "scans", 1);
        assertThatThrownBy(() -> other.reserve("scans", new Gaussian(0.4, 1, NeighbouringRelation.ZERO_OUT), "x"))
                .isInstanceOf(BudgetExceededException.class);
        assertThat(ledger.standing("scans").order()).hasValue(order);
    }

    @Test
    void theWholeOfWhatIsAllowedCanBeSpent() {
        // Ten of ten rounds, each limit exactly what ten cost.
        ledger.declare("scans", List.of(), Optional.of(TotalLimit.of(epsilon(steps(500)), DELTA.value())));
        Budget budget = new Budget(new Epsilon(epsilon(steps(500))), DELTA, AccountantChoice.RDP).forPlan(steps(500));
        SessionLedger session = ledger.session(new SessionKey("c", "s"), "scans", budget, steps(500));
        for (int round = 1; round <= 10; round++) {
            session.commit(session.reserve("scans", ROUND, "round " + round));
            settle(session);
        }
        assertThat(session.entries("scans")).hasSize(20);
        assertThat(ledger.verify().intact()).isTrue();
        assertThat(ledger.verify().lines()).isEqualTo(23);
    }

    @Test
    void committingIsWrittenOnlyWithTheRelease() {
        ledger.declare("scans", List.of(), Optional.empty());
        SessionLedger session = session("a", "scans", 3);
        Reservation reservation = session.reserve("scans", ROUND, "round 1");
        session.commit(reservation);
        assertThat(session.entries("scans")).hasSize(1);
        assertThatThrownBy(() -> database.transact(handle -> {
                    session.settle(handle, "digest");
                    throw new IllegalStateException("power cut");
                }))
                .hasMessage("power cut");
        assertThat(session.entries("scans")).hasSize(1);
        session.commit(reservation);
        settle(session);
        assertThat(session.entries("scans"))
                .extracting(LedgerEntry::kind)
                .containsExactly(LedgerEntry.Kind.RESERVED, LedgerEntry.Kind.COMMITTED);
    }

    @Test
    void withoutPrivacyNothingFitsUnderALimit() {
        ledger.declare("open", List.of(), Optional.empty());
        ledger.declare("limited", List.of(), limitOf(3));
        Budget none = Budget.unlimited(DELTA, AccountantChoice.RDP);
        ledger.session(new SessionKey("c", "a"), "open", none, new NonPrivate())
                .reserve("open", new NonPrivate(), "round 1");
        assertThat(ledger.standing("open").epsilon()).isEmpty();
        assertThatThrownBy(() -> ledger.session(new SessionKey("c", "b"), "limited", none, new NonPrivate())
                        .reserve("limited", new NonPrivate(), "round 1"))
                .isInstanceOf(BudgetExceededException.class);
        // A limit that comes later counts what was.
        ledger.declare("open", List.of(), limitOf(3));
        assertThat(ledger.wouldRefuse("open", ROUND)).isPresent();
    }

    @Test
    void neitherLinesNorReleasesCanBeChangedOrRemoved() throws Exception {
        ledger.declare("scans", List.of(), limitOf(3));
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"))) {
            assertThatThrownBy(() -> other.createStatement().executeUpdate("UPDATE lines SET detail = '{}'"))
                    .hasMessageContaining("append-only");
            assertThatThrownBy(() -> other.createStatement().executeUpdate("DELETE FROM lines"))
                    .hasMessageContaining("append-only");
        }
        assertThat(ledger.verify().intact()).isTrue();
    }

    @Test
    void verifyingFindsTheFirstLineThatWasTamperedWith() throws Exception {
        ledger.declare("scans", List.of(), limitOf(9));
        SessionLedger session = session("a", "scans", 9);
        for (int round = 1; round <= 4; round++) {
            session.reserve("scans", ROUND, "round " + round);
        }
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"))) {
            other.createStatement().executeUpdate("DROP TRIGGER lines_never_change");
            other.createStatement()
                    .executeUpdate("UPDATE lines SET event = replace(event, '50', '10') WHERE number IN (5, 6)");
        }
        assertThat(ledger.verify().broken()).contains(new Verification.Broken(5, "it is not what was written"));
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"))) {
            other.createStatement().executeUpdate("DROP TRIGGER lines_never_go");
            other.createStatement().executeUpdate("DELETE FROM lines WHERE number = 4");
        }
        assertThat(ledger.verify().broken()).contains(new Verification.Broken(4, "it is missing"));
    }

    @Test
    void onlyItsOwnerMayReadIt() throws Exception {
        ledger.declare("scans", List.of(), Optional.empty());
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void threadsAndSeveralConnectionsNeverSpendMoreThanThereIs() throws Exception {
        ledger.declare("scans", List.of(), limitOf(12));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<Integer>> admitted = new ArrayList<>();
        for (int at = 0; at < 4; at++) {
            String name = "s" + at;
            admitted.add(threads.submit(() -> {
                try (OwnerDatabase own = OwnerDatabase.open(folder.resolve("ledger.db"))) {
                    SessionLedger session = session(new OwnerLedger(own), "c", name, "scans", 12);
                    int count = 0;
                    for (int round = 1; round <= 6; round++) {
                        try {
                            session.reserve("scans", ROUND, "round " + round);
                            count++;
                        } catch (BudgetExceededException e) {
                            // The others took it.
                        }
                    }
                    return count;
                }
            }));
        }
        int sum = 0;
        for (Future<Integer> each : admitted) {
            sum += each.get();
        }
        threads.shutdown();
        assertThat(sum).isEqualTo(12);
        assertThat(ledger.verify().intact()).isTrue();
        assertThat(ledger.standing("scans").epsilon().orElseThrow()).isCloseTo(epsilon(steps(600)), within(1e-9));
    }
}
