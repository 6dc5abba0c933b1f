package dev.sotto.node;

import dev.sotto.wire.v1.Task;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A task that is not answered. Thread-safe. */
final class Job {
    private static final long NO_DEADLINE = TimeUnit.DAYS.toSeconds(365);

    private final Task task;
    private final long deadline;
    private volatile Optional<String> withdrawn = Optional.empty();
    private volatile Optional<String> forbidden = Optional.empty();
    private volatile boolean over;
    private volatile boolean askedAgain;

    Job(Task task) {
        this.task = task;
        long seconds = task.getSeconds() == 0 ? NO_DEADLINE : Integer.toUnsignedLong(task.getSeconds());
        deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    Task task() {
        return task;
    }

    String session() {
        return task.getSession();
    }

    /** Nobody waits for the answer any more; the same may be asked again. */
    void withdraw(String reason) {
        withdrawn = Optional.of(reason);
    }

    /** The same for good: nothing will be asked again, or nothing can be answered. */
    void end(String reason) {
        over = true;
        withdraw(reason);
    }

    /** Whether whatever came of it would be of no use, to this answer or a later one. */
    boolean isOver() {
        return over || forbidden.isPresent();
    }

    /** The owner does not want it to be done. */
    void forbid(String reason) {
        forbidden = Optional.of(reason);
    }

    /** Why the owner does not want it to be done; empty if that is not the matter. */
    Optional<String> forbidden() {
        return forbidden;
    }

    /** It was asked again over a new connection. */
    void askAgain() {
        askedAgain = true;
    }

    boolean askedAgain() {
        return askedAgain;
    }

    /** Whether to work on it. */
    boolean wanted() {
        return withdrawn.isEmpty() && forbidden.isEmpty() && System.nanoTime() - deadline < 0;
    }

    /** Why nobody waits for it. */
    String unwanted() {
        return forbidden.or(() -> withdrawn).orElse("its time is over");
    }
}
