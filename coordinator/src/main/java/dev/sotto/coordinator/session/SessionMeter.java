package dev.sotto.coordinator.session;

import java.time.Duration;

/** Counts what happens in all sessions; knows nobody's name. Thread-safe. */
public interface SessionMeter {
    /** Counts nothing. */
    SessionMeter NONE = new SessionMeter() {
        @Override
        public void refused(RefusalKind kind) {}

        @Override
        public void accepted(long bytes) {}

        @Override
        public void committed(Duration sinceLastByte) {}
    };

    /** An update was refused, or did not come. */
    void refused(RefusalKind kind);

    /** An update was counted. */
    void accepted(long bytes);

    /**
     * A round was committed.
     *
     * @param sinceLastByte since the last byte of its updates was read
     */
    void committed(Duration sinceLastByte);
}
