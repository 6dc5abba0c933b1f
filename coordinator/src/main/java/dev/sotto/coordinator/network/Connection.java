package dev.sotto.coordinator.network;

import dev.sotto.wire.v1.ToNode;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A node that is connected, and what waits to be said to it. Nothing here waits for the node. Thread-safe. */
final class Connection {
    /** A node that leaves so much unread is not there. */
    private static final int MOST_WAITING = 256;

    private final String client;
    private final GuardedCall<?, ?> call;
    private final ServerCallStreamObserver<ToNode> out;
    private final Queue<ToNode> waiting = new ArrayDeque<>();
    private final Set<String> ready = ConcurrentHashMap.newKeySet();
    private volatile String version = "";

    Connection(String client, GuardedCall<?, ?> call, ServerCallStreamObserver<ToNode> out) {
        this.client = client;
        this.call = call;
        this.out = out;
    }

    String client() {
        return client;
    }

    /** The software that the node says it runs; empty before it has said hello. */
    String version() {
        return version;
    }

    void runs(String said) {
        version = said;
    }

    /** The node has that session's package, and may be given its tasks. */
    void ready(String session) {
        ready.add(session);
    }

    /** The node was told that it takes no part any more, and forgets the session. */
    void notReady(String session) {
        ready.remove(session);
    }

    boolean isReady(String session) {
        return ready.contains(session);
    }

    synchronized void send(ToNode message) {
        if (waiting.isEmpty() && out.isReady()) {
            out.onNext(message);
        } else if (waiting.size() < MOST_WAITING) {
            waiting.add(message);
        } else {
            end(Status.RESOURCE_EXHAUSTED.withDescription("the node does not read what it is told"));
        }
    }

    synchronized void drain() {
        while (!waiting.isEmpty() && out.isReady()) {
            out.onNext(waiting.remove());
        }
    }

    void end(Status status) {
        call.end(status);
    }
}
