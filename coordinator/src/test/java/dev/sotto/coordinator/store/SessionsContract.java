package dev.sotto.coordinator.store;

import static dev.sotto.coordinator.store.Fixtures.commit;
import static dev.sotto.coordinator.store.Fixtures.record;
import static dev.sotto.coordinator.store.Fixtures.running;
import static dev.sotto.coordinator.store.Fixtures.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.coordinator.store.Answer.Decision;
import dev.sotto.coordinator.store.Model.Origin;
import dev.sotto.federation.ClientReport;
import dev.sotto.federation.FederationState;
import dev.sotto.federation.Interrupted;
import dev.sotto.federation.Interrupted.Begun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

abstract class SessionsContract extends StoreContract {
    SessionsContract(Databases kind) {
        super(kind);
    }

    private Session find(Lease lease) {
        return database.sessions().find(lease.session()).orElseThrow();
    }

    @Test
    void aSessionGoesOnFromItsLastCommittedRoundBitByBit() {
        Lease lease = running(database, "one");
        commit(database, lease, 1);
        commit(database, lease, 2);
        database.sessions().beginRound(lease, 3, List.of("a"));
        database.sessions().beginRound(lease, 3, List.of());
        reopen();
        Interrupted found = database.sessions().interrupted(lease.session()).orElseThrow();
        assertSame(found.state(), state(2));
        assertThat(found.history()).containsExactly(record(1), record(2));
        assertThat(found.begun()).containsExactly(new Begun(3, List.of("a")), new Begun(3, List.of()));
        assertThat(find(lease).rounds()).isEqualTo(2);
        assertThat(find(lease).standing()).isEqualTo("{\"round\":2}");
        assertThat(database.audit().verify()).isEmpty();
    }

    private static void assertSame(FederationState is, FederationState should) {
        assertThat(is.round()).isEqualTo(should.round());
        assertThat(bits(is.parameters())).isEqualTo(bits(should.parameters()));
        assertThat(is.strategy().keySet())
                .containsExactlyElementsOf(should.strategy().keySet());
        is.strategy().forEach((name, values) -> assertThat(bits(values))
                .isEqualTo(bits(should.strategy().get(name))));
        assertThat(List.copyOf(is.exhausted().entrySet()))
                .isEqualTo(List.copyOf(should.exhausted().entrySet()));
        assertThat(is.epsilon()).isEqualTo(should.epsilon());
        FederationState.ClientLevel own = is.clientLevel().orElseThrow();
        FederationState.ClientLevel wanted = should.clientLevel().orElseThrow();
        assertThat(own.ledger()).isEqualTo(wanted.ledger());
        assertThat(own.clippingNorm()).isEqualTo(wanted.clippingNorm());
        assertThat(own.noise()).isEqualTo(wanted.noise());
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
        return bits;
    }

    @Test
    void aStateWithoutAnythingButAModelIsKeptToo() {
        Lease lease = database.leases()
                .claim(Fixtures.session(database), "one", Fixtures.LEASE)
                .orElseThrow();
        database.sessions().run(lease, Fixtures.roster());
        assertThat(database.sessions().interrupted(lease.session())).isEmpty();
        database.sessions()
                .ready(
                        lease,
                        new FederationState(
                                0,
                                Fixtures.parameters(0),
                                Map.of(),
                                Map.of(),
                                OptionalDouble.empty(),
                                Optional.empty()));
        FederationState found =
                database.sessions().interrupted(lease.session()).orElseThrow().state();
        assertThat(found.clientLevel()).isEmpty();
        assertThat(found.epsilon()).isEmpty();
        assertThat(found.strategy()).isEmpty();
    }

    @Test
    void theFirstStateHoldsHoweverOftenASessionSaysThatItIsReady() {
        Lease lease = running(database, "one");
        commit(database, lease, 1);
        database.sessions().ready(lease, state(0));
        assertThat(database.sessions()
                        .interrupted(lease.session())
                        .orElseThrow()
                        .state()
                        .round())
                .isEqualTo(1);
    }

