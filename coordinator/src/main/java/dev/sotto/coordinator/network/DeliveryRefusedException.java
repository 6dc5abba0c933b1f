package dev.sotto.coordinator.network;

import dev.sotto.coordinator.session.RefusalKind;

/** A delivery is not taken; the message is one line, which the node and the operator are told. */
final class DeliveryRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What it means for the task. */
    enum Effect {
        /** Nothing: it is over, or another client's. */
        NONE,
        /** The task stays open for a better delivery. */
        TRY_AGAIN,
        /** The client has signed what cannot be taken, so nothing better is to be had. */
        FINAL
    }

    private final Effect effect;
    private final RefusalKind kind;

    DeliveryRefusedException(Effect effect, RefusalKind kind, String reason) {
        super(reason);
        this.effect = effect;
        this.kind = kind;
    }

    Effect effect() {
        return effect;
    }

    RefusalKind kind() {
        return kind;
    }
}
