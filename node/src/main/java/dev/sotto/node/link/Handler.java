package dev.sotto.node.link;

import dev.sotto.wire.v1.Offer;
import dev.sotto.wire.v1.SessionOver;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.Welcome;
import dev.sotto.wire.v1.Withdraw;
import java.time.Duration;
import java.util.List;

/**
 * What a node does with what its coordinator says. Called one at a time from a thread of the connection: what takes long,
 * transfers included, belongs elsewhere. After a break the coordinator says again what still holds, so every call may come
 * again for the same offer or task.
 */
public interface Handler {
    /** Sessions whose offers were accepted and that are not over: the coordinator need not offer them again. */
    List<String> sessions();

    /** The coordinator has let the node in. */
    default void connected(Welcome welcome) {}

    /** The connection is gone, or did not come about; it is tried again after that time. */
    default void disconnected(String reason, Duration retry) {}

    /** A session asks for this node; to be answered with an {@code Answer}, also if it was answered before. */
    void offer(Offer offer);

    /** A round asks for this node; to be answered with a delivery, a {@code TaskRefused} or an {@code Evaluated}. */
    void task(Task task);

    /** A task's answer no longer counts. */
    void withdraw(Withdraw withdraw);

    /** A session is over, or goes on without this node. */
    void over(SessionOver over);
}
