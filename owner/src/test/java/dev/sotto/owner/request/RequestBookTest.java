package dev.sotto.owner.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.experiment.packaging.SigningKey;
import dev.sotto.owner.Toys;
import dev.sotto.owner.ledger.DataFingerprint;
import dev.sotto.owner.ledger.LedgerException;
import dev.sotto.owner.ledger.OwnerDatabase;
import dev.sotto.owner.ledger.SessionKey;
import dev.sotto.owner.policy.ApprovalRule;
import dev.sotto.privacy.Epsilon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The requests of an owner")
class RequestBookTest {
    private static final SessionKey KEY = new SessionKey("network-1", "s-1");
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final ApprovalLimits LIMITS =
            new ApprovalLimits(3, Optional.of(new Epsilon(1)), NOW.plus(Duration.ofDays(30)));

    @TempDir
    private Path home;

    private OwnerDatabase database;
    private RequestBook book;

    @BeforeEach
    void open() {
        database = OwnerDatabase.open(home.resolve("ledger.db"));
        book = at(NOW);
        state(1);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private RequestBook at(Instant now) {
        return new RequestBook(database, home, Clock.fixed(now, ZoneOffset.UTC));
    }

    private void state(long seed) {
        boolean unused = new DataFingerprint(database).changed("scans", Toys.clouds(20, seed));
    }

    private Request arrived(SessionKey key, String authority, String dataSet, String content, int clients) {
        try {
            Path file = Files.writeString(home.resolve("download"), content);
            byte[] digest = HexFormat.of().parseHex(Toys.digestOf(content));
            return book.arrived(key, authority, "hospital", dataSet, file, digest, clients);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Request arrived(String session) {
        return arrived(new SessionKey("network-1", session), "ab", "scans", "package", 3);
    }

    private Request arrivedFrom(int asker, String session) {
        return arrived(new SessionKey("network-" + asker, session), "ab" + asker, "scans", "package", 3);
    }

    private Request arrived() {
        return arrived(KEY.session());
    }

    @Test
    void keepWhatIsAskedOnceWithItsPackage() throws IOException {
        Request first = arrived();
        assertThat(first.id()).matches("[0-9a-f]{16}");
        assertThat(first.file())
                .isEqualTo(home.resolve("requests/" + Toys.digestOf("package") + ".sotto"))
                .hasContent("package");
        assertThat(Files.getPosixFilePermissions(first.file())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(arrived()).isEqualTo(first);
        Request second = arrived("s-2");
        assertThat(book.all()).containsExactly(second, first);
        assertThat(book.decision(first)).isInstanceOf(Decision.Pending.class);
        Files.delete(first.file());
        assertThat(arrived().file()).hasContent("package");
    }

    @Test
    void refuseAPackageThatIsNotWhatItIsCalled() throws IOException {
        Path file = Files.writeString(home.resolve("download"), "other");
        byte[] digest = HexFormat.of().parseHex(Toys.digestOf("package"));
        assertThatThrownBy(() -> book.arrived(KEY, "ab", "hospital", "scans", file, digest, 3))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("digest");
        assertThat(book.all()).isEmpty();
        assertThat(home.resolve("requests")).isEmptyDirectory();
        assertThatThrownBy(() -> arrived(KEY, "ab", "never-loaded", "package", 3))
                .isInstanceOf(LedgerException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"package", "clients", "authority", "data"})
    void anyChangeIsAnotherRequestAndTheOldApprovalNoLongerHolds(String what) {
        Request first = arrived();
        book.approve(first, LIMITS, book.key());
        assertThat(book.decision(first)).isInstanceOf(Decision.Approved.class);
        if (what.equals("data")) {
            state(2);
        }
        Request second = arrived(
                KEY,
                what.equals("authority") ? "cd" : "ab",
                "scans",
                what.equals("package") ? "another" : "package",
                what.equals("clients") ? 2 : 3);
        assertThat(second.id()).isNotEqualTo(first.id());
        assertThat(book.decision(first)).isInstanceOf(Decision.Superseded.class);
        assertThat(book.decision(second)).isInstanceOf(Decision.Pending.class);
        assertThatThrownBy(() -> book.approve(first, LIMITS, book.key())).hasMessageContaining("something else");
        // And back again: the owner has seen that it changes.
        if (what.equals("data")) {
            state(1);
        }
        Request third = arrived();
        assertThat(third.id()).isNotEqualTo(first.id());
        assertThat(book.decision(third)).isInstanceOf(Decision.Pending.class);
        assertThat(book.decision(first)).isInstanceOf(Decision.Superseded.class);
    }

    @Test
    void anApprovalHoldsWithinItsTimeInEveryProcessAndAfterARestart() {
        Request request = arrived();
        Approval approval = book.approve(request, LIMITS, book.key());
        assertThat(approval.signer()).isEqualTo(book.key().fingerprint());
        assertThat(approval.automatic()).isFalse();
        database.close();
        database = OwnerDatabase.open(home.resolve("ledger.db"));
        assertThat(at(NOW).decision(request)).isEqualTo(new Decision.Approved(approval));
        try (OwnerDatabase other = OwnerDatabase.open(home.resolve("ledger.db"))) {
            RequestBook second = new RequestBook(other, home, Clock.fixed(NOW, ZoneOffset.UTC));
            assertThat(second.decision(request)).isEqualTo(new Decision.Approved(approval));
            second.revoke(second.find(request.id()), "on second thoughts", second.key());
        }
        assertThat(at(NOW).decision(request)).isEqualTo(new Decision.Revoked("on second thoughts"));
    }

    @Test
    void anApprovalExpires() {
        Request request = arrived();
        Approval approval = book.approve(request, LIMITS, book.key());
        assertThat(at(LIMITS.expires().minusMillis(1)).decision(request)).isInstanceOf(Decision.Approved.class);
        RequestBook later = at(LIMITS.expires());
        assertThat(later.decision(request)).isEqualTo(new Decision.Expired(approval));
        assertThatThrownBy(() -> later.approve(request, LIMITS, book.key())).hasMessageContaining("over already");
        later.approve(
                request,
                new ApprovalLimits(3, Optional.empty(), LIMITS.expires().plusSeconds(9)),
                book.key());
        assertThat(later.decision(request)).isInstanceOf(Decision.Approved.class);
    }

    @Test
    void anOwnerChangesTheirMind() {
        Request request = arrived();
        assertThatThrownBy(() -> book.revoke(request, "no", book.key())).hasMessageContaining("not approved");
        book.reject(request, "not before the audit", book.key());
        assertThat(book.decision(request)).isEqualTo(new Decision.Rejected("not before the audit"));
        assertThatThrownBy(() -> book.reject(request, "no", book.key())).hasMessageContaining("rejected already");
        assertThatThrownBy(() -> book.approveByPolicy(request, LIMITS, book.key()))
                .hasMessageContaining("the owner has rejected it");
        book.approve(request, LIMITS, book.key());
        assertThatThrownBy(() -> book.reject(request, "no", book.key())).hasMessageContaining("revoke it");
        book.revoke(request, "the study ended", book.key());
        assertThat(book.decision(request)).isEqualTo(new Decision.Revoked("the study ended"));
        assertThatThrownBy(() -> book.approveByPolicy(request, LIMITS, book.key()))
                .hasMessageContaining("the owner has revoked it");
        Approval again = book.approve(request, LIMITS, book.key());
        assertThat(book.decision(request)).isEqualTo(new Decision.Approved(again));
        assertThat(book.history())
                .extracting(Decided::kind)
                .containsExactly(
                        Decided.Kind.REJECTED, Decided.Kind.APPROVED, Decided.Kind.REVOKED, Decided.Kind.APPROVED);
        assertThat(book.history()).allMatch(each -> each.broken().isEmpty());
        assertThat(book.history().get(1).limits()).contains(LIMITS);
        assertThat(book.history().get(2).reason()).isEqualTo("the study ended");
    }

    @Test
    void thePolicyWidensNothingThatTheOwnerApprovedInPerson() {
        Request request = arrived();
        ApprovalLimits wide = new ApprovalLimits(9, Optional.of(new Epsilon(100)), NOW.plus(Duration.ofDays(300)));
        ApprovalLimits narrow = new ApprovalLimits(1, Optional.of(new Epsilon(0.5)), NOW.plus(Duration.ofDays(1)));
        book.approveByPolicy(request, narrow, book.key());
        book.approveByPolicy(request, wide, book.key());
        Approval own = book.approve(request, narrow, book.key());
        assertThatThrownBy(() -> book.approveByPolicy(request, wide, book.key()))
                .hasMessageContaining("the owner has approved it in person");
        assertThat(book.decision(request)).isEqualTo(new Decision.Approved(own));
        RequestBook later = at(narrow.expires());
        assertThatThrownBy(() -> later.approveByPolicy(request, wide, book.key()))
                .hasMessageContaining("the owner has approved it in person");
        assertThat(later.decision(request)).isEqualTo(new Decision.Expired(own));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "two\nlines", "\u001b[31mred", "\u0085"})
    void aReasonIsOneLine(String reason) {
        Request request = arrived();
        assertThatThrownBy(() -> book.reject(request, reason, book.key())).hasMessageContaining("one line");
        assertThat(book.decision(request)).isInstanceOf(Decision.Pending.class);
    }

    /** Whoever can write to the file but has not the owner's key cannot approve, nor widen what was approved. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE decisions SET rounds = 1000000",
                "UPDATE decisions SET epsilon = 100",
                "UPDATE decisions SET epsilon = NULL",
                "UPDATE decisions SET expires = '2099-01-01T00:00:00Z'",
                "UPDATE decisions SET at = '2026-02-01T00:00:00Z'",
                "UPDATE decisions SET automatic = 1",
                "UPDATE decisions SET reason = 'x'",
                "UPDATE decisions SET signature = zeroblob(64)",
                "UPDATE decisions SET signature = x''",
                "UPDATE decisions SET number = 2",
                "UPDATE decisions SET kind = 'approved', rounds = 3, expires = '2099-01-01T00:00:00Z'",
                "UPDATE requests SET package = 'ff'",
                "UPDATE requests SET clients = 1",
                "UPDATE requests SET session = 's-2'",
                "UPDATE requests SET coordinator = 'network-2'",
                "UPDATE requests SET authority = 'cd'",
                "UPDATE requests SET client = 'clinic'",
                "UPDATE requests SET data_state = zeroblob(32)",
                "UPDATE requests SET number = 7"
            })
    void whatTheOwnerDidNotSignIsNoApproval(String tampering) throws SQLException {
        Request request = arrived();
        book.approve(request, LIMITS, book.key());
        tamper(tampering);
        Request now = book.all().get(0);
        assertThat(book.decision(now)).isNotInstanceOf(Decision.Approved.class);
        assertThat(book.history().get(0).broken()).isPresent();
    }

    private void tamper(String... statements) throws SQLException {
        database.close();
        try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("ledger.db"));
                Statement statement = raw.createStatement()) {
            for (String table : List.of("decisions", "requests")) {
                statement.execute("DROP TRIGGER " + table + "_never_change");
                statement.execute("DROP TRIGGER " + table + "_never_go");
            }
            for (String each : statements) {
                statement.execute(each);
            }
        }
        database = OwnerDatabase.open(home.resolve("ledger.db"));
        book = at(NOW);
    }

    @Test
    void anApprovalOfOneRequestIsNoneOfAnother() throws SQLException {
        Request one = arrived("s-1");
        Request two = arrived("s-2");
        book.approve(one, LIMITS, book.key());
        tamper("UPDATE decisions SET request = '" + two.id() + "'");
        assertThat(book.decision(two)).isInstanceOf(Decision.Pending.class);
        assertThat(book.decision(one)).isInstanceOf(Decision.Pending.class);
    }

    @Test
    void aDecisionThatIsMissingIsNoticed() throws SQLException {
        for (String session : List.of("s-1", "s-2", "s-3")) {
            book.approve(arrived(session), LIMITS, book.key());
        }
        tamper("DELETE FROM decisions WHERE number = 2");
        assertThat(book.history().get(1).broken()).contains("decision 2 before it is missing");
        assertThat(book.decision(book.find(arrived("s-3").id()))).isInstanceOf(Decision.Pending.class);
        assertThat(book.decision(arrived("s-1"))).isInstanceOf(Decision.Approved.class);
    }

    @Test
    void aDecisionOnARequestThatIsMissingIsNoticed() throws SQLException {
        book.approve(arrived(), LIMITS, book.key());
        tamper("DELETE FROM requests");
        assertThatThrownBy(() -> book.history())
                .isInstanceOf(RequestException.class)
                .hasMessage("decision 1 is on a request that is missing: the ledger's file was changed");
    }

    @Test
    void theTablesOnlyGrow() {
        book.approve(arrived(), LIMITS, book.key());
        for (String statement : List.of(
                "UPDATE decisions SET rounds = 9",
                "DELETE FROM decisions",
                "UPDATE requests SET clients = 9",
                "DELETE FROM requests")) {
            assertThatThrownBy(() -> database.transact(handle -> handle.execute(statement)))
                    .hasMessageContaining("never");
        }
    }

    @Test
    void onlyTheOwnersOwnKeyDecides() throws IOException {
        Request request = arrived();
        OwnerKey owner = book.key();
        assertThat(book.key().fingerprint()).isEqualTo(owner.fingerprint());
        Path file = home.resolve("owner-key");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(owner.toString()).isEqualTo("owner's key " + owner.fingerprint());
        OwnerKey stranger = new OwnerKey(SigningKey.generate());
        assertThatThrownBy(() -> book.approve(request, LIMITS, stranger)).hasMessageContaining("the owner's key");
        assertThat(book.history()).isEmpty();
        book.approve(request, LIMITS, owner);
        Files.delete(file);
        assertThat(book.decision(request)).isInstanceOf(Decision.Pending.class);
        SigningKey.create(file);
        assertThat(book.decision(request)).isInstanceOf(Decision.Pending.class);
        assertThat(book.history().get(0).broken()).contains("it is signed with another key than the owner's");
    }

    @Test
    void theKeyIsMadeOnceHoweverManyAskForIt() throws Exception {
        ExecutorService many = Executors.newFixedThreadPool(4);
        try (OwnerDatabase other = OwnerDatabase.open(home.resolve("ledger.db"))) {
            CountDownLatch start = new CountDownLatch(1);
            RequestBook second = new RequestBook(other, home);
            List<Future<String>> keys = java.util.stream.IntStream.range(0, 8)
                    .mapToObj(n -> many.submit(() -> {
                        start.await();
                        return (n % 2 == 0 ? book : second).key().fingerprint();
                    }))
                    .toList();
            start.countDown();
            for (Future<String> key : keys) {
                assertThat(key.get()).isEqualTo(book.key().fingerprint());
            }
        } finally {
            many.shutdown();
        }
    }

    @Test
    void areFoundByTheBeginningOfTheirIds() {
        assertThatThrownBy(() -> book.find("ab")).hasMessageContaining("nothing was asked so far");
        Request one = arrived("s-1");
        for (int n = 2; n <= 40; n++) {
            arrivedFrom(n % 4, "s-" + n);
        }
        assertThat(book.find(one.id())).isEqualTo(one);
        assertThat(book.find(one.shortId().toUpperCase(java.util.Locale.ROOT))).isEqualTo(one);
        assertThatThrownBy(() -> book.find("xyz")).hasMessageContaining("there is no request 'xyz'");
        assertThatThrownBy(() -> book.find("")).hasMessageContaining("there is no request ''");
        assertThat(java.util.stream.IntStream.range(0, 16)
                        .mapToObj(Integer::toHexString)
                        .filter(digit -> {
                            try {
                                return book.find(digit) == null;
                            } catch (RequestException e) {
                                return e.getMessage().contains("begins several");
                            }
                        }))
                .isNotEmpty();
    }

    @Test
    void nobodyFillsTheOwnersDisk() {
        for (int n = 0; n < RequestBook.MOST_WAITING; n++) {
            arrivedFrom(n / 10, "s-" + n);
        }
        assertThatThrownBy(() -> arrivedFrom(99, "one-more"))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("64 requests wait for the owner");
        assertThat(arrivedFrom(0, "s-1").key().session()).isEqualTo("s-1");
        book.reject(arrivedFrom(0, "s-1"), "no", book.key());
        arrivedFrom(99, "one-more");
        book.approve(arrivedFrom(0, "s-2"), LIMITS, book.key());
        for (int n = 1; n < RequestBook.MOST_CHANGES; n++) {
            Request changed = arrived(new SessionKey("network-0", "s-2"), "ab0", "scans", "package", 3 + n);
            book.reject(changed, "no", book.key());
        }
        assertThatThrownBy(() -> arrived(new SessionKey("network-0", "s-2"), "ab0", "scans", "package", 1000))
                .hasMessageContaining("asked for something else");
    }

    @Test
    void oneAskerDoesNotFillTheOwnersList() {
        for (int n = 0; n < RequestBook.MOST_OF_ONE; n++) {
            arrivedFrom(1, "s-" + n);
        }
        assertThatThrownBy(() -> arrivedFrom(1, "one-more"))
                .isInstanceOf(RequestException.class)
                .hasMessage(
                        "16 requests of network-1 wait for the owner; more of it are heard once some are decided on");
        assertThatThrownBy(() -> arrived(new SessionKey("another-name", "s-1"), "ab1", "scans", "package", 3))
                .as("with the same key")
                .hasMessageContaining("wait for the owner");
        arrivedFrom(2, "s-1");
        book.reject(arrivedFrom(1, "s-0"), "no", book.key());
        arrivedFrom(1, "one-more");
    }

    @Test
    void anApprovalThatWasOverStaysOverWhateverTheClockSays() {
        Request request = arrived();
        Approval approval = book.approve(request, LIMITS, book.key());
        assertThat(at(LIMITS.expires().plusSeconds(1)).decision(request)).isEqualTo(new Decision.Expired(approval));
        assertThat(at(NOW).decision(request)).isEqualTo(new Decision.Expired(approval));
        book.approve(request, LIMITS, book.key());
        assertThat(at(NOW).decision(request)).as("a new one").isInstanceOf(Decision.Approved.class);
        assertThatThrownBy(() -> database.transact(handle -> handle.execute("DELETE FROM expired_approvals")))
                .hasMessageContaining("stays over");
    }

    @Test
    void anApprovalThatARefusalFoundOverStaysOverToo() {
        for (String session : List.of("s-1", "s-2")) {
            Request request = arrived(session);
            Approval approval = book.approve(request, LIMITS, book.key());
            RequestBook later = at(LIMITS.expires().plusSeconds(1));
            if (session.equals("s-1")) {
                assertThatThrownBy(() -> later.revoke(request, "late", book.key()))
                        .hasMessageContaining("it is not approved");
            } else {
                assertThatThrownBy(() -> later.approve(request, LIMITS, book.key()))
                        .hasMessageContaining("over already");
            }
            assertThat(at(NOW).decision(request)).isEqualTo(new Decision.Expired(approval));
        }
    }

    @Test
    void whatThePolicyApprovedHoldsOnlyWhileItMay() {
        Request own = arrived("s-1");
        Request other = arrived("s-2");
        Approval approval = book.approveByPolicy(own, LIMITS, book.key());
        Approval inPerson = book.approve(other, LIMITS, book.key());
        book.rule("scans", ApprovalRule.ASK);
        assertThat(book.decision(own)).isEqualTo(new Decision.Pending(Optional.of(approval)));
        assertThat(book.decision(other)).isEqualTo(new Decision.Approved(inPerson));
        assertThatThrownBy(() -> book.approveByPolicy(own, LIMITS, book.key()))
                .hasMessageContaining("the policy is to ask the owner");
        book.rule("scans", ApprovalRule.AUTOMATIC);
        assertThat(book.decision(own)).isEqualTo(new Decision.Approved(approval));
        book.rule("scans", ApprovalRule.ASK);
        book.reject(own, "not like this", book.key());
        assertThat(book.decision(own)).isEqualTo(new Decision.Rejected("not like this"));
    }
}
