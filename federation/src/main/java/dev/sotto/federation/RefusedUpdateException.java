package dev.sotto.federation;

/** An update that may not be counted; the message names the client and the reason in one line. */
public final class RefusedUpdateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RefusedUpdateException(String message) {
        super(message);
    }
}
