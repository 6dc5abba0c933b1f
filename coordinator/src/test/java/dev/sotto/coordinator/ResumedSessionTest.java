package dev.sotto.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.coordinator.session.SessionPackages;
import dev.sotto.coordinator.session.SessionSettings;
import dev.sotto.coordinator.session.SessionView;
import dev.sotto.coordinator.store.SessionState;
import dev.sotto.data.DataContext;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.experiment.packaging.SigningKey;
import dev.sotto.privacy.random.Randomness;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator and agents of data owners, over real sockets; the agents stay connected all the time. */
@Timeout(300)
@DisplayName("A session that is resumed")
final class ResumedSessionTest {
    private static final int ROUNDS = 2_000;

    @TempDir
    private Path folder;

    private Coordinator coordinator;
    private final List<Ward> wards = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        CoordinatorHome.init(home(), List.of(), 0, Optional.empty());
        coordinator = Coordinator.start(home(), new Coordinator.Options(0));
    }

    private Path home() {
        return folder.resolve("coordinator");
    }

    private Ward ward(String id, String approval) throws IOException {
        Ward ward = new Ward(coordinator, folder, id, 100, "approval: " + approval);
        wards.add(ward);
        return ward;
    }

    @AfterEach
    void stop() {
        wards.forEach(Ward::close);
        coordinator.close();
    }

    private String session(int clients, int least) throws Exception {
        ExperimentFile file = ExperimentFile.parse("long.yaml", Path.of(""), """
                name: long
                contract: {features: [8], classes: 2}
                model: logistic
                rounds: %d
                client: {batch-size: 20, optimizer: {name: sgd, learning-rate: 0.2}}
                privacy: {example-level: {noise-multiplier: 1000, epsilon: 5, delta: 1e-5, max-grad-norm: 1}}
                """.formatted(ROUNDS));
        SessionDraft draft = SessionDraft.of(file, DataContext.ofSystem(), least);
        byte[] bytes = SessionPackage.create(draft, draft.initial(Randomness.seeded(1)), SigningKey.generate());
        SessionPackages.Prepared prepared = coordinator.packages().take(new ByteArrayInputStream(bytes), "test");
        // Longer than the test may take: whatever waits for these times fails it.
        Duration patience = Duration.ofMinutes(10);
        SessionSettings settings = new SessionSettings(
                clients, least, patience, patience, 0, List.of(), OptionalLong.empty(), Optional.empty());
        return coordinator.sessions().start("test", prepared, settings).id();
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it comes about").isLessThan(deadline);
            Thread.sleep(10);
        }
    }

    private SessionView show(String session) {
        return coordinator.sessions().show(session);
    }

    private void awaitRounds(String session, int more) throws InterruptedException {
        int now = show(session).rounds();
        until(() ->
                show(session).rounds() >= now + more || show(session).state().over());
        assertThat(show(session).state()).as(show(session).toString()).isEqualTo(SessionState.RUNNING);
    }

    private SessionView awaitEnd(String session) throws InterruptedException {
        until(() -> show(session).state().over());
        return show(session);
    }

    private int stopped(String session) throws InterruptedException {
        coordinator.sessions().stop("test", session, "");
        SessionView end = awaitEnd(session);
        assertThat(end.state()).isEqualTo(SessionState.STOPPED);
        return end.rounds();
    }

    @Test
    void goesOnAtNodesThatStayedConnectedAsOftenAsItIsStopped() throws Exception {
        ward("a", "automatic");
        ward("b", "automatic");
        String session = session(2, 2);
        awaitRounds(session, 2);
        for (int time = 0; time < 2; time++) {
            int before = stopped(session);
            assertThat(coordinator.sessions().resume("test", session).rounds()).isEqualTo(before);
            awaitRounds(session, 2);
            assertThat(show(session).rounds()).isGreaterThanOrEqualTo(before + 2);
        }
        stopped(session);
    }

    @Test
    void needsNoNewDecisionOfAnOwnerWhoseApprovalHolds() throws Exception {
        Ward ward = ward("a", "ask");
        String session = session(1, 1);
        ward.approve(ROUNDS);
        awaitRounds(session, 2);
        stopped(session);
        coordinator.sessions().resume("test", session);
        awaitRounds(session, 2);
        assertThat(ward.owner().requests().all()).hasSize(1);
        stopped(session);
    }

    @Test
    void waitsForNobodyWhoRefusesAndSaysWhyIfTooFewAreLeft() throws Exception {
        Ward ward = ward("a", "ask");
        String session = session(1, 1);
        ward.approve(ROUNDS);
        awaitRounds(session, 2);
        ward.revoke("consent was withdrawn");
        assertThat(awaitEnd(session).state()).isEqualTo(SessionState.FAILED);
        coordinator.sessions().resume("test", session);
        SessionView again = awaitEnd(session);
        assertThat(again.state()).isEqualTo(SessionState.FAILED);
        assertThat(again.reason().orElseThrow())
                .startsWith("only 0 of 1 clients take part again")
                .contains("consent was withdrawn");
        // Failed as it has, it goes on once its owner has thought better of it.
        ward.approve(ROUNDS);
        coordinator.sessions().resume("test", session);
        awaitRounds(session, 2);
        stopped(session);
    }

    @Test
    void goesOnWithThoseWhoAreLeftAndRoundsWaitForNobodyElse() throws Exception {
        ward("a", "automatic");
        ward("b", "automatic");
        Ward third = ward("c", "ask");
        String session = session(3, 2);
        third.approve(ROUNDS);
        awaitRounds(session, 2);
        stopped(session);
        third.revoke("no more");
        coordinator.sessions().resume("test", session);
        awaitRounds(session, 3);
        SessionView.Member member = show(session).clients().stream()
                .filter(each -> each.id().equals("c"))
                .findFirst()
                .orElseThrow();
        assertThat(member.state()).isEqualTo("refused");
        assertThat(member.reason()).contains("no more");
        stopped(session);
    }
}
