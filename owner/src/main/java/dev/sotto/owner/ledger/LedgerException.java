package dev.sotto.owner.ledger;

/** The ledger cannot be read, or what is asked of it contradicts what it holds; the message says what, in one line. */
public final class LedgerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With that message. */
    public LedgerException(String message) {
        super(message);
    }

    /** With that message, found out by something else. */
    public LedgerException(String message, Throwable cause) {
        super(message, cause);
    }
}
