package dev.sotto.coordinator.network;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Clients' parts in a round: whose task is open, and what became of those that are over. One lock guards them and the open
 * tasks; a method that says so is to be called under it, and the others take it.
 *
 * @param <T> what becomes of a client's part
 */
final class RoundParts<T> {
    private final TaskBook book;
    private final Turns turns;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, OpenTask> open = new HashMap<>();
    private final Map<String, T> settled = new HashMap<>();
    private boolean closed;
    private int untold;

    RoundParts(TaskBook book, Turns turns) {
        this.book = book;
        this.turns = turns;
    }

    ReentrantLock lock() {
        return lock;
    }

    void enter(OpenTask task) {
        lock.lock();
        try {
            open.put(task.client().id(), task);
            book.enter(task);
        } finally {
            lock.unlock();
        }
    }

    /** The open task that waits for this client. */
    Optional<OpenTask> waiting(String client) {
        lock.lock();
        try {
            return Optional.ofNullable(open.get(client)).filter(this::isOpen);
        } finally {
            lock.unlock();
        }
    }

    private boolean holds(OpenTask task) {
        return open.get(task.client().id()) == task;
    }

    /** Whether a task waits for its client; to be called under the lock. */
    boolean isOpen(OpenTask task) {
        return !closed && holds(task) && !task.landed();
    }

    /** Whether the wait for clients is over; to be called under the lock. */
    boolean isClosed() {
        return closed;
    }

    /** Settles a part that is open, with {@link #told} to follow; gives whether it was. */
    boolean settleOpen(OpenTask task, T outcome, String why) {
        lock.lock();
        try {
            if (!isOpen(task)) {
                return false;
            }
            settle(task, outcome, why, Optional.empty());
        } finally {
            lock.unlock();
        }
        return true;
    }

    /**
     * Settles a part, with {@link #told} to follow; to be called under the lock.
     *
     * @param why later answers are refused
     * @param counted digest of the update, if it was counted
     */
    void settle(OpenTask task, T outcome, String why, Optional<String> counted) {
        put(task, outcome, why, counted);
        untold++;
    }

    /** Settles a part that has come to nothing, without a wait until it was told; to be called under the lock. */
    void drop(OpenTask task, T outcome, String why) {
        put(task, outcome, why, Optional.empty());
    }

    private void put(OpenTask task, T outcome, String why, Optional<String> counted) {
        open.remove(task.client().id());
        settled.put(task.client().id(), outcome);
        over(task, why, counted);
        changed.signalAll();
    }

    private void over(OpenTask task, String why, Optional<String> counted) {
        task.discard();
        book.close(task, why, counted);
        turns.over(task.id());
    }

    /** An outcome was told. */
    void told() {
        lock.lock();
        try {
            untold--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Puts a task, which the book does not know yet, in the place of one that failed; to be called under the lock. */
    void replace(OpenTask task, String why, OpenTask next) {
        over(task, why, Optional.empty());
        open.put(task.client().id(), next); // so that the round goes on waiting
    }

    /** A delivery was refused: whether its task is open, and this is one of too many. */
    boolean refusedTooOften(OpenTask task, int most) {
        lock.lock();
        try {
            return isOpen(task) && task.refused() >= most;
        } finally {
            lock.unlock();
        }
    }

    /** Whether an open task has come further than was known. */
    boolean furtherThan(OpenTask task, int tenths) {
        lock.lock();
        try {
            return isOpen(task) && task.furtherThan(tenths);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until none is open, enough are settled, or it is too late; to be called under the lock.
     *
     * @param deadline as {@link System#nanoTime} has it
     */
    void awaitAnswers(BooleanSupplier enough, long deadline) throws InterruptedException {
        long left = deadline - System.nanoTime();
        while (!open.isEmpty() && !enough.getAsBoolean() && left > 0) {
            left = changed.awaitNanos(left);
        }
    }

    /** Nobody is waited for from now on; gives the tasks that nothing has landed for. To be called under the lock. */
    List<OpenTask> close() {
        closed = true;
        return open.values().stream().filter(task -> !task.landed()).toList();
    }

    /** Waits until none is open and all outcomes were told; to be called under the lock. */
    void awaitTold() {
        while (!open.isEmpty() || untold > 0) {
            changed.awaitUninterruptibly();
        }
    }

    /** What became of each client; complete once {@link #awaitTold} is over. */
    Map<String, T> settled() {
        return settled;
    }
}
