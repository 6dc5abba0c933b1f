package dev.sotto.coordinator.store;

/** What is stored is not what was written. The message is one line. */
public final class DamagedException extends RuntimeException {
    DamagedException(String message) {
        super(message);
    }

    DamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}
