package dev.sotto.coordinator.store;

import java.sql.SQLException;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * How everything here reads and writes: in transactions, each wholly or not at all. Those that write do so one after the
 * other, in all processes on the database, so that numbers can be counted up and conditions checked before they are relied on.
 */
final class Transactions implements AutoCloseable {
    private final Dialect dialect;
    private final Connections reading;
    private final Connections writing;
    private final Jdbi readers;
    private final Jdbi writers;

    Transactions(Dialect dialect) {
        this.dialect = dialect;
        this.reading = new Connections(dialect, false);
        this.writing = new Connections(dialect, true);
        this.readers = Jdbi.create(reading);
        this.writers = Jdbi.create(writing);
    }

    /** Reads with one or several statements. */
    <T> T read(Function<Handle, T> work) {
        return readers.inTransaction(handle -> {
            dialect.holdStill(handle);
            return work.apply(handle);
        });
    }

    /** Writes; what the work throws takes everything back. */
    <T> T write(Function<Writing, T> work) {
        return writers.inTransaction(handle -> {
            dialect.takeTurn(handle);
            return work.apply(new Writing(handle, dialect.now(handle)));
        });
    }

    /** A transaction that writes, and when it did. */
    record Writing(Handle handle, long now) {}

    long now() {
        return read(dialect::now);
    }

    @Override
    public void close() {
        try {
            reading.close();
            writing.close();
        } catch (SQLException e) {
            throw new IllegalStateException("the database cannot be closed: " + e.getMessage(), e);
        }
    }
}
