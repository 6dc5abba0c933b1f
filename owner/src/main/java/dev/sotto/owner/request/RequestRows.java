package dev.sotto.owner.request;

import dev.sotto.owner.Owner;
import dev.sotto.owner.ledger.SessionKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table of requests, inside a transaction. */
final class RequestRows {
    private static final int ID_BYTES = 8;
    private static final String ALL = "SELECT * FROM requests ";

    private final Handle handle;
    private final RequestFiles files;

    RequestRows(Handle handle, RequestFiles files) {
        this.handle = handle;
        this.files = files;
    }

    /**
     * A request as it is stored.
     *
     * @param state keyed digest of the data when it was asked for; it never leaves
     */
    record Stored(long number, Request request, byte[] state) {
        /** Everything that is asked, for an id and for signatures. */
        Fields fields(Fields to) {
            return to.add(number)
                    .add(request.key().coordinator())
                    .add(request.key().session())
                    .add(request.authority())
                    .add(request.client())
                    .add(request.dataSet())
                    .add(state)
                    .add(request.packageDigest())
                    .add(request.clients());
        }

        boolean asksTheSameAs(Stored other) {
            Request own = request;
            Request others = other.request;
            return own.key().equals(others.key())
                    && own.authority().equals(others.authority())
                    && own.client().equals(others.client())
                    && own.dataSet().equals(others.dataSet())
                    && own.packageDigest().equals(others.packageDigest())
                    && own.clients() == others.clients()
                    && Arrays.equals(state, other.state);
        }
    }

    /** Adds a request after all others. */
    Stored add(Stored asked) {
        Stored numbered = new Stored(
                handle.createQuery("SELECT COALESCE(MAX(number), 0) + 1 FROM requests")
                        .mapTo(Long.class)
                        .one(),
                asked.request(),
                asked.state());
        byte[] digest = RequestFiles.sha256()
                .digest(numbered.fields(new Fields("sotto-request-1")).bytes());
        Request request = asked.request();
        handle.createUpdate("INSERT INTO requests VALUES (:number, :id, :arrived, :coordinator, :session, :authority, "
                        + ":client, :dataSet, :state, :package, :clients)")
                .bind("number", numbered.number())
                .bind("id", HexFormat.of().formatHex(digest, 0, ID_BYTES))
                .bind("arrived", request.arrived().toString())
                .bind("coordinator", request.key().coordinator())
                .bind("session", request.key().session())
                .bind("authority", request.authority())
                .bind("client", request.client())
                .bind("dataSet", request.dataSet())
                .bind("state", asked.state())
                .bind("package", request.packageDigest())
                .bind("clients", request.clients())
                .execute();
        return last(request.key()).orElseThrow();
    }

    /** What a session asks now. */
    Optional<Stored> last(SessionKey key) {
        return handle.createQuery(ALL + "WHERE coordinator = ? AND session = ? ORDER BY number DESC LIMIT 1")
                .bind(0, key.coordinator())
                .bind(1, key.session())
                .map((row, context) -> read(row))
                .findOne();
    }

    /** How often a session has asked for something else. */
    int count(SessionKey key) {
        return handle.createQuery("SELECT COUNT(*) FROM requests WHERE coordinator = ? AND session = ?")
                .bind(0, key.coordinator())
                .bind(1, key.session())
                .mapTo(Integer.class)
                .one();
    }

    /** Those that wait for a decision: what their sessions ask now, and these are not over. */
    List<Request> waiting() {
        return handle.createQuery("SELECT * FROM requests AS own WHERE NOT EXISTS (SELECT 1 FROM decisions WHERE "
                        + "decisions.request = own.id) AND NOT EXISTS (SELECT 1 FROM endings WHERE "
                        + "endings.coordinator = own.coordinator AND endings.session = own.session) AND own.number = "
                        + "(SELECT MAX(number) FROM requests WHERE requests.coordinator = own.coordinator AND "
                        + "requests.session = own.session)")
                .map((row, context) -> read(row).request())
                .list();
    }

    Optional<Stored> find(String id) {
        return handle.createQuery(ALL + "WHERE id = ?")
                .bind(0, id)
                .map((row, context) -> read(row))
                .findOne();
    }

    List<Request> newestFirst() {
        return handle.createQuery(ALL + "ORDER BY number DESC")
                .map((row, context) -> read(row).request())
                .list();
    }

    /** A session that had been stopped and asks again is not over. One that was completed stays so, whatever asks. */
    void goesOn(SessionKey key) {
        handle.execute(
                "DELETE FROM endings WHERE coordinator = ? AND session = ? AND ending <> ?",
                key.coordinator(),
                key.session(),
                Owner.COMPLETED);
    }

    /** How a session ended, if it did. */
    Optional<String> ending(SessionKey key) {
        return handle.createQuery("SELECT ending FROM endings WHERE coordinator = ? AND session = ?")
                .bind(0, key.coordinator())
                .bind(1, key.session())
                .mapTo(String.class)
                .findOne();
    }

    private Stored read(ResultSet row) throws SQLException {
        String digest = row.getString("package");
        return new Stored(
                row.getLong("number"),
                new Request(
                        row.getString("id"),
                        new SessionKey(row.getString("coordinator"), row.getString("session")),
                        row.getString("authority"),
                        row.getString("client"),
                        row.getString("data_set"),
                        digest,
                        files.path(digest),
                        row.getInt("clients"),
                        Instant.parse(row.getString("arrived"))),
                row.getBytes("data_state"));
    }
}
