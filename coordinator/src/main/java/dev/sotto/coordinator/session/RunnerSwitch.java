package dev.sotto.coordinator.session;

import java.time.Duration;
import java.util.Optional;

/** What a running session has been asked to do. Thread-safe. */
final class RunnerSwitch {
    private Thread thread;
    private Optional<String> stop = Optional.empty();
    private boolean draining;
    private boolean abandoned;
    private boolean inRounds;

    /** The process ends: the session stays as the database has it. */
    static final class Abandoned extends RuntimeException {
        private static final long serialVersionUID = 1;

        Abandoned() {
            super("the coordinator ends; the session goes on when it is started again");
        }
    }

    /** Who runs the session; null once its end is being written. */
    synchronized void runsOn(Thread runner) {
        thread = runner;
        if (runner != null && (draining || stop.isPresent())) {
            runner.interrupt();
        }
    }

    /** From now on a stop waits for the end of the round. */
    synchronized void roundsBegin() {
        inRounds = true;
    }

    /** Stops the session: at once while it gathers, else after the round. */
    synchronized void stop(String reason) {
        stop = Optional.of(reason);
        disturb(!inRounds);
    }

    /** Leaves the session for the next process: at once while it gathers, else after the round. */
    synchronized void drain() {
        draining = true;
        disturb(!inRounds);
    }

    /** Leaves the session for the next process now; the round that is on is not committed. */
    synchronized void abandon() {
        abandoned = true;
        disturb(true);
        notifyAll();
    }

    private void disturb(boolean now) {
        if (now && thread != null) {
            thread.interrupt();
        }
    }

    synchronized boolean stopping() {
        return stop.isPresent();
    }

    synchronized Optional<String> reason() {
        return stop.filter(reason -> !reason.isBlank());
    }

    synchronized boolean leaving() {
        return draining || abandoned;
    }

    synchronized boolean abandoned() {
        return abandoned;
    }

    /** Whether to begin no further round. */
    synchronized boolean ending() {
        return stop.isPresent() || leaving();
    }

    synchronized void requireNotAbandoned() {
        if (abandoned) {
            throw new Abandoned();
        }
    }

    /** Waits, unless the session is abandoned meanwhile: then false. */
    synchronized boolean pause(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        try {
            for (long left = time.toNanos(); left > 0 && !abandoned; left = until - System.nanoTime()) {
                wait(Math.max(1, left / 1_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !abandoned;
    }
}
