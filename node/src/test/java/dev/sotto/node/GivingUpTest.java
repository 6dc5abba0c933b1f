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
@Timeout(60)
@Execution(ExecutionMode.SAME_THREAD) // what is soon must not depend on who else is busy
class GivingUpTest {
    /** A round of an hour, of steps that take next to nothing. */
    private static final String LONG = Ward.terms(
                    3,
                    "privacy: {example-level: {noise-multiplier: 100000, epsilon: 5, delta: 1e-5, max-grad-norm: 1}}\n")
            .replace("client: {", "client: {epochs: 20000000, ");

    private static final Duration SOON = Duration.ofSeconds(5);

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
        Task task = ward.task("s-1", round, TaskKind.TRAIN, Ward.model(0))
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
    void endsBetweenTwoStepsWhenItsTaskIsWithdrawnAndWhatWasReservedStaysSpent() throws Exception {
        Task first = training(1);
        ward.agent()
                .withdraw(Withdraw.newBuilder()
                        .setTask(first.getId())
                        .setReason("enough others answered first")
                        .build());
        requireGivenUp(1);
        // The session goes on: a round after it reserves anew, as the same one would.
        Task again = training(1);
        ward.agent().withdraw(Withdraw.newBuilder().setTask(again.getId()).build());
        requireGivenUp(2);
        assertThat(ward.owner().ledger().standing("rows-1").enforced()).isPresent();
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
    void endsWhenItsTimeIsOver() throws Exception {
        Task task =
                ward.task("s-1", 1, TaskKind.TRAIN, Ward.model(0)).setSeconds(1).build();
        ward.agent().task(task);
        until(() -> !ward.agent().activity().now().isEmpty());
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
