package dev.sotto.coordinator.network;

import dev.sotto.federation.Aggregate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Updates on their way into a round's sum, off the network's threads. Several at a time, each into a part of the sum that is
 * its own meanwhile, so that they do not queue up while clients send; parts are merged when the round has closed. A sum does
 * not depend on order, and so not on parts. Thread-safe.
 */
final class Adding {
    /** Of all parts but the first: a large model is added up in one. */
    private static final long MOST_BYTES = 64L << 20;

    /** Also the threads that add: with as many as cores, they would fall behind those that receive. */
    static final int PARTS_PER_CORE = 2;

    private final Aggregate whole;
    private final Executor threads;
    private final int most;
    private final Queue<Consumer<Aggregate>> waiting = new ArrayDeque<>();
    private final Deque<Aggregate> free = new ArrayDeque<>();
    private final List<Aggregate> more = new ArrayList<>();
    private int busy;

    /**
     * Nothing yet.
     *
     * @param whole where everything is in the end
     * @param values in an update
     * @param threads that add, of several rounds
     */
    Adding(Aggregate whole, int values, Executor threads) {
        this.whole = whole;
        this.threads = threads;
        int cores = Runtime.getRuntime().availableProcessors();
        long affordable = 1 + MOST_BYTES / ((long) Long.BYTES * Math.max(1, values));
        this.most = (int) Math.min((long) PARTS_PER_CORE * cores, affordable);
        free.push(whole);
    }

    /** Has an update added in its turn. */
    synchronized void add(Consumer<Aggregate> update) {
        waiting.add(update);
        if (busy < most) {
            busy++;
            Aggregate part = free.isEmpty() ? another() : free.pop();
            threads.execute(() -> step(part));
        }
    }

    private Aggregate another() {
        Aggregate part = whole.fresh();
        more.add(part);
        return part;
    }

    /** One at a time, so that rounds that share the threads take turns. */
    private void step(Aggregate part) {
        try {
            next().ifPresent(update -> update.accept(part));
        } finally {
            goOn(part);
        }
    }

    private synchronized Optional<Consumer<Aggregate>> next() {
        return Optional.ofNullable(waiting.poll());
    }

    private synchronized void goOn(Aggregate part) {
        if (waiting.isEmpty()) {
            busy--;
            free.push(part);
        } else {
            threads.execute(() -> step(part));
        }
    }

    /** Puts all parts into one; to be called when whatever came has been added, and nothing comes any more. */
    synchronized void merge() {
        more.forEach(whole::merge);
        more.clear();
    }
}
