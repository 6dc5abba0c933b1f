package dev.sotto.coordinator.session;

import java.time.Duration;
import java.util.Optional;

/** When the last byte of the updates of the round that is on was read. Thread-safe. */
final class LastByte {
    private Optional<Long> last = Optional.empty();

    synchronized void roundBegins() {
        last = Optional.empty();
    }

    synchronized void read(long nanos) {
        last = Optional.of(last.filter(before -> before - nanos > 0).orElse(nanos));
    }

    /** Since then; empty if there was none. */
    synchronized Optional<Duration> since() {
        return last.map(nanos -> Duration.ofNanos(System.nanoTime() - nanos));
    }
}
