package dev.sotto.node;

import dev.sotto.wire.v1.Reason;

/** Why a session is not accepted; the message may leave. */
final class RefusedOfferException extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    RefusedOfferException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    RefusedOfferException(Reason reason, Exception cause) {
        super(cause.getMessage(), cause);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
