package dev.sotto.folders.aggregator;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** When to look again, until the datasite stops. Thread-safe. */
public final class Clock {
    private final Duration poll;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** Looks that often. */
    public Clock(Duration poll) {
        this.poll = poll;
    }

    /** The datasite stops; a project is left as it is, to be gone on with. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        StoppedException() {
            super("the datasite stops");
        }
    }

    /** Waits until it is time to look again. */
    public void pause() {
        boolean over;
        try {
            over = stopped.await(poll.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            over = true;
        }
        if (over) {
            throw new StoppedException();
        }
    }

    /** Ends all waiting. */
    public void stop() {
        stopped.countDown();
    }

    /** Whether it was stopped. */
    public boolean isStopped() {
        return stopped.getCount() == 0;
    }
}