    @Test
    void aRoundIsCommittedOnceHoweverOftenItIsTold() {
        Lease lease = running(database, "one");
        commit(database, lease, 1);
        long lines = database.audit().last().orElseThrow().number();
        database.sessions().commitRound(lease, record(1), state(1), "again");
        assertThat(database.audit().last().orElseThrow().number()).isEqualTo(lines);
        assertThat(find(lease).standing()).isEqualTo("{\"round\":1}");
        assertSame(
                database.sessions().interrupted(lease.session()).orElseThrow().state(), state(1));
    }

    @Test
    void aRoundIsNotCommittedWithAnotherResultNorOutOfTurnNorUnbegun() {
        Lease lease = running(database, "one");
        assertThatThrownBy(() -> database.sessions().commitRound(lease, record(1), state(1), ""))
                .hasMessageContaining("was never begun");
        commit(database, lease, 1);
        FederationState other = new FederationState(
                1, new float[3], state(1).strategy(), state(1).exhausted(), state(1).epsilon(), state(1).clientLevel());
        assertThatThrownBy(() -> database.sessions().commitRound(lease, record(1), other, ""))
                .hasMessageContaining("committed already, with another result");
        assertThatThrownBy(() -> database.sessions().beginRound(lease, 3, List.of()))
                .hasMessageContaining("its next, which is 2");
        assertThatThrownBy(() -> database.sessions().beginRound(lease, 1, List.of()))
                .hasMessageContaining("its next, which is 2");
        assertThatThrownBy(() -> database.sessions().commitRound(lease, record(2), state(1), ""))
                .isInstanceOf(IllegalArgumentException.class);
        reopen();
        assertSame(
                database.sessions().interrupted(lease.session()).orElseThrow().state(), state(1));
    }

