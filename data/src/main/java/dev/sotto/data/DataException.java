package dev.sotto.data;

/**
 * Data that cannot be used: a missing or malformed file, a value out of range, a split that cannot be made. The message
 * is one line: what, where, why, and what would be valid.
 */
public final class DataException extends RuntimeException {
    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
