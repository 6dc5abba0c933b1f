package dev.sotto.coordinator.network;

import dev.sotto.coordinator.identity.Gate;
import dev.sotto.wire.v1.EnrolmentGrpc;
import dev.sotto.wire.v1.WorkGrpc;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Who calls. Work is for clients whose certificate the gate knows now; enrolment is for anybody, a few at a time. Other
 * services look after themselves.
 */
final class Callers implements ServerInterceptor {
    /** The client id of the certificate; set in every call of Work. */
    static final Context.Key<String> CLIENT = Context.key("client");

    /** The certificate itself; set in every call of Work. */
    static final Context.Key<X509Certificate> CERTIFICATE = Context.key("certificate");

    /** The call itself, to be ended early; set in every call of Work. */
    static final Context.Key<GuardedCall<?, ?>> CALL = Context.key("call");

    private static final int HEARTBEATS = 3;
    private static final int STRANGERS = 32;

    private final Gate gate;
    private final Calls calls;
    private final Refusals refusals;
    private final NetworkSettings settings;

    Callers(Gate gate, Calls calls, Refusals refusals, NetworkSettings settings) {
        this.gate = gate;
        this.calls = calls;
        this.refusals = refusals;
        this.settings = settings;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String service = call.getMethodDescriptor().getServiceName();
        if (EnrolmentGrpc.SERVICE_NAME.equals(service)) {
            // One name for all of them: strangers share what there is for strangers.
            return guarded(call, headers, next, "a stranger", Optional.empty(), STRANGERS);
        }
        if (!WorkGrpc.SERVICE_NAME.equals(service)) {
            return next.startCall(call, headers);
        }
        Optional<X509Certificate> certificate = certificate(call);
        if (certificate.isEmpty()) {
            return refused(call, from(call), "a client's certificate is needed; join first");
        }
        Optional<String> client = gate.client(certificate.get());
        if (client.isEmpty()) {
            String name = certificate.get().getSubjectX500Principal().getName();
            return refused(call, name, "this certificate is unknown, over or revoked");
        }
        return guarded(call, headers, next, client.get(), certificate, settings.clientCalls());
    }

    private <Q, A> ServerCall.Listener<Q> guarded(
            ServerCall<Q, A> call,
            Metadata headers,
            ServerCallHandler<Q, A> next,
            String client,
            Optional<X509Certificate> certificate,
            int most) {
        boolean attends = call.getMethodDescriptor().equals(WorkGrpc.getAttendMethod());
        Duration limit = attends ? settings.heartbeat().multipliedBy(HEARTBEATS) : settings.patience();
        GuardedCall<Q, A> guarded = new GuardedCall<>(call, client, certificate, limit.toNanos());
        if (!calls.admit(guarded, most)) {
            refusals.note(
                    client, "call.refused", call.getMethodDescriptor().getFullMethodName(), most + " calls are open");
            guarded.end(Status.RESOURCE_EXHAUSTED.withDescription(most + " calls are open; that is all there may be"));
            return new ServerCall.Listener<>() {};
        }
        Context context =
                Context.current().withValues(CLIENT, client, CALL, guarded, CERTIFICATE, certificate.orElse(null));
        try {
            return new Watched<>(Contexts.interceptCall(context, guarded, headers, next), guarded);
        } catch (RuntimeException e) {
            calls.over(guarded);
            throw e;
        }
    }

    private final class Watched<Q> extends SimpleForwardingServerCallListener<Q> {
        private final GuardedCall<?, ?> call;

        Watched(ServerCall.Listener<Q> listener, GuardedCall<?, ?> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onMessage(Q message) {
            call.moved();
            super.onMessage(message);
        }

        @Override
        public void onReady() {
            call.moved();
            super.onReady();
        }

        @Override
        public void onHalfClose() {
            call.heardOut();
            super.onHalfClose();
        }

        @Override
        public void onCancel() {
            calls.over(call);
            super.onCancel();
        }

        @Override
        public void onComplete() {
            calls.over(call);
            super.onComplete();
        }
    }

    private <Q, A> ServerCall.Listener<Q> refused(ServerCall<Q, A> call, String who, String reason) {
        refusals.note(who, "call.refused", call.getMethodDescriptor().getFullMethodName(), reason);
        call.close(Status.UNAUTHENTICATED.withDescription(reason), new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private static Optional<X509Certificate> certificate(ServerCall<?, ?> call) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        try {
            Certificate[] chain = session == null ? new Certificate[0] : session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate own ? Optional.of(own) : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    /** The address of whoever calls, without its port. */
    static String from(ServerCall<?, ?> call) {
        return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress address
                ? address.getAddress().getHostAddress()
                : "unknown";
    }
}
