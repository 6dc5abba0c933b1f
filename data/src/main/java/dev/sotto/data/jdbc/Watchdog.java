package dev.sotto.data.jdbc;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Cancels a statement that is not done in time, rows included: drivers' own timeouts end where rows begin, if they work. */
final class Watchdog implements AutoCloseable {
    private final CountDownLatch done = new CountDownLatch(1);
    private final AtomicBoolean barked = new AtomicBoolean();

    private Watchdog() {}

    static Watchdog over(Statement statement, Duration timeout) {
        Watchdog watchdog = new Watchdog();
        Thread thread = new Thread(() -> watchdog.watch(statement, timeout), "sotto-query-timeout");
        thread.setDaemon(true);
        thread.start();
        return watchdog;
    }

    private void watch(Statement statement, Duration timeout) {
        try {
            long wait = timeout.toMillis();
            // A query that was not yet running when it was cancelled is cancelled again.
            while (!done.await(wait, TimeUnit.MILLISECONDS)) {
                barked.set(true);
                statement.cancel();
                wait = 1000;
            }
        } catch (InterruptedException | SQLException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the time was over. */
    boolean barked() {
        return barked.get();
    }

    @Override
    public void close() {
        done.countDown();
    }
}
