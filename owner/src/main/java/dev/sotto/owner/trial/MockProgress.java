package dev.sotto.owner.trial;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How far a mock run has come: written by the thread that trains, read by the one that waits for it, and how that one ends it.
 * How long a session's rounds take is its coordinator's choice, so whoever tries it says how long to wait. Thread-safe.
 */
public final class MockProgress {
    private final Consumer<MockRun.Round> told;
    private final List<MockRun.Round> rounds = new ArrayList<>();
    private Optional<MockRun> run = Optional.empty();
    private OptionalDouble before = OptionalDouble.empty();
    private float[] update = new float[0];
    private int round;
    private int step;
    private int steps;
    private boolean left;

    /** Tells of each round as it ends. */
    public MockProgress(Consumer<MockRun.Round> told) {
        this.told = told;
    }

    /** Nobody waits for the run any more. */
    private static final class LeftException extends RuntimeException {
        private static final long serialVersionUID = 1;

        LeftException() {
            super("nobody waits for this mock run any more");
        }
    }

    /**
     * Does work for at most that long, on a thread of its own: what a stranger's terms make slow may be slow between two looks
     * at a clock. Work that is left ends at its next step.
     *
     * @return what it came to; empty if the time was up first
     */
    public <T> Optional<T> within(Duration limit, Supplier<T> work) {
        FutureTask<T> task = new FutureTask<>(work::get);
        Thread thread = new Thread(task, "sotto-mock-run");
        thread.setDaemon(true);
        thread.start();
        try {
            return Optional.of(task.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            leave();
            return Optional.empty();
        } catch (InterruptedException e) {
            leave();
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** The run ends at its next step, and tells nothing any more. */
    public synchronized void leave() {
        left = true;
    }

    synchronized void begins(MockRun of, OptionalDouble accuracy) {
        requireAwaited();
        run = Optional.of(of);
        before = accuracy;
    }

    synchronized void step(int of, int done, int all) {
        requireAwaited();
        round = of;
        step = done;
        steps = all;
    }

    synchronized void ends(MockRun.Round ended, float[] leaving) {
        requireAwaited();
        rounds.add(ended);
        update = leaving;
        told.accept(ended);
    }

    private void requireAwaited() {
        if (left) {
            throw new LeftException();
        }
    }

    /** What was seen so far; empty before the end of the first round. */
    public synchronized Optional<MockRun.Outcome> seen() {
        return rounds.isEmpty() ? Optional.empty() : run.map(own -> own.outcome(rounds, before, update));
    }

    /** Where the run is now, as the end of a sentence. */
    public synchronized String where() {
        if (step == 0) {
            return "before the first step of its first round";
        }
        return step < steps
                ? "in round " + round + ", after " + step + " of its " + steps + " steps"
                : "after round " + round;
    }
}
