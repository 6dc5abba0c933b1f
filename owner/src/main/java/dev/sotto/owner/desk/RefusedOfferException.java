package dev.sotto.owner.desk;

/** Why a session is not accepted; the message may leave. */
public final class RefusedOfferException extends Exception {
    private static final long serialVersionUID = 1;

    private final Ground ground;

    /** What a refusal rests on. */
    public enum Ground {
        /** The ledger refuses. */
        BUDGET,
        /** The owner's policy refuses, or the owner. */
        POLICY,
        /** The data does not fit the package. */
        CONTRACT,
        /** It is not signed by whom it must be, damaged, or asks for what it may not. */
        PACKAGE,
        /** There is too much to do. */
        BUSY
    }

    /** A refusal in one line. */
    public RefusedOfferException(Ground ground, String message) {
        super(message);
        this.ground = ground;
    }

    /** A refusal in the words of what went wrong. */
    public RefusedOfferException(Ground ground, Exception cause) {
        super(cause.getMessage(), cause);
        this.ground = ground;
    }

    /** What it rests on. */
    public Ground ground() {
        return ground;
    }
}
