package dev.sotto.benchmarks.load;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** What all clients together have seen. Times are the machine's clock in milliseconds. Thread-safe. */
final class Tally {
    private final CountDownLatch welcomed;
    private final AtomicLong firstOffer = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong firstTask = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong lastByte = new AtomicLong();
    private final AtomicLong downloaded = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicInteger counted = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicReference<String> failure = new AtomicReference<>("none");

    Tally(int clients) {
        welcomed = new CountDownLatch(clients);
    }

    CountDownLatch welcomed() {
        return welcomed;
    }

    void offered() {
        firstOffer.accumulateAndGet(System.currentTimeMillis(), Math::min);
    }

    void task() {
        firstTask.accumulateAndGet(System.currentTimeMillis(), Math::min);
    }

    /** A client's connection has taken all but the last 32 KiB at most of its update. */
    void sent(long bytes) {
        sent.addAndGet(bytes);
        lastByte.accumulateAndGet(System.currentTimeMillis(), Math::max);
    }

    void downloaded(long bytes) {
        downloaded.addAndGet(bytes);
    }

    void counted() {
        counted.incrementAndGet();
    }

    void failed(String what) {
        failures.incrementAndGet();
        failure.compareAndSet("none", what);
    }

    void print(PrintStream out) {
        out.println("first-offer " + firstOffer.get());
        out.println("first-task " + firstTask.get());
        out.println("last-byte " + lastByte.get());
        out.println("downloaded " + downloaded.get());
        out.println("sent " + sent.get());
        out.println("counted " + counted.get());
        out.println("failures " + failures.get());
        out.println("failure " + failure.get());
    }
}
