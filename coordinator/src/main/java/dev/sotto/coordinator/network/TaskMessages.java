package dev.sotto.coordinator.network;

import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.ToNode;
import dev.sotto.wire.v1.Withdraw;
import java.util.concurrent.TimeUnit;

/**
 * What clients that are connected are told of their tasks in a round.
 *
 * @param deadline of the round, as {@link System#nanoTime} has it
 */
record TaskMessages(Connections connections, RoundOrder order, long deadline) {
    /** Sends a task to its client, if that is ready for it. */
    void send(OpenTask task) {
        connections
                .of(task.client().id())
                .filter(each -> each.isReady(order.template().getSession()))
                .ifPresent(connection -> connection.send(
                        ToNode.newBuilder().setTask(message(task)).build()));
    }

    private Task message(OpenTask task) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(deadline - System.nanoTime());
        return order.template().toBuilder()
                .setId(task.id())
                .setSeconds((int) Math.max(1, seconds))
                .build();
    }

    /** Tells a client that its answer is not waited for any more. */
    void withdraw(OpenTask task, String reason) {
        Withdraw withdraw =
                Withdraw.newBuilder().setTask(task.id()).setReason(reason).build();
        connections.send(
                task.client().id(), ToNode.newBuilder().setWithdraw(withdraw).build());
    }
}
