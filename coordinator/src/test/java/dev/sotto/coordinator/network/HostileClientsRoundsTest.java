package dev.sotto.coordinator.network;

import static dev.sotto.coordinator.network.TwoClients.UPDATE;
import static dev.sotto.coordinator.network.TwoClients.reason;
import static dev.sotto.coordinator.network.TwoClients.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.Fleet;
import dev.sotto.federation.Fleet.Collected;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.TaskRefused;
import dev.sotto.wire.v1.ToNode;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A hostile client, by how it takes part")
class HostileClientsRoundsTest {
    @TempDir
    Path folder;

    private TwoClients clients;

    @BeforeEach
    void start() throws IOException {
        clients = new TwoClients(folder);
    }

    @AfterEach
    void stop() {
        clients.close();
    }

    @Test
    void thatComesLateIsDroppedAndHearsThatItIsLate() throws Exception {
        Fleet fleet = clients.fleet(Duration.ofSeconds(4), 0);
        RawNode anns = clients.node(clients.ann);
        TestNetwork.until(() -> clients.network.reach().connected().contains("ann")); // which may take a while
        CompletableFuture<Collected> round = clients.round(1, fleet);
        Task task = anns.task();
        Collected collected = result(round);
        assertThat(reason(collected, 0)).isEqualTo(Reason.DROPPED);
        assertThat(reason(collected, 1)).isEqualTo(Reason.DROPPED);
        assertThat(anns.next(ToNode.SaidCase.WITHDRAW).getWithdraw().getTask()).isEqualTo(task.getId());
        assertThat(anns.deliver(task, UPDATE, 10).getReason()).startsWith("it came late: no answer within");
        assertThat(collected.aggregate().updates()).isZero();
        TestNetwork.until(
                () -> clients.network.heard().stream().anyMatch(line -> line.startsWith("ann 1 it came late")));
    }

    @Test
    void thatIsSlowIsNotWaitedForOnceEnoughHaveAnswered() throws Exception {
        CompletableFuture<Collected> round = clients.round(1, Duration.ofMinutes(2), 1);
        RawNode anns = clients.node(clients.ann);
        RawNode bobs = clients.node(clients.bob);
        bobs.task();
        assertThat(anns.deliver(anns.task(), UPDATE, 10).getCounted()).isTrue();
        Collected collected = result(round);
        assertThat(reason(collected, 1)).isEqualTo(Reason.DROPPED);
        assertThat(bobs.next(ToNode.SaidCase.WITHDRAW).getWithdraw().getReason())
                .isEqualTo("enough others answered first");
    }

    @Test
    void thatFailsIsAskedAgainOnce() throws Exception {
        CompletableFuture<Collected> round = clients.round(1, Duration.ofMinutes(2), 0);
        RawNode anns = clients.node(clients.ann);
        RawNode bobs = clients.node(clients.bob);
        assertThat(bobs.deliver(bobs.task(), UPDATE, 20).getCounted()).isTrue();
        Task first = anns.task();
        anns.say(failed(first, dev.sotto.wire.v1.Reason.FAILED, "disk\nfull\u001b[31m"));
        Task second = anns.task();
        assertThat(second.getId()).isNotEqualTo(first.getId());
        anns.say(failed(second, dev.sotto.wire.v1.Reason.FAILED, "disk full"));
        Collected collected = result(round);
        assertThat(reason(collected, 0)).isEqualTo(Reason.FAILED);
        TestNetwork.until(() -> clients.network.heard().contains("ann 1 disk full")); // told when the round is settled
        assertThat(clients.network.heard())
                .contains("ann 1 disk full [31m; it is asked again", "ann 1 disk full")
                .filteredOn(line -> line.contains("disk"))
                .hasSize(2);
    }

    @Test
    void whoseBudgetRefusesIsNotAskedAgain() throws Exception {
        CompletableFuture<Collected> round = clients.round(1, Duration.ofMinutes(2), 0);
        RawNode anns = clients.node(clients.ann);
        RawNode bobs = clients.node(clients.bob);
        anns.say(failed(anns.task(), dev.sotto.wire.v1.Reason.BUDGET, "spent"));
        bobs.deliver(bobs.task(), UPDATE, 20);
        Collected collected = result(round);
        assertThat(reason(collected, 0)).isEqualTo(Reason.BUDGET);
        assertThat(collected.reports().get(0).epsilon()).hasValue(2.5);
    }

    private static FromNode failed(Task task, dev.sotto.wire.v1.Reason reason, String message) {
        return FromNode.newBuilder()
                .setRefused(TaskRefused.newBuilder()
                        .setTask(task.getId())
                        .setEpsilon(2.5)
                        .setRefusal(dev.sotto.wire.v1.Refusal.newBuilder()
                                .setReason(reason)
                                .setMessage(message)))
                .build();
    }

    @Test
    void whichIsRevokedIsOutAtOnceAndTheRoundGoesOn() throws Exception {
        CompletableFuture<Collected> round = clients.round(1, Duration.ofMinutes(2), 0);
        RawNode anns = clients.node(clients.ann);
        RawNode bobs = clients.node(clients.bob);
        Task task = anns.task();
        bobs.deliver(bobs.task(), UPDATE, 20);
        clients.network.gate.revoke("ann");
        assertThat(anns.end.get(60, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        Collected collected = result(round);
        assertThat(reason(collected, 0)).isEqualTo(Reason.FAILED);
        assertThatThrownBy(() -> anns.deliver(task, UPDATE, 10))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("unknown, over or revoked");
        assertThat(clients.network.reach().connected()).containsExactly("bob");
        CompletableFuture<Collected> next = clients.round(2, Duration.ofMinutes(2), 0);
        bobs.deliver(bobs.task(), UPDATE, 20);
        assertThat(reason(result(next), 0)).isEqualTo(Reason.FAILED);
    }
}
