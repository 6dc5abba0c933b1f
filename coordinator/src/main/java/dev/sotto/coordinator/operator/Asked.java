package dev.sotto.coordinator.operator;

import dev.sotto.coordinator.identity.Access;
import dev.sotto.coordinator.identity.Gate;
import dev.sotto.coordinator.identity.Role;
import dev.sotto.coordinator.network.AccessTokens;
import dev.sotto.formats.FormatException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Who asks, whether they may, what is noted of it, and what they are told if it cannot be done. */
final class Asked {
    private static final Logger LOG = Logger.getLogger(Asked.class.getName());

    private final Gate gate;

    Asked(Gate gate) {
        this.gate = gate;
    }

    /** What is done for somebody. */
    @FunctionalInterface
    interface Work {
        void by(Access who) throws IOException;
    }

    /**
     * Does it, if the role is enough.
     *
     * @param what the call, for the audit log
     * @param subject what it is about
     */
    void when(Role role, String what, String subject, StreamObserver<?> answer, Work work) {
        try {
            Access who;
            try {
                who = AccessTokens.require(role);
            } catch (StatusRuntimeException e) {
                gate.audit(
                        "operator",
                        what + " denied",
                        subject,
                        String.valueOf(e.getStatus().getDescription()));
                throw e;
            }
            gate.audit(who.name(), what, subject, who.role().word());
            work.by(who);
        } catch (IOException | RuntimeException e) {
            answer.onError(status(e));
        }
    }

    static StatusRuntimeException status(Exception failure) {
        if (failure instanceof StatusRuntimeException known) {
            return known;
        }
        String line = failure.getMessage() == null
                ? failure.toString()
                : failure.getMessage().lines().findFirst().orElse(failure.toString());
        Status status;
        if (failure instanceof IllegalArgumentException || failure instanceof FormatException) {
            status = Status.INVALID_ARGUMENT;
        } else if (failure instanceof IllegalStateException) {
            status = Status.FAILED_PRECONDITION;
        } else if (failure instanceof UncheckedIOException unchecked
                && unchecked.getCause() instanceof FormatException) {
            status = Status.INVALID_ARGUMENT;
        } else {
            LOG.log(Level.WARNING, "an operator's call failed", failure);
            status = Status.INTERNAL;
        }
        return status.withDescription(line).withCause(failure).asRuntimeException();
    }
}
