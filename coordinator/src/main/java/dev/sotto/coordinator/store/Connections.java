package dev.sotto.coordinator.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.ConnectionFactory;

/** Keeps connections open for the next who needs one, up to a number in use at the same time. Thread-safe. */
final class Connections implements ConnectionFactory, AutoCloseable {
    private static final long WAIT_SECONDS = 60;
    private static final long TRUSTED_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int CHECK_SECONDS = 5;

    private final Dialect dialect;
    private final boolean writes;
    private final Semaphore places;
    private final Deque<Idle> idle = new ArrayDeque<>();
    private boolean closed;

    private record Idle(Connection connection, long since) {}

    Connections(Dialect dialect, boolean writes) {
        this.dialect = dialect;
        this.writes = writes;
        this.places = new Semaphore(writes ? dialect.writers() : dialect.readers(), true);
    }

    @Override
    public Connection openConnection() throws SQLException {
        await();
        try {
            for (Idle kept = next(); kept != null; kept = next()) {
                // A server that was restarted has dropped what was kept.
                if (System.nanoTime() - kept.since() < TRUSTED_NANOS
                        || kept.connection().isValid(CHECK_SECONDS)) {
                    return kept.connection();
                }
                kept.connection().close();
            }
            return dialect.connect(writes);
        } catch (SQLException | RuntimeException e) {
            places.release();
            throw e;
        }
    }

    private void await() throws SQLException {
        try {
            if (!places.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new SQLException("no connection to the database became free within " + WAIT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while waiting for the database", e);
        }
    }

    private synchronized Idle next() throws SQLException {
        if (closed) {
            throw new SQLException("the database is closed");
        }
        return idle.pollFirst();
    }

    @Override
    public void closeConnection(Connection connection) throws SQLException {
        try {
            if (connection.isClosed()) {
                return;
            }
            if (!connection.getAutoCommit()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            keep(connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        } finally {
            places.release();
        }
    }

    private synchronized void keep(Connection connection) throws SQLException {
        if (closed) {
            connection.close();
        } else {
            idle.addFirst(new Idle(connection, System.nanoTime()));
        }
    }

    @Override
    public synchronized void close() throws SQLException {
        closed = true;
        for (Idle kept : idle) {
            kept.connection().close();
        }
        idle.clear();
    }
}
