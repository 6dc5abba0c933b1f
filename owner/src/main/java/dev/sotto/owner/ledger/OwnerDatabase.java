package dev.sotto.owner.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;

/**
 * The SQLite file of a data owner, for several threads and several processes at once: each transaction takes the write lock
 * before it reads, so that what was checked still holds when it is written. What a transaction wrote is on disk when it
 * returns. Only its owner may read the file.
 */
public final class OwnerDatabase implements AutoCloseable {
    private static final int WAIT_MILLIS = 60_000;
    private static final Logger MIGRATIONS = Logger.getLogger("org.flywaydb");
    /** Within a process a file lock does not hold threads apart. */
    private static final ReentrantLock OPENING = new ReentrantLock();

    private final Path file;
    private final Connection connection;
    private final Jdbi jdbi;
    private final ReentrantLock one = new ReentrantLock();

    private OwnerDatabase(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
        this.jdbi = Jdbi.create(connection);
    }

    /**
     * Opens the file, or makes it; its folder must be there.
     *
     * @throws LedgerException in one line, if it is no ledger or cannot be read
     */
    public static OwnerDatabase open(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(JournalMode.WAL);
        config.setSynchronous(SynchronousMode.FULL);
        config.setTransactionMode(TransactionMode.IMMEDIATE);
        config.setBusyTimeout(WAIT_MILLIS);
        config.enforceForeignKeys(true);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
        OPENING.lock();
        try (FileChannel lock = FileChannel.open(
                        file.resolveSibling(file.getFileName() + ".lock"),
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        OwnersOnly.fileAttributes());
                FileLock held = lock.lock()) {
            create(file);
            if (held.isValid()) {
                migrate(source);
            }
            return new OwnerDatabase(file, source.getConnection());
        } catch (IOException | SQLException | FlywayException e) {
            throw new LedgerException(file + ": it cannot be opened as a ledger: " + firstLine(e), e);
        } finally {
            OPENING.unlock();
        }
    }

    private static void migrate(SQLiteDataSource source) {
        MIGRATIONS.setLevel(Level.WARNING);
        Flyway.configure(OwnerDatabase.class.getClassLoader())
                .dataSource(source)
                .locations("classpath:dev/sotto/owner/ledger")
                .load()
                .migrate();
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** SQLite's other files take over the permissions of this one. */
    private static void create(Path file) throws IOException {
        try {
            Files.createFile(file, OwnersOnly.fileAttributes());
        } catch (FileAlreadyExistsException e) {
            // It was made before.
        }
    }

    /** Where it lies. */
    public Path file() {
        return file;
    }

    /** Runs one transaction: all of it is kept, or, if it throws, nothing. */
    public <T, X extends Exception> T transaction(HandleCallback<T, X> work) throws X {
        one.lock();
        try {
            return jdbi.inTransaction(work);
        } finally {
            one.unlock();
        }
    }

    /** The same without a result. */
    public void transact(Work work) {
        transaction(handle -> {
            work.on(handle);
            return null;
        });
    }

    /** What a transaction does. */
    @FunctionalInterface
    public interface Work {
        /** Does it. */
        void on(Handle handle);
    }

    @Override
    public void close() {
        one.lock();
        try {
            connection.close();
        } catch (SQLException e) {
            throw new UncheckedIOException(new IOException(file + ": it cannot be closed: " + firstLine(e), e));
        } finally {
            one.unlock();
        }
    }
}
