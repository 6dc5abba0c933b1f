package dev.sotto.node;

import dev.sotto.learning.LocalTraining;
import java.time.Duration;
import java.util.function.IntConsumer;

/**
 * How far a training has come, told now and then and coarsely: in tenths, and never twice within a second, so that thousands of
 * short rounds are not talked about. One thread.
 */
final class Tenths implements LocalTraining.Watcher {
    private static final long APART = Duration.ofSeconds(1).toNanos();

    private final IntConsumer heard;
    private long told = System.nanoTime();
    private int last;

    Tenths(IntConsumer heard) {
        this.heard = heard;
    }

    @Override
    public void step(int done, int of) {
        int tenths = (int) (10L * done / of);
        if (tenths > last && System.nanoTime() - told >= APART) {
            last = tenths;
            told = System.nanoTime();
            heard.accept(tenths);
        }
    }
}
