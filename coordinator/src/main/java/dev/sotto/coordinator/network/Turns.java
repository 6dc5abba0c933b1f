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

    /** So long a client may leave its turn unused. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** Rates that are this near to each other are one rate; what rises or falls is not judged. */
    private static final double STEADY = 0.2;

    private final LongSupplier received;
    private final ScheduledExecutorService timer;
    private final long patienceNanos;
    private final Map<String, Sending> sending = new HashMap<>();
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();
    private long bytes;
    private int times = 1;
    private double rate;
    private double last = -1;
    private long receivedBefore;
    private long lookedAt;
    private boolean beating;

    /** Hears of its turn, or that it should ask again. */
    private record Waiting(long bytes, LongSupplier arrived, long since, Optional<Consumer<Boolean>> answer) {
        Waiting unheard() {
            return new Waiting(bytes, arrived, since, Optional.empty());
        }
    }

    /** How much of it had arrived when that was last found to be more than before. */
    private record Sending(long bytes, LongSupplier arrived, long had, long since) {}

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
     * @param arrived how much of the update there is by now; asked on the timer, under no lock
     * @param answer hears true when it is time, or false when it has been long: to be asked again
     */
    synchronized void ask(String task, long bytes, LongSupplier arrived, Consumer<Boolean> answer) {
        if (sending.containsKey(task)) {
            tell(answer, true);
            return;
        }
        Waiting before = waiting.put(task, new Waiting(bytes, arrived, System.nanoTime(), Optional.of(answer)));
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
        end(task);
        Waiting was = waiting.remove(task);
        if (was != null) {
            was.answer().ifPresent(answer -> tell(answer, true));
        }
        give();
    }

    private void end(String task) {
        Sending had = sending.remove(task);
        if (had != null) {
            bytes -= had.bytes();
        }
    }

    /**
     * In their order. Small ones behind a large one that has no room wait with it, although they would fit: each that passed it
     * would take the place that it waits for, and where small ones keep coming, it would never be its turn. That stops nobody,
     * since it needs no more than one free place, and places come free when updates have arrived or stopped arriving.
     */
    private void give() {
        for (Iterator<Map.Entry<String, Waiting>> all = waiting.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, Waiting> next = all.next();
            Waiting waits = next.getValue();
            if (waits.answer().isEmpty()) {
                continue; // it keeps its place, but cannot hear now; whoever waited for it would wait for nothing
            }
            boolean room = sending.size() < (long) FIRST * times || bytes + waits.bytes() <= FIRST_BYTES * times;
            if (!room) {
                return;
            }
            all.remove();
            sending.put(next.getKey(), new Sending(waits.bytes(), waits.arrived(), -1, System.nanoTime()));
            bytes += waits.bytes();
            tell(waits.answer().get(), true);
        }
    }

    /** Never under a lock: whoever hears it has locks of its own. */
    private void tell(Consumer<Boolean> answer, boolean now) {
        timer.execute(() -> answer.accept(now));
    }

    private void next() {
        var unused = timer.schedule(this::beat, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void beat() {
        Map<String, Sending> all;
        synchronized (this) {
            all = Map.copyOf(sending);
        }
        Map<String, Long> arrived = new HashMap<>();
        all.forEach((task, one) -> arrived.put(task, one.arrived().getAsLong()));
        judge(arrived);
    }

    private synchronized void judge(Map<String, Long> arrived) {
        arrived.forEach(this::takeBack);
        give();
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

    /** Who has a turn and sends nothing loses it, so that a few who stand still do not hold up all others. It may send still. */
    private void takeBack(String task, long arrived) {
        Sending one = sending.get(task);
        if (one != null && arrived > one.had()) {
            sending.put(task, new Sending(one.bytes(), one.arrived(), arrived, System.nanoTime()));
        } else if (one != null && System.nanoTime() - one.since() > IDLE_NANOS) {
            end(task);
        }
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
