package dev.sotto.coordinator.network;

import dev.sotto.coordinator.identity.Access;
import dev.sotto.coordinator.identity.Gate;
import dev.sotto.coordinator.identity.Role;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Optional;

/**
 * Lets people and scripts in who bear an access token, {@code authorization: Bearer TOKEN}. What their role may do is for the
 * service to ask, with {@link #require}.
 */
public final class AccessTokens implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String SCHEME = "Bearer ";
    private static final Context.Key<Access> ACCESS = Context.key("access");

    private final Gate gate;
    private final Refusals refusals;

    /** Tokens as that gate knows them. */
    public AccessTokens(Gate gate) {
        this.gate = gate;
        this.refusals = new Refusals(gate);
    }

    /**
     * Who calls, if the role is enough.
     *
     * @throws StatusRuntimeException if it is not
     */
    public static Access require(Role role) {
        Access access = ACCESS.get();
        if (access == null || !access.role().allows(role)) {
            throw Status.PERMISSION_DENIED
                    .withDescription("this needs the role " + role.word()
                            + (access == null
                                    ? ""
                                    : "; " + access.name() + " is "
                                            + access.role().word()))
                    .asRuntimeException();
        }
        return access;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String given = headers.get(AUTHORIZATION);
        Optional<Access> access = given == null || !given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? Optional.empty()
                : gate.access(given.substring(SCHEME.length()).strip());
        if (access.isEmpty()) {
            refusals.note(
                    Callers.from(call),
                    "access.refused",
                    call.getMethodDescriptor().getFullMethodName(),
                    given == null ? "no access token" : "unknown access token");
            call.close(
                    Status.UNAUTHENTICATED.withDescription("an access token is needed that is known here"),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(Context.current().withValue(ACCESS, access.get()), call, headers, next);
    }
}
