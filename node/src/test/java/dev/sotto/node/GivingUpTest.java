package dev.sotto.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.owner.ledger.LedgerLine;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.Reason;
import dev.sotto.wire.v1.SessionOver;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.TaskKind;
import dev.sotto.wire.v1.TaskRefused;
import dev.sotto.wire.v1.Withdraw;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@DisplayName("Training that nobody wants any more")
@Timeout(300)
@Execution(ExecutionMode.SAME_THREAD) // what is soon must not depend on who else is busy
class GivingUpTest {
    /** A round of an hour, of steps that take next to nothing. */
    private static final String LONG = Ward.terms(
                    3,
                    "privacy: {example-level: {noise-multiplier: 100000, epsilon: 5, delta: 1e-5, max-grad-norm: 1}}\n")
            .replace("client: {", "client: {epochs: 20000000, ");

    /** Beside an hour, also on a machine that is busy with much else. */
    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    private Path folder;

    private Ward ward;

    @BeforeEach
    void start() throws Exception {
        ward = new Ward(folder, "policy: {approval: automatic}\n");
        assertThat(ward.answer(ward.offer("s-1", LONG, 2)).hasAccepted()).isTrue();
    }

    @AfterEach
    void stop() {
        ward.close();
    }

    private Task training(int round) throws IOException, InterruptedException {
        return training("s-1", round);
    }

    private Task training(String session, int round) throws IOException, InterruptedException {
        return training(ward, session, round);
    }

    private static Task training(Ward ward, String session, int round) throws IOException, InterruptedException {
        Task task = ward.task(session, round, TaskKind.TRAIN, Ward.model(0))
                .setSeconds(3600)
                .build();
        ward.agent().task(task);
        until(() -> ward.agent().activity().now().stream().anyMatch(each -> each.step() > 0));
        return task;
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it comes about soon").isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    private void requireGivenUp(int reserved) throws InterruptedException {
        until(() -> ward.agent().activity().now().isEmpty());
        assertThat(ward.reserved()).isEqualTo(reserved);
        assertThat(ward.owner().ledger().lines()).noneMatch(line -> line.kind() == LedgerLine.Kind.COMMITTED);
        assertThat(ward.coordinator().quiet()).isTrue();
    }

    @Test
    void isFinishedAndKeptWhenItsTaskIsWithdrawnSoThatTheSameCostsNothingLater() throws Exception {
        String terms = LONG.replace("epochs: 20000000", "epochs: 20000");
        assertThat(ward.answer(ward.offer("s-2", terms, 2)).hasAccepted()).isTrue();
        Task first = training("s-2", 1);
        ward.agent()
                .withdraw(Withdraw.newBuilder()
                        .setTask(first.getId())
                        .setReason("the round was ended")
                        .build());
        for (int i = 0; !ward.agent().activity().now().isEmpty(); i++) {
            assertThat(i).isLessThan(6000);
            Thread.sleep(10);
        }
        assertThat(ward.coordinator().quiet()).isTrue();
        Task again = ward.task("s-2", 1, TaskKind.TRAIN, Ward.model(0)).build();
        ward.agent().task(again);
        assertThat(ward.coordinator().nextDelivery().header().getTask()).isEqualTo(again.getId());
        assertThat(ward.reserved()).isEqualTo(1);
    }

    @Test
    void endsWhenItsTaskIsWithdrawnAndNothingIsPaidForIt() throws Exception {
        try (Ward open = new Ward(folder.resolve("open"), "policy: {approval: automatic, require: none}\n")) {
            String terms = LONG.substring(0, LONG.indexOf("privacy:"));
            assertThat(open.answer(open.offer("s-1", terms, 2)).hasAccepted()).isTrue();
            Task task = training(open, "s-1", 1);
            open.agent().withdraw(Withdraw.newBuilder().setTask(task.getId()).build());
            until(() -> open.agent().activity().now().isEmpty());
            assertThat(open.coordinator().quiet()).isTrue();
        }
    }

    @Test
    void endsWhenItsSessionIsOver() throws Exception {
        training(1);
        ward.agent()
                .over(SessionOver.newBuilder()
                        .setSession("s-1")
                        .setEnding("stopped")
                        .build());
        requireGivenUp(1);
    }

    @Test
    void goesOnWhenItsTimeIsOver() throws Exception {
        Task task =
                ward.task("s-1", 1, TaskKind.TRAIN, Ward.model(0)).setSeconds(1).build();
        ward.agent().task(task);
        until(() -> !ward.agent().activity().now().isEmpty());
        Thread.sleep(1500);
        assertThat(ward.agent().activity().now()).hasSize(1);
        ward.agent()
                .over(SessionOver.newBuilder()
                        .setSession("s-1")
                        .setEnding("failed")
                        .build());
        requireGivenUp(1);
    }

    @Test
    void endsWhenTheOwnerRevokesTheApprovalAndTheCoordinatorIsToldWhy() throws Exception {
        Task task = training(1);
        ward.owner()
                .requests()
                .revoke(
                        ward.request("s-1"),
                        "consent was withdrawn",
                        ward.owner().key());
        TaskRefused refused = ward.coordinator().next(FromNode::hasRefused).getRefused();
        assertThat(refused.getTask()).isEqualTo(task.getId());
        assertThat(refused.getRefusal().getReason()).isEqualTo(Reason.POLICY);
        assertThat(refused.getRefusal().getMessage()).contains("revoked the approval: consent was withdrawn");
        requireGivenUp(1);
    }

    @Test
    void endsWhenTheNodeStopsAndItsTimeToEndIsOver() throws Exception {
        training(1);
        long began = System.nanoTime();
        ward.agent().drain(Duration.ofMillis(300));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(SOON);
        requireGivenUp(1);
        ward.restart();
        assertThat(ward.reserved()).isEqualTo(1);
    }
}
