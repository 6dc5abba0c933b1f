package dev.sotto.coordinator.identity;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** How many refusals are written down one by one: a stranger who asks without end is not to fill the disk. Thread-safe. */
final class RefusalRate {
    private static final int MOST = 60;
    private static final long WINDOW = TimeUnit.MINUTES.toNanos(1);

    private long began = System.nanoTime();
    private int told;
    private long untold;

    /** Whether one may be written down; if so, how many before it were not. */
    synchronized OptionalLong next() {
        long now = System.nanoTime();
        if (now - began > WINDOW) {
            began = now;
            told = 0;
        }
        if (told >= MOST) {
            untold++;
            return OptionalLong.empty();
        }
        told++;
        long before = untold;
        untold = 0;
        return OptionalLong.of(before);
    }
}
