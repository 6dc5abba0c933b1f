package dev.sotto.node.link;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;

/**
 * How long to wait before the next attempt: up to twice as long after each failure, and at random below that, so that nodes
 * which lost their coordinator together do not come back together.
 */
final class Backoff {
    private final Duration first;
    private final Duration most;
    private final SecureRandom random = new SecureRandom();
    private int failures;

    Backoff(Duration first, Duration most) {
        this.first = first;
        this.most = most;
    }

    void succeeded() {
        failures = 0;
    }

    /** The wait after one more failure: between half of the bound and all of it. */
    Duration next() {
        double bound = Math.min((double) most.toNanos(), Math.scalb((double) first.toNanos(), Math.min(failures, 40)));
        failures++;
        return Duration.ofNanos((long) (bound * (1 + uniform()) / 2));
    }

    private double uniform() {
        byte[] bits = new byte[Long.BYTES];
        random.nextBytes(bits);
        return (ByteBuffer.wrap(bits).getLong() >>> 11) * 0x1p-53;
    }
}
