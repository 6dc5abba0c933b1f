package dev.sotto.coordinator.store;

import dev.sotto.coordinator.store.Tokens.JoinToken;
import dev.sotto.coordinator.store.Transactions.Writing;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Who has joined, with which keys, and who is shut out. Thread-safe, also across processes. */
public final class Clients {
    private static final int REASON = 2_000;
    private static final int VERSION = 100;

    private final Transactions transactions;

    Clients(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Keys of a client to be.
     *
     * @param serial of its certificate, in hexadecimal
     * @param certificate SHA-256 of the certificate
     * @param signingKey SubjectPublicKeyInfo, DER
     */
    public record Keys(String serial, byte[] certificate, Instant expires, byte[] signingKey) {}

    /**
     * Why a client cannot join with a token, in one line that it may be told; empty if it can.
     *
     * @param secret SHA-256 of the token's secret
     */
    public Optional<String> obstacle(byte[] secret, String id) {
        return transactions.read(handle -> obstacle(handle, secret, id, System.currentTimeMillis()));
    }

    private static Optional<String> obstacle(Handle handle, byte[] secret, String id, long now) {
        Optional<JoinToken> found = Tokens.join(handle, secret);
        if (found.isEmpty()) {
            return Optional.of("the join token is not known here");
        }
        JoinToken token = found.get();
        if (token.used().isPresent()) {
            return Optional.of("the join token has been used; ask for another");
        }
        if (token.expires().toEpochMilli() <= now) {
            return Optional.of("the join token was valid until " + token.expires() + "; ask for another");
        }
        if (token.client().isPresent() && !token.client().get().equals(id)) {
            return Optional.of("the join token is for client '" + token.client().get() + "', not '" + id + "'");
        }
        Optional<EnrolledClient> there = find(handle, id);
        // Also where it was revoked: sessions and ledgers know it by its id, so nobody may take it but who was asked
        // to.
        if (there.isPresent() && token.client().isEmpty()) {
            return Optional.of("client '" + id + "' has joined before; choose another id, or ask for a token for it");
        }
        return Optional.empty();
    }

    /**
     * Uses a token up and binds an id to keys, in place of those it had, all in one.
     *
     * @return why not, in one line; empty if done
     */
    public Optional<String> enrol(byte[] secret, String id, Keys keys) {
        return transactions.write(writing -> {
            Optional<String> obstacle = obstacle(writing.handle(), secret, id, writing.now());
            if (obstacle.isPresent()) {
                return obstacle;
            }
            writing.handle()
                    .execute(
                            "UPDATE join_tokens SET used = ?, used_by = ? WHERE secret = ?",
                            writing.now(),
                            id,
                            Sha256.hex(secret));
            insert(writing, id, keys);
            AuditLog.append(writing, id, "client joined", id, "certificate " + keys.serial());
            return obstacle;
        });
    }

    private static void insert(Writing writing, String id, Keys keys) {
        writing.handle()
                .createUpdate("INSERT INTO clients (id, serial, certificate, expires, signing_key, enrolled)"
                        + " VALUES (:id, :serial, :certificate, :expires, :key, :now) ON CONFLICT (id) DO UPDATE SET"
                        + " serial = :serial, certificate = :certificate, expires = :expires, signing_key = :key,"
                        + " enrolled = :now, seen = NULL, version = '', revoked = NULL, reason = ''")
                .bind("id", id)
                .bind("serial", keys.serial())
                .bind("certificate", Sha256.hex(keys.certificate()))
                .bind("expires", keys.expires().toEpochMilli())
                .bind("key", Base64.getEncoder().encodeToString(keys.signingKey()))
                .bind("now", writing.now())
                .execute();
    }

    /** A client; empty if none of that id ever joined. */
    public Optional<EnrolledClient> find(String id) {
        return transactions.read(handle -> find(handle, id));
    }

    private static Optional<EnrolledClient> find(Handle handle, String id) {
        return handle.createQuery("SELECT * FROM clients WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> client(row))
                .findOne();
    }

    /** The client whose certificate has that serial number; earlier certificates of a client are nobody's. */
    public Optional<EnrolledClient> bySerial(String serial) {
        return transactions.read(handle -> handle.createQuery("SELECT * FROM clients WHERE serial = :serial")
                .bind("serial", serial)
                .map((row, context) -> client(row))
                .findOne());
    }

    /** Everybody who ever joined, sorted by id. */
    public List<EnrolledClient> list() {
        return transactions.read(handle -> handle.createQuery("SELECT * FROM clients ORDER BY id")
                .map((row, context) -> client(row))
                .list());
    }

    /** Notes that a client is connected. No change of what anybody may do, so the audit log does not tell of it. */
    public void seen(String id, String version) {
        transactions.write(writing -> writing.handle()
                .execute(
                        "UPDATE clients SET seen = ?, version = ? WHERE id = ?",
                        writing.now(),
                        OneLine.of(version, VERSION),
                        id));
    }

    /**
     * Shuts a client out from now on; false if it was already.
     *
     * @throws IllegalStateException if there is no such client
     */
    public boolean revoke(String id, String reason, String actor) {
        return transactions.write(writing -> {
            EnrolledClient client = find(writing.handle(), id)
                    .orElseThrow(() -> new IllegalStateException(
                            "there is no client '" + id + "'; 'sotto client list' names them all"));
            if (client.revoked().isPresent()) {
                return false;
            }
            writing.handle()
                    .execute(
                            "UPDATE clients SET revoked = ?, reason = ? WHERE id = ?",
                            writing.now(),
                            OneLine.of(reason, REASON),
                            id);
            AuditLog.append(writing, actor, "client revoked", id, reason);
            return true;
        });
    }

    private static EnrolledClient client(ResultSet row) throws SQLException {
        return new EnrolledClient(
                row.getString("id"),
                row.getString("serial"),
                Sha256.parse(row.getString("certificate")),
                Instant.ofEpochMilli(row.getLong("expires")),
                Base64.getDecoder().decode(row.getString("signing_key")),
                Instant.ofEpochMilli(row.getLong("enrolled")),
                Nullable.time(row, "seen"),
                row.getString("version"),
                Nullable.time(row, "revoked"),
                row.getString("reason"));
    }
}
