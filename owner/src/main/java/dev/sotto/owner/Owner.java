package dev.sotto.owner;

import dev.sotto.owner.ledger.DataFingerprint;
import dev.sotto.owner.ledger.OwnerDatabase;
import dev.sotto.owner.ledger.OwnerLedger;
import dev.sotto.owner.ledger.OwnersOnly;
import dev.sotto.owner.ledger.SessionKey;
import dev.sotto.owner.request.OwnerKey;
import dev.sotto.owner.request.RequestBook;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a data owner keeps between sessions, in one folder that nobody else may read: the ledger, the terms that were agreed
 * to, and what was released, so that it can be sent again. Thread-safe; several processes may open the ledger at once, but one
 * alone should run sessions.
 */
public final class Owner implements AutoCloseable {
    /** How a session ends that ran to its last round. */
    public static final String COMPLETED = "completed";

    private final OwnerDatabase database;
    private final RequestBook requests;
    private final VectorFiles vectors;

    private Owner(OwnerDatabase database, RequestBook requests, VectorFiles vectors) {
        this.database = database;
        this.requests = requests;
        this.vectors = vectors;
    }

    /**
     * Opens the folder, or makes it.
     *
     * @throws dev.sotto.owner.ledger.LedgerException if it holds no ledger that can be read
     */
    public static Owner open(Path home) {
        OwnersOnly.folder(home);
        OwnerDatabase database = OwnerDatabase.open(ledgerFile(home));
        return new Owner(database, new RequestBook(database, home), new VectorFiles(home.resolve("releases")));
    }

    /** Where the ledger of such a folder lies. */
    public static Path ledgerFile(Path home) {
        return home.resolve("ledger.db");
    }

    /** The ledger. */
    public OwnerLedger ledger() {
        return new OwnerLedger(database);
    }

    /** What was asked of the owner, and decided. */
    public RequestBook requests() {
        return requests;
    }

    /** The key that signs the owner's decisions, made at its first use. */
    public OwnerKey key() {
        return requests.key();
    }

    /** Notices changed data. */
    public DataFingerprint fingerprint() {
        return new DataFingerprint(database);
    }

    /**
     * A session that was agreed to.
     *
     * @param session its id
     * @param packageDigest of its package, in hexadecimal
     * @param clients that it is planned for
     */
    public record Agreed(String session, String packageDigest, int clients) {}

    /** Sessions of a coordinator that were agreed to and are not over. */
    public List<Agreed> open(String coordinator) {
        return database.transaction(handle -> handle.createQuery(
                        "SELECT session, json_extract(terms, '$.package') AS package, clients FROM sessions "
                                + "NATURAL JOIN populations WHERE coordinator = :coordinator AND NOT EXISTS (SELECT 1 "
                                + "FROM endings WHERE endings.coordinator = sessions.coordinator AND endings.session = "
                                + "sessions.session) ORDER BY accepted_at")
                .bind("coordinator", coordinator)
                .map((row, context) ->
                        new Agreed(row.getString("session"), row.getString("package"), row.getInt("clients")))
                .list());
    }

    /** Whether a session was completed: then it does not go on. One that ended otherwise may be resumed. */
    boolean completed(SessionKey key) {
        return database.transaction(handle ->
                handle.createQuery("SELECT COUNT(*) FROM endings WHERE coordinator = ? AND session = ? AND ending = ?")
                                .bind(0, key.coordinator())
                                .bind(1, key.session())
                                .bind(2, COMPLETED)
                                .mapTo(Integer.class)
                                .one()
                        > 0);
    }

    /**
     * Notes that a session is over. Once it was completed, nobody will ask for what was released again, and the files go; if it
     * ended otherwise, those that it would go on from are kept.
     */
    public void over(SessionKey key, String ending) {
        List<Releases.Row> rows = database.transaction(handle -> {
            handle.execute(
                    "INSERT OR REPLACE INTO endings VALUES (?, ?, ?, ?)",
                    key.coordinator(),
                    key.session(),
                    Instant.now().toString(),
                    ending);
            return new Releases(handle).all(key);
        });
        if (ending.equals(COMPLETED)) {
            for (Releases.Row row : rows) {
                vectors.delete(row.vector());
                row.state().values().forEach(vectors::delete);
            }
        }
    }

    /** Removes files that no transaction came to name. Only while no other process runs sessions here. */
    public void sweep() {
        Set<String> named = new HashSet<>();
        for (Releases.Row row : database.transaction(handle -> new Releases(handle).current())) {
            named.add(row.vector());
            named.addAll(row.state().values());
        }
        vectors.sweep(named);
    }

    OwnerDatabase database() {
        return database;
    }

    VectorFiles vectors() {
        return vectors;
    }

    @Override
    public void close() {
        database.close();
    }
}
