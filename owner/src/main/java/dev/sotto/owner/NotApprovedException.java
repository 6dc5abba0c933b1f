package dev.sotto.owner;

/** The owner has not approved what a session asks, or no longer does. */
public final class NotApprovedException extends SessionRefusedException {
    private static final long serialVersionUID = 1;

    /** With that one line. */
    public NotApprovedException(String message) {
        super(message);
    }
}
