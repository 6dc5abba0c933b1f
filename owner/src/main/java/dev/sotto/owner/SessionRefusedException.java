package dev.sotto.owner;

/** The owner does not do what a session asks; nothing was touched and nothing spent. The message may leave. */
public sealed class SessionRefusedException extends RuntimeException permits NotApprovedException {
    private static final long serialVersionUID = 1;

    /** With that one line. */
    public SessionRefusedException(String message) {
        super(message);
    }
}
