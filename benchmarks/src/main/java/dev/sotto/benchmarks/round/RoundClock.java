package dev.sotto.benchmarks.round;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Processor time of a round's parts, in nanoseconds, so that a busy machine shows the same as an idle one. Workers train and
 * add at once, so theirs is the sum over all of them; what the coordinator does is on one thread.
 */
final class RoundClock {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    final LongAdder training = new LongAdder();
    final LongAdder adding = new LongAdder();
    private long merging;
    private long noise;
    private long updating;
    private long gathered;

    static long now() {
        return THREADS.getCurrentThreadCpuTime();
    }

    void merged(long nanos) {
        merging += nanos;
    }

    /** The coordinator has all updates: what comes next is bounding's other half, the noise. */
    void gathered() {
        gathered = now();
    }

    /** The strategy has what was released. */
    void released() {
        noise += now() - gathered;
    }

    void updated(long nanos) {
        updating += nanos;
    }

    /** This round's parts, as seconds that pass with that many workers; starts the next round. */
    RoundTimes take(double wall, int workers) {
        RoundTimes times = new RoundTimes(
                wall,
                training.sumThenReset() / 1e9 / workers,
                adding.sumThenReset() / 1e9 / workers,
                (merging + updating) / 1e9,
                noise / 1e9);
        merging = 0;
        updating = 0;
        noise = 0;
        return times;
    }
}
