package dev.sotto.coordinator.identity;

/** Somebody is not let in. The message is one line that may be told to whoever asked. */
public final class RefusedException extends Exception {
    /** Refused for that reason. */
    public RefusedException(String reason) {
        super(reason);
    }
}
