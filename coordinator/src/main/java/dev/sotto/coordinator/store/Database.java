package dev.sotto.coordinator.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jdbi.v3.core.JdbiException;

/**
 * All that a coordinator remembers: tables in SQLite or PostgreSQL, and beside them, in folders of the coordinator's home,
 * what is too large or too secret for tables. Thread-safe, also across processes.
 */
public final class Database implements AutoCloseable {
    /** Folder of a home for packages and models. */
    public static final String BLOBS = "blobs";
    /** Folder of a home for the secret states of sessions. */
    public static final String STATES = "states";

    private static final String MIGRATIONS = "classpath:dev/sotto/coordinator/store/migrations";
    /** Kept, because a logger that nobody keeps forgets its level. */
    private static final Logger FLYWAY = Logger.getLogger("org.flywaydb");

    private final String name;
    private final Transactions transactions;
    private final BlobStore blobs;
    private final Sessions sessions;
    private final Models models;

    private Database(String name, Transactions transactions, BlobStore blobs, StateFolder states) {
        this.name = name;
        this.transactions = transactions;
        this.blobs = blobs;
        this.models = new Models(transactions, blobs);
        this.sessions = new Sessions(transactions, models, states);
    }

    /** Address of the SQLite database that a home has unless it is told otherwise. */
    public static String inHome(Path home) {
        return Dialect.SQLITE + home.resolve("sotto.db");
    }

    /**
     * Opens a database, and brings its tables to this version.
     *
     * @param jdbcUrl {@code jdbc:sqlite:FILE} or {@code jdbc:postgresql://...}
     * @param home folder for blobs and secret states
     * @throws IllegalStateException with one line, if it cannot be reached or was written by a later version
     */
    public static Database open(String jdbcUrl, Path home) {
        Dialect dialect = Dialect.of(jdbcUrl);
        String name = Dialect.withoutSecrets(jdbcUrl);
        try {
            if (dialect instanceof Dialect.Sqlite sqlite) {
                sqlite.prepare();
            }
            BlobStore blobs = new FolderBlobStore(home.resolve(BLOBS));
            StateFolder states = new StateFolder(home.resolve(STATES));
            migrate(dialect);
            return new Database(name, new Transactions(dialect), blobs, states);
        } catch (FlywayException e) {
            throw new IllegalStateException("database " + name + ": " + firstLine(e), e);
        } catch (IOException e) {
            throw new UncheckedIOException(home + ": " + e.getMessage(), e);
        }
    }

    private static void migrate(Dialect dialect) {
        FLYWAY.setLevel(Level.WARNING);
        FluentConfiguration configuration = Flyway.configure(Database.class.getClassLoader())
                .dataSource(dialect.source(true))
                .locations(MIGRATIONS)
                .table("sotto_migrations")
                .failOnMissingLocations(true)
                .cleanDisabled(true);
        configuration.load().migrate();
    }

    private static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage())
                .lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse(failure.toString())
                .strip();
    }

    /** Its address without user and password. */
    public String name() {
        return name;
    }

    /** Sessions and rounds. */
    public Sessions sessions() {
        return sessions;
    }

    /** Who runs which session. */
    public Leases leases() {
        return new Leases(transactions);
    }

    /** Events of sessions and lines of clients. */
    public SessionLog log() {
        return new SessionLog(transactions);
    }

    /** Who has joined. */
    public Clients clients() {
        return new Clients(transactions);
    }

    /** Models and their lineage. */
    public Models models() {
        return models;
    }

    /** Join tokens and access tokens. */
    public Tokens tokens() {
        return new Tokens(transactions);
    }

    /** Every change of state. */
    public AuditLog audit() {
        return new AuditLog(transactions);
    }

    /** Packages and models. */
    public BlobStore blobs() {
        return blobs;
    }

    /** Id of the coordinator whose database it is; empty if it is nobody's yet. */
    public Optional<String> coordinator() {
        return transactions.read(handle -> handle.createQuery("SELECT id FROM coordinator")
                .mapTo(String.class)
                .findOne());
    }

    /**
     * Makes it a coordinator's, for good.
     *
     * @throws IllegalStateException if it is another's
     */
    public void claim(String coordinator) {
        transactions.write(writing -> {
            Optional<String> owner = writing.handle()
                    .createQuery("SELECT id FROM coordinator")
                    .mapTo(String.class)
                    .findOne();
            if (owner.isPresent()) {
                throw new IllegalStateException("database " + name + " belongs to coordinator " + owner.get()
                        + "; name another database, or copy that coordinator's home to run a second process of it");
            }
            writing.handle().execute("INSERT INTO coordinator (id, created) VALUES (?, ?)", coordinator, writing.now());
            AuditLog.append(writing, "coordinator", "coordinator made", coordinator, "");
            return null;
        });
    }

    /** Whether it answers; what it says if not. */
    public Optional<String> trouble() {
        try {
            transactions.now();
            return Optional.empty();
        } catch (JdbiException e) {
            return Optional.of("database " + name + ": " + firstLine(e));
        }
    }

    @Override
    public void close() {
        transactions.close();
    }
}
