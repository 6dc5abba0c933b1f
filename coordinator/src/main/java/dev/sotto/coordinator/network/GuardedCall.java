package dev.sotto.coordinator.network;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * A call that can be ended from outside, at any time and from any thread: because its client was revoked, its
 * certificate lets in no more, or it stands still. What its service does afterwards goes nowhere.
 */
final class GuardedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final String client;
    private final Optional<X509Certificate> certificate;
    private final long limitNanos;
    private boolean ended;
    private volatile long moved = System.nanoTime();
    private volatile boolean ours;

    /**
     * A call that begins.
     *
     * @param certificate that it came with; empty where none is needed
     */
    GuardedCall(ServerCall<Q, A> call, String client, Optional<X509Certificate> certificate, long limitNanos) {
        super(call);
        this.client = client;
        this.certificate = certificate;
        this.limitNanos = limitNanos;
    }

    String client() {
        return client;
    }

    Optional<X509Certificate> certificate() {
        return certificate;
    }

    /** Something arrived, or could be sent. */
    void moved() {
        moved = System.nanoTime();
    }

    /** The client has said everything: how long the answer takes is ours to say, unless it is long and the client reads. */
    void heardOut() {
        moved();
        MethodType type = getMethodDescriptor().getType();
        ours = type == MethodType.UNARY || type == MethodType.CLIENT_STREAMING;
    }

    boolean standsStill(long now) {
        return !ours && now - moved > limitNanos;
    }

    /** Ends it, if it has not ended. */
    void end(Status status) {
        close(status, new Metadata());
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
        if (!ended) {
            super.sendHeaders(headers);
        }
    }

    @Override
    public synchronized void sendMessage(A message) {
        if (!ended) {
            super.sendMessage(message);
            moved();
        }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
        if (!ended) {
            ended = true;
            super.close(status, trailers);
        }
    }

    @Override
    public synchronized void request(int messages) {
        super.request(messages);
    }
}
