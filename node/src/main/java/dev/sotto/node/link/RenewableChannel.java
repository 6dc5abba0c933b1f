package dev.sotto.node.link;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;

/**
 * A channel that can be replaced: calls that are on end over the one that they began on, later ones take the new one.
 * Thread-safe.
 */
final class RenewableChannel extends Channel {
    private ManagedChannel now;
    private boolean closed;

    RenewableChannel(ManagedChannel first) {
        now = first;
    }

    private synchronized ManagedChannel now() {
        return now;
    }

    /** Takes another from now on. */
    void use(ManagedChannel next) {
        ManagedChannel before;
        synchronized (this) {
            before = closed ? next : now;
            now = closed ? now : next;
        }
        before.shutdown();
    }

    void resetConnectBackoff() {
        now().resetConnectBackoff();
    }

    /** Ends all calls over the channel that there is now. */
    synchronized void close() {
        closed = true;
        now.shutdownNow();
    }

    @Override
    public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
        return now().newCall(method, options);
    }

    @Override
    public String authority() {
        return now().authority();
    }
}