    @Test
    void whoeverLostItsLeaseWritesNothing() {
        Lease old = running(database, "one");
        commit(database, old, 1);
        database.sessions().beginRound(old, 2, List.of());
        assertThat(database.leases().claim(old.session(), "two", Fixtures.LEASE))
                .isEmpty();
        Lease again =
                database.leases().claim(old.session(), "one", Fixtures.LEASE).orElseThrow();
        assertThat(database.leases().renew(old, Fixtures.LEASE)).isFalse();
        assertThatThrownBy(() -> database.sessions().commitRound(old, record(2), state(2), ""))
                .isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> database.sessions().beginRound(old, 2, List.of()))
                .isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> database.sessions().end(old, SessionState.FAILED, ""))
                .isInstanceOf(LeaseLostException.class);
        assertThat(find(old).rounds()).isEqualTo(1);
        commit(database, again, 2);
        assertSame(database.sessions().interrupted(old.session()).orElseThrow().state(), state(2));
        database.leases().release(old);
        assertThat(database.leases().claim(old.session(), "two", Fixtures.LEASE))
                .isEmpty();
        database.leases().release(again);
        assertThat(database.leases().claim(old.session(), "two", Fixtures.LEASE))
                .isPresent();
    }

    @Test
    void aLeaseThatIsOverGoesToWhoeverClaimsIt() throws Exception {
        String session = Fixtures.session(database);
        Lease old =
                database.leases().claim(session, "one", Duration.ofMillis(50)).orElseThrow();
        Thread.sleep(100);
        assertThat(database.leases().claim(session, "two", Fixtures.LEASE)).isPresent();
        assertThat(database.leases().renew(old, Fixtures.LEASE)).isFalse();
    }

    @Test
    void aRoundThatDidNotMoveTheModelMakesNone() {
        Lease lease = running(database, "one");
        commit(database, lease, 1);
        database.sessions().beginRound(lease, 2, List.of());
        FederationState same = state(2);
        FederationState unmoved = new FederationState(
                2, Fixtures.parameters(1), same.strategy(), same.exhausted(), same.epsilon(), same.clientLevel());
        database.sessions().commitRound(lease, record(2), unmoved, "");
        commit(database, lease, 3);
        assertThat(database.models().ofSession(lease.session()))
                .extracting(Model::round)
                .containsExactly(1, 3);
        assertThat(database.models().lineage(find(lease).model()))
                .extracting(Model::round)
                .containsExactly(3, 1, 0);
    }

    @Test
    void lineageAndDescendantsSpanSessions() {
        Lease first = running(database, "one");
        commit(database, first, 1);
        byte[] middle = find(first).model();
        String second = database.sessions()
                .create(new Sessions.Draft("second", new byte[32], "", 1, middle, OptionalLong.empty()), "tester");
        Lease lease = database.leases().claim(second, "one", Fixtures.LEASE).orElseThrow();
        database.sessions().run(lease, Fixtures.roster());
        commit(database, lease, 1);
        commit(database, lease, 2);
        assertThat(database.models().lineage(find(lease).model()))
                .extracting(model -> model.origin() + "/" + model.round())
                .containsExactly("ROUND/2", "ROUND/1", "SEED/0");
        byte[] seed = database.models()
                .add(Fixtures.parameters(0), Origin.SEED, "again")
                .sha256();
        assertThat(database.models().descendants(seed)).hasSize(2);
        assertThat(database.models().descendants(middle))
                .extracting(Model::round)
                .containsExactly(2);
        assertThat(database.models().find(middle).orElseThrow().accuracy()).hasValue(0.9);
        assertThat(database.models().lineage(new byte[32])).isEmpty();
    }

    @Test
    void rosterAndAnswersComeBackAsTheyWereSortedAsJavaSorts() {
        String session = Fixtures.session(database);
        Lease lease = database.leases().claim(session, "one", Fixtures.LEASE).orElseThrow();
        database.sessions().answered(lease, new Answer("b", Decision.PENDING, ""));
        database.sessions().answered(lease, new Answer("a", Decision.REFUSED, "no data\u0000"));
        database.sessions().answered(lease, new Answer("b", Decision.ACCEPTED, ""));
        database.sessions().run(lease, Fixtures.roster());
        reopen();
        assertThat(database.sessions().answers(session))
                .containsExactly(new Answer("a", Decision.REFUSED, "no data "), new Answer("b", Decision.ACCEPTED, ""));
        assertThat(database.sessions().roster(session))
                .containsExactly(Fixtures.roster().get(1), Fixtures.roster().get(0));
    }

    @Test
    void aSessionReachesATerminalStateAndOnlySomeGoOn() {
        Lease lease = running(database, "one");
        assertThat(database.sessions().unfinished()).containsExactly(lease.session());
        database.sessions().stop(lease.session(), "enough", "admin");
        database.sessions().stop(lease.session(), "really", "admin");
        assertThat(find(lease).reason()).isEqualTo("enough");
        commit(database, lease, 1);
        database.sessions().end(lease, SessionState.STOPPED, "enough");
        database.sessions().result(lease, "{}");
        assertThat(database.sessions().unfinished()).isEmpty();
        assertThat(find(lease).ended()).isPresent();
        assertThatThrownBy(() -> database.sessions().forget(lease)).hasMessageContaining("may need its state");
        assertThatThrownBy(() -> database.sessions().beginRound(lease, 2, List.of()))
                .hasMessageContaining("runs no rounds");
        database.sessions().resume(lease.session(), "admin");
        assertThat(find(lease).state()).isEqualTo(SessionState.RUNNING);
        assertThat(find(lease).ended()).isEmpty();
        database.sessions().end(lease, SessionState.COMPLETED, "");
        assertThatThrownBy(() -> database.sessions().resume(lease.session(), "admin"))
                .hasMessageContaining("only one that was stopped or has failed");
        assertThatThrownBy(() -> database.sessions().end(lease, SessionState.FAILED, "late"))
                .hasMessageContaining("cannot be failed");
        database.sessions().forget(lease);
        assertThat(database.sessions().interrupted(lease.session())).isEmpty();
        assertThat(home.resolve("states").resolve(lease.session())).doesNotExist();
        assertThat(database.log().events(lease.session(), 0, 100))
                .extracting(SessionLog.Event::kind)
                .containsExactly("running", "stopping", "committed", "stopped", "running", "completed");
        assertThat(database.audit().verify()).isEmpty();
    }

    @Test
    void onlyTheLastSecretStateIsKeptAndDamageIsNoticed() throws IOException {
        Lease lease = running(database, "one");
        commit(database, lease, 1);
        commit(database, lease, 2);
        Path folder = home.resolve("states").resolve(lease.session());
        Path file;
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            file = all.get(0);
        }
        byte[] bytes = Files.readAllBytes(file);
        for (int at : new int[] {bytes.length - 1, 9, 0, bytes.length / 2}) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 1;
            Files.write(file, damaged);
            assertThatThrownBy(() -> database.sessions().interrupted(lease.session()))
                    .isInstanceOf(DamagedException.class);
        }
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> database.sessions().interrupted(lease.session()))
                .isInstanceOf(DamagedException.class);
        Files.write(file, bytes);
        assertThat(database.sessions().interrupted(lease.session())).isPresent();
        database.blobs().delete(find(lease).model());
        assertThatThrownBy(() -> database.sessions().interrupted(lease.session()))
                .isInstanceOf(DamagedException.class)
                .hasMessageContaining("blob");
    }

    @Test
    void whatClientsSayIsLimited() {
        String session = Fixtures.session(database);
        database.log().say(session, "a", Collections.nCopies(SessionLog.MOST_LINES, "old"));
        database.log().say(session, "a", List.of("new \u0000\n line", "x".repeat(100_000)));
        database.log().say(session, "b", List.of("short"));
        List<SessionLog.Line> lines =
                database.log().lines(session, Optional.empty(), Instant.EPOCH, Optional.empty(), Integer.MAX_VALUE);
        assertThat(lines).hasSize(SessionLog.MOST_LINES + 1);
        assertThat(lines).extracting(SessionLog.Line::line).contains("new    line", "x".repeat(2_000), "short");
    }

    @Test
    void whatClientsSayIsReadInPagesAndByClientAndTime() {
        String session = Fixtures.session(database);
        database.log().say(session, "a", List.of("1", "2", "3"));
        database.log().say(session, "b", List.of("4", "5"));
        SessionLog log = database.log();
        List<String> read = new ArrayList<>();
        Optional<SessionLog.Line> last = Optional.empty();
        for (List<SessionLog.Line> page = log.lines(session, Optional.empty(), Instant.EPOCH, last, 2);
                !page.isEmpty();
                page = log.lines(session, Optional.empty(), Instant.EPOCH, last, 2)) {
            assertThat(page).hasSizeLessThanOrEqualTo(2);
            page.forEach(line -> read.add(line.client() + line.number() + line.line()));
            last = Optional.of(page.get(page.size() - 1));
        }
        assertThat(read).containsExactly("a11", "a22", "a33", "b14", "b25");
        assertThat(log.lines(session, Optional.of("b"), Instant.EPOCH, Optional.empty(), 9))
                .extracting(SessionLog.Line::line)
                .containsExactly("4", "5");
        Instant later = last.orElseThrow().time().plusMillis(1);
        assertThat(log.lines(session, Optional.empty(), later, Optional.empty(), 9))
                .isEmpty();
    }

    @Test
    void recordsComeBackEqual() {
        Lease lease = running(database, "one");
        commit(database, lease, 1);
        ClientReport report =
                database.sessions().rounds(lease.session()).get(0).reports().get(0);
        assertThat(report).isEqualTo(record(1).reports().get(0));
        assertThat(report.metrics().get("f1")).isNaN();
        assertThat(1 / report.metrics().get("zero")).isNegative();
    }

    @Test
    void nobodyElsesDatabaseIsTakenOver() {
        database.claim("c-1");
        assertThatThrownBy(() -> database.claim("c-2")).hasMessageContaining("belongs to coordinator c-1");
        reopen();
        assertThat(database.coordinator()).contains("c-1");
        assertThat(database.trouble()).isEmpty();
    }
}
