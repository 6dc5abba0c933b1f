package dev.sotto.benchmarks.engine;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Medians of CPU time per call, of this thread: other processes and the compiler's threads do not count. */
public final class Stopwatch {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long SLICE_NANOS = 50_000_000L;
    private final List<Double> nanosPerCall = new ArrayList<>();

    /** Calls for a slice of time and notes the mean. */
    public void slice(Runnable call) {
        long start = THREADS.getCurrentThreadCpuTime();
        long spent = 0;
        int calls = 0;
        while (spent < SLICE_NANOS) {
            call.run();
            calls++;
            spent = THREADS.getCurrentThreadCpuTime() - start;
        }
        nanosPerCall.add((double) spent / calls);
    }

    /** Forgets what was noted, such as the warm-up. */
    public void clear() {
        nanosPerCall.clear();
    }

    /** Median seconds per call. */
    public double median() {
        List<Double> sorted = new ArrayList<>(nanosPerCall);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2) / 1e9;
    }
}
