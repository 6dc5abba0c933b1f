package dev.sotto.owner.request;

/** A request is not there, or cannot be decided on so; the message says why in one line. */
public final class RequestException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With that line. */
    public RequestException(String message) {
        super(message);
    }

    /** With that line, found out by something else. */
    public RequestException(String message, Throwable cause) {
        super(message, cause);
    }
}
