package dev.sotto.owner.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.owner.ledger.Spending.Point;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.NonPrivate;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SelfComposed;
import dev.sotto.privacy.ledger.Budget;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("How spending on a data set grew")
class SpendingTest {
    private static final Delta DELTA = new Delta(1e-5);
    private static final DpEvent ROUND =
            new SelfComposed(new PoissonSampled(0.05, new Gaussian(1, 1, NeighbouringRelation.ZERO_OUT)), 50);
    private static final SessionKey A = new SessionKey("coordinator-1", "a");
    private static final SessionKey B = new SessionKey("coordinator-2", "b");

    @TempDir
    private Path folder;

    private OwnerDatabase database;
    private OwnerLedger ledger;

    @BeforeEach
    void open() {
        database = OwnerDatabase.open(folder.resolve("ledger.db"));
        ledger = new OwnerLedger(database);
        ledger.declare("scans", List.of(), Optional.of(TotalLimit.of(50, DELTA.value())));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private SessionLedger session(SessionKey key, String dataSet) {
        return ledger.session(key, dataSet, Budget.unlimited(DELTA, AccountantChoice.RDP), new SelfComposed(ROUND, 3));
    }

    @Test
    void beginsWithNothing() {
        Spending spending = ledger.spending("scans");
        assertThat(spending.points()).isEmpty();
        assertThat(spending.limit()).contains(TotalLimit.of(50, 1e-5));
        assertThat(spending.declared().toString())
                .isEqualTo(ledger.lines().get(0).at());
    }

    @Test
    void endsWhereTheStandingIs() {
        SessionLedger a = session(A, "scans");
        SessionLedger b = session(B, "scans");
        a.reserve("scans", ROUND, "round 1");
        a.reserve("scans", ROUND, "round 2");
        b.reserve("scans", ROUND, "round 1");
        a.reserve("scans", ROUND, "round 3");

        List<Point> points = ledger.spending("scans").points();
        Standing standing = ledger.standing("scans");
        assertThat(points).extracting(Point::session).containsExactly(A, A, B, A);
        assertThat(points.get(3).counted().orElseThrow())
                .isCloseTo(standing.enforced().orElseThrow(), within(1e-9));
        assertThat(points.get(3).own().orElseThrow())
                .isCloseTo(standing.sessions().get(0).epsilon().orElseThrow(), within(1e-9));
        assertThat(points.get(2).own().orElseThrow())
                .isCloseTo(standing.sessions().get(1).epsilon().orElseThrow(), within(1e-9));
        // One round is one round, whoever did it.
        assertThat(points.get(2).own()).isEqualTo(points.get(0).own());
        assertThat(points)
                .extracting(point -> point.counted().orElseThrow())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(points).extracting(Point::at).isSorted();
    }

    @Test
    void holdsWhatDataSetsThatShareRecordsSpent() {
        ledger.declare("scans-2", List.of("scans"), Optional.empty());
        session(A, "scans").reserve("scans", ROUND, "round 1");
        session(B, "scans-2").reserve("scans-2", ROUND, "round 1");
        assertThat(ledger.spending("scans-2").points())
                .extracting(Point::session)
                .containsExactly(A, B);
        assertThat(ledger.spending("scans-2").limit()).isEmpty();
        assertThat(ledger.spending("scans-2").delta()).isEqualTo(Standing.USUAL);
    }

    @Test
    void isWithoutBoundFromTheFirstUnprotectedReleaseOn() {
        ledger.declare("open", List.of(), Optional.empty());
        session(A, "open").reserve("open", ROUND, "round 1");
        session(B, "open").reserve("open", new NonPrivate(), "all of it");
        session(A, "open").reserve("open", ROUND, "round 2");
        List<Point> points = ledger.spending("open").points();
        assertThat(points).extracting(point -> point.counted().isPresent()).containsExactly(true, false, false);
        assertThat(points).extracting(point -> point.own().isPresent()).containsExactly(true, false, true);
    }

    @Test
    void isThinnedOutButForTheEnds() {
        DpEvent small = new Gaussian(100, 1, NeighbouringRelation.ZERO_OUT);
        SessionLedger a = session(A, "scans");
        for (int i = 0; i < 700; i++) {
            a.reserve("scans", small, "round " + i);
            if (i == 100) {
                session(B, "scans").reserve("scans", small, "once");
            }
        }
        List<Point> points = ledger.spending("scans").points();
        assertThat(points).hasSizeBetween(230, 245);
        assertThat(points).filteredOn(point -> point.session().equals(B)).hasSize(1);
        assertThat(points.get(points.size() - 1).counted().orElseThrow())
                .isCloseTo(ledger.standing("scans").enforced().orElseThrow(), within(1e-9));
        assertThat(points.get(0).at().toString())
                .isEqualTo(ledger.lines().get(3).at());
    }
}
