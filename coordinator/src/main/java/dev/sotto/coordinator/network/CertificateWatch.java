package dev.sotto.coordinator.network;

import dev.sotto.coordinator.identity.Gate;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Sees to it that no call outlives the certificate that it began with. A stream of tasks may be open for months; meanwhile the
 * certificate may be over, the client may have joined anew with other keys, or another process may have revoked it.
 */
final class CertificateWatch {
    private static final Logger LOG = Logger.getLogger(CertificateWatch.class.getName());

    /** No refusal: a node that has another certificate by now is to come with it. */
    private static final Status OVER = Status.ABORTED.withDescription(
            "the certificate that it began with lets nobody in any more; it is over, replaced or revoked");

    private final Gate gate;
    private final Calls open;
    private final Executor threads;
    private final AtomicBoolean looking = new AtomicBoolean();

    /**
     * Of these calls.
     *
     * @param threads where the gate is asked, which may have to wait for a database
     */
    CertificateWatch(Gate gate, Calls open, Executor threads) {
        this.gate = gate;
        this.open = open;
        this.threads = threads;
    }

    /** Looks at all calls, soon, unless it is at it; to be asked again and again. */
    void look() {
        if (looking.compareAndSet(false, true)) {
            threads.execute(this::lookAtAll);
        }
    }

    private void lookAtAll() {
        try {
            look(open.all());
        } finally {
            looking.set(false);
        }
    }

    /** Looks at those of one client, now. One that was just let in, and is not counted yet, is seen at the next look at all. */
    void look(String client) {
        look(open.of(client));
    }

    private void look(List<GuardedCall<?, ?>> calls) {
        try {
            calls.stream().filter(call -> !isGood(call)).forEach(call -> open.end(call, OVER));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "certificates of open calls could not be looked at: {0}", e.getMessage());
        }
    }

    private boolean isGood(GuardedCall<?, ?> call) {
        return call.certificate().isEmpty()
                || call.certificate().flatMap(gate::client).equals(Optional.of(call.client()));
    }
}
