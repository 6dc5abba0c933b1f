package dev.sotto.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.coordinator.session.SessionEvent;
import dev.sotto.coordinator.session.SessionPackages;
import dev.sotto.coordinator.session.SessionSettings;
import dev.sotto.coordinator.session.SessionView;
import dev.sotto.coordinator.store.AuditLine;
import dev.sotto.coordinator.store.Database;
import dev.sotto.coordinator.store.SessionState;
import dev.sotto.data.DataContext;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.experiment.packaging.SigningKey;
import dev.sotto.owner.ledger.LedgerLine;
import dev.sotto.privacy.random.Randomness;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator and the agent of a data owner, over real sockets, in a round that takes longer than anybody waits. */
@Timeout(300)
@DisplayName("A long round")
final class LongRoundTest {
    @TempDir
    private Path folder;

    private Coordinator coordinator;
    private Ward ward;
    private AutoCloseable watching;
    private final List<SessionEvent> events = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws IOException {
        CoordinatorHome.init(home(), List.of(), PostgresServer.freePort(), Optional.empty());
        coordinator = Coordinator.start(home(), new Coordinator.Options(0));
    }

    private Path home() {
        return folder.resolve("coordinator");
    }

    private void join(String policy) throws IOException {
        ward = new Ward(coordinator, folder, "ward", 300, policy);
    }

    @AfterEach
    void stop() throws Exception {
        watching.close();
        ward.close();
        coordinator.close();
    }

    /** Begins a session of two rounds and waits until its node trains. */
    private String session(int epochs, Duration round) throws Exception {
        return session(2, epochs, round);
    }

    private String session(int rounds, int epochs, Duration round) throws Exception {
        ExperimentFile file = ExperimentFile.parse("long.yaml", Path.of(""), """
                name: long
                contract: {features: [8], classes: 2}
                model: logistic
                rounds: %d
                client: {batch-size: 20, epochs: %d, optimizer: {name: sgd, learning-rate: 1e-6}}
                privacy: {example-level: {noise-multiplier: 100000, epsilon: 5, delta: 1e-5, max-grad-norm: 1}}
                """.formatted(rounds, epochs));
        SessionDraft draft = SessionDraft.of(file, DataContext.ofSystem(), 1);
        byte[] bytes = SessionPackage.create(draft, draft.initial(Randomness.seeded(1)), SigningKey.generate());
        SessionPackages.Prepared prepared = coordinator.packages().take(new ByteArrayInputStream(bytes), "test");
        SessionSettings settings = new SessionSettings(
                1, 1, Duration.ofMinutes(1), round, 0, List.of(), OptionalLong.empty(), Optional.empty());
        SessionView view = coordinator.sessions().start("test", prepared, settings);
        watching = coordinator.sessions().watch(view.id(), events::add);
        until(() -> ward.agent().activity().now().stream().anyMatch(each -> each.step() > 0));
        return view.id();
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it comes about").isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    private long lines(LedgerLine.Kind kind) {
        return ward.owner().ledger().lines().stream()
                .filter(line -> line.kind() == kind)
                .count();
    }

    private SessionView.Member member(String session) {
        return coordinator.sessions().show(session).clients().get(0);
    }

    @Test
    void thatClosesWithoutANodeIsGoneOnWithThereSoThatItIsPaidForOnce() throws Exception {
        join("approval: automatic");
        session(12, 5_000_000, Duration.ofSeconds(3)); // it lasts for twelve times as long, unless the node answers
        until(() -> events.stream()
                        .filter(each -> each.kind().equals("refused"))
                        .filter(each -> each.text().contains("no answer within 3 s"))
                        .count()
                >= 2);
        assertThat(ward.agent().activity().now())
                .extracting(each -> each.round())
                .containsExactly(1);
        assertThat(lines(LedgerLine.Kind.RESERVED)).isEqualTo(1);
    }

    @Test
    void thatOutlastsTheRestartOfItsCoordinatorIsPaidForOnce() throws Exception {
        join("approval: automatic");
        String session = session(2, 40_000, Duration.ofMinutes(10));
        for (int restart = 0; restart < 2; restart++) {
            coordinator.close();
            coordinator = Coordinator.start(home(), new Coordinator.Options(0));
            until(() -> coordinator.reach().connected().contains("ward"));
        }
        until(() -> coordinator.sessions().show(session).state().over());
        assertThat(coordinator.sessions().show(session).state()).isEqualTo(SessionState.COMPLETED);
        assertThat(coordinator.sessions().show(session).rounds()).isEqualTo(2);
        assertThat(lines(LedgerLine.Kind.RESERVED)).isEqualTo(2);
        assertThat(lines(LedgerLine.Kind.COMMITTED)).isEqualTo(2);
    }

    @Test
    void isGivenUpWhenTheOwnerRevokesAndTheSessionShowsWhy() throws Exception {
        join("approval: automatic");
        String session = session(20_000_000, Duration.ofMinutes(10));
        ward.revoke("the study has ended");
        until(() -> ward.agent().activity().now().isEmpty());
        until(() -> member(session).state().equals("refused"));
        assertThat(member(session).reason()).contains("the owner revoked the approval: the study has ended");
        try (Database database = Database.open(Database.inHome(home()), home())) {
            List<AuditLine> audit = database.audit().lines(1, 1000);
            assertThat(audit)
                    .filteredOn(line -> line.action().equals("offer refused"))
                    .singleElement()
                    .satisfies(line -> assertThat(line.detail()).contains("the study has ended"));
        }
        assertThat(lines(LedgerLine.Kind.RESERVED)).isEqualTo(1);
        assertThat(lines(LedgerLine.Kind.COMMITTED)).isZero();
    }

    @Test
    void isGivenUpWhenTheCoordinatorShutsTheNodeOut() throws Exception {
        join("approval: automatic");
        session(20_000_000, Duration.ofMinutes(10));
        coordinator.identities().revokeClient("ward", "laptop lost", "test");
        until(() -> ward.agent().activity().now().isEmpty());
        assertThat(lines(LedgerLine.Kind.RESERVED)).isEqualTo(1);
        assertThat(lines(LedgerLine.Kind.COMMITTED)).isZero();
    }

    @Test
    void tellsHowFarItIsInTenthsAndNoMore() throws Exception {
        join("approval: automatic");
        String session = session(100_000, Duration.ofMinutes(10));
        until(() -> member(session).tenths() > 0);
        assertThat(member(session).tenths()).isBetween(1, 10);
        until(() -> events.stream().anyMatch(each -> each.kind().equals("progress")));
        assertThat(events)
                .filteredOn(each -> each.kind().equals("progress"))
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.text()).matches("round 1: ward: (10|[1-9])0% of its training"));
    }

    @Test
    void isSilentWhereTheOwnerWantsItSo() throws Exception {
        join("approval: automatic, progress: false");
        session(100_000, Duration.ofMinutes(10));
        until(() -> ward.agent().activity().now().stream().anyMatch(each -> each.step() > each.steps() / 5));
        assertThat(events).noneMatch(each -> each.kind().equals("progress"));
    }
}
