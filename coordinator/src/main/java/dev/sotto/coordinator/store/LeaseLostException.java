package dev.sotto.coordinator.store;

/** Another process runs the session now: nothing was written, and whoever gets this must let go of it. */
public final class LeaseLostException extends RuntimeException {
    LeaseLostException(String session) {
        super("session " + session + " is run by another process now");
    }
}
