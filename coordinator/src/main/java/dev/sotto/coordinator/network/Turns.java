package dev.sotto.coordinator.network;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Who sends an update now, and who waits for a turn. Where all send at once and the coordinator is what limits them, all
 * arrive at the same time: none can be added up before the end, and all take up memory until then. In turns the first are
 * added while the next arrive. More turns are given out as long as that brings more bytes a second, and when those who have
 * turns fall silent, so nobody waits for the slow for long. Thread-safe.
 */
final class Turns {
    /** As many at once at first, and as many bytes: small updates are not worth a wait. */
    static final int FIRST = 8;

    static final long FIRST_BYTES = 64L << 20;
    private static final int MOST_TIMES = 1 << 16;
    private static final long BEAT_MILLIS = 400;

    /** Twice the turns of clients that limit themselves bring twice the bytes; of others, no more. */
    private static final double WORTH_MORE = 1.8;

    private static final double SILENT = 0.25;

    /** Rates that are this near to each other are one rate; what rises or falls is not judged. */
    private static final double STEADY = 0.2;

    private final LongSupplier received;
    private final ScheduledExecutorService timer;
    private final long patienceNanos;
    private final Map<String, Long> sending = new HashMap<>();
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();
    private long bytes;
    private int times = 1;
    private double rate;
    private double last = -1;
    private long receivedBefore;
    private long lookedAt;
    private boolean beating;

    /** Hears of its turn, or that it should ask again. */
    private record Waiting(long bytes, long since, Optional<Consumer<Boolean>> answer) {
        Waiting unheard() {
            return new Waiting(bytes, since, Optional.empty());
        }
    }

    /**
     * All free.
     *
     * @param received bytes that have come so far, of all calls
     * @param timer also where answers are given
     * @param patience how long a question may be open
     */
    Turns(LongSupplier received, ScheduledExecutorService timer, Duration patience) {
        this.received = received;
        this.timer = timer;
        this.patienceNanos = patience.toNanos();
    }

    /**
     * Asks for a turn, which lasts until {@link #over}. Who asks again keeps the place in the queue.
     *
     * @param bytes still to be sent
     * @param answer hears true when it is time, or false when it has been long: to be asked again
     */
    synchronized void ask(String task, long bytes, Consumer<Boolean> answer) {
        if (sending.containsKey(task)) {
            tell(answer, true);
            return;
        }
        Waiting before = waiting.put(task, new Waiting(bytes, System.nanoTime(), Optional.of(answer)));
        if (before != null) {
            before.answer().ifPresent(old -> tell(old, false));
        }
        give();
        if (!waiting.isEmpty() && !beating) {
            beating = true;
            look();
            next();
        }
    }

    /** A task is over, whether it had a turn or not. */
    synchronized void over(String task) {
        Long had = sending.remove(task);
        if (had != null) {
            bytes -= had;
        }
        Waiting was = waiting.remove(task);
        if (was != null) {
            was.answer().ifPresent(answer -> tell(answer, true));
        }
        give();
    }

    private void give() {
        for (Iterator<Map.Entry<String, Waiting>> all = waiting.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, Waiting> next = all.next();
            Waiting waits = next.getValue();
            boolean room = sending.size() < (long) FIRST * times || bytes + waits.bytes() <= FIRST_BYTES * times;
            if (!room) {
                return;
            }
            if (waits.answer().isPresent()) {
                all.remove();
                sending.put(next.getKey(), waits.bytes());
                bytes += waits.bytes();
                tell(waits.answer().get(), true);
            }
        }
    }

    /** Never under a lock: whoever hears it has locks of its own. */
    private void tell(Consumer<Boolean> answer, boolean now) {
        timer.execute(() -> answer.accept(now));
    }

    private void next() {
        var unused = timer.schedule(this::beat, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private synchronized void beat() {
        if (waiting.isEmpty()) {
            beating = false;
            times = 1;
            rate = 0;
            last = -1;
            return;
        }
        double now = look();
        boolean steady = Math.abs(now - last) <= STEADY * Math.max(now, last);
        boolean silent = Math.max(now, last) <= SILENT * rate;
        last = now;
        if (times < MOST_TIMES && (silent || (steady && now >= WORTH_MORE * rate))) {
            times *= 2;
            rate = now;
            last = -1;
            give();
        }
        sendAway();
        next();
    }

    /** Bytes a second since the last look. */
    private double look() {
        long now = System.nanoTime();
        long all = received.getAsLong();
        double bytesPerSecond = (all - receivedBefore) * 1e9 / Math.max(1, now - lookedAt);
        receivedBefore = all;
        lookedAt = now;
        return bytesPerSecond;
    }

    /** No question stays open for long: a connection that stands still may be dead. */
    private void sendAway() {
        long now = System.nanoTime();
        List<String> overdue = new ArrayList<>();
        waiting.forEach((task, waits) -> {
            if (waits.answer().isPresent() && now - waits.since() > patienceNanos) {
                overdue.add(task);
            }
        });
        for (String task : overdue) {
            Waiting waits = waiting.get(task);
            waiting.replace(task, waits.unheard());
            tell(waits.answer().orElseThrow(), false);
        }
    }
}
