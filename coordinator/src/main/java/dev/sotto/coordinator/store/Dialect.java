package dev.sotto.coordinator.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.SynchronousMode;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;

/** In what the two databases differ: how they are opened, how writers take turns, and whose clock counts. */
sealed interface Dialect permits Dialect.Sqlite, Dialect.Postgres {
    String SQLITE = "jdbc:sqlite:";
    String POSTGRES = "jdbc:postgresql:";

    static Dialect of(String url) {
        if (url.startsWith(SQLITE)) {
            return new Sqlite(url);
        }
        if (url.startsWith(POSTGRES)) {
            return new Postgres(url);
        }
        throw new IllegalArgumentException(
                "database is '" + withoutSecrets(url) + "'; it must begin with " + SQLITE + " or " + POSTGRES);
    }

    /** An address that may be shown: without user, password and other options. */
    static String withoutSecrets(String url) {
        return url.replaceFirst("[?;].*", "").replaceFirst("//[^/@]*@", "//");
    }

    /** Where connections come from that are used for nothing but reading, or for transactions that write. */
    DataSource source(boolean writes);

    /** A new one of these connections. */
    default Connection connect(boolean writes) throws SQLException {
        return source(writes).getConnection();
    }

    /** How many connections there may be for reading, and for writing. */
    int readers();

    int writers();

    /** Makes this transaction see the database as it is now, whatever is written meanwhile. */
    void holdStill(Handle handle);

    /** Makes this transaction the only one that writes, in all processes, until its end. */
    void takeTurn(Handle handle);

    /** Milliseconds since 1970, by the clock that all processes on this database share. */
    long now(Handle handle);

    /** A file. Whoever opens it is on one machine, so that the system's clock will do. */
    record Sqlite(String url) implements Dialect {
        private static final int BUSY_MILLIS = 60_000;

        /** Makes the file before SQLite would, for its owner only; SQLite's other files get the same permissions. */
        void prepare() {
            Path file = Path.of(url.substring(SQLITE.length()));
            try {
                PrivateFiles.touch(file);
            } catch (IOException e) {
                throw new UncheckedIOException("database " + file + ": cannot be made: " + e.getMessage(), e);
            }
        }

        @Override
        public DataSource source(boolean writes) {
            SQLiteConfig config = new SQLiteConfig();
            config.setJournalMode(JournalMode.WAL);
            config.setSynchronous(SynchronousMode.FULL);
            config.setBusyTimeout(BUSY_MILLIS);
            config.enforceForeignKeys(true);
            // Two that begin by reading and then write would shut each other out.
            config.setTransactionMode(writes ? TransactionMode.IMMEDIATE : TransactionMode.DEFERRED);
            SQLiteDataSource source = new SQLiteDataSource(config);
            source.setUrl(url);
            return source;
        }

        @Override
        public int readers() {
            return 8;
        }

        @Override
        public int writers() {
            return 1;
        }

        @Override
        public void holdStill(Handle handle) {
            // It always does.
        }

        @Override
        public void takeTurn(Handle handle) {
            // The transaction began as a writer.
        }

        @Override
        public long now(Handle handle) {
            return System.currentTimeMillis();
        }
    }

    /** A server, possibly with several coordinators. */
    record Postgres(String url) implements Dialect {
        private static final long LOCK = 0x736f74746fL; // any number that all coordinators agree on: "sotto"

        @Override
        public DataSource source(boolean writes) {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setURL(url);
            source.setApplicationName("sotto");
            source.setTcpKeepAlive(true);
            return source;
        }

        @Override
        public Connection connect(boolean writes) throws SQLException {
            Connection connection = source(writes).getConnection();
            try (Statement statement = connection.createStatement()) {
                // A commit that a crash of the server could take back would let noise be drawn twice.
                statement.execute("SELECT set_config('synchronous_commit', 'on', false)"
                        + " WHERE current_setting('synchronous_commit') = 'off'");
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
            return connection;
        }

        @Override
        public int readers() {
            return 8;
        }

        @Override
        public int writers() {
            return 2;
        }

        @Override
        public void holdStill(Handle handle) {
            handle.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
        }

        @Override
        public void takeTurn(Handle handle) {
            handle.execute("SELECT pg_advisory_xact_lock(?)", LOCK);
        }

        @Override
        public long now(Handle handle) {
            return handle.createQuery("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)")
                    .mapTo(Long.class)
                    .one();
        }
    }
}
