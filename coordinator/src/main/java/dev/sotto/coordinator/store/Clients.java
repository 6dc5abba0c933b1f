package dev.sotto.coordinator.store;

import dev.sotto.coordinator.store.Tokens.JoinToken;
import dev.sotto.coordinator.store.Transactions.Writing;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Who has joined, with which keys, and who is shut out. Thread-safe, also across processes. */
public final class Clients {
    private static final int REASON = 2_000;
    private static final int VERSION = 100;
    /** Certificates of one client that are good at the same time: who renews in a loop fills no disk. */
    private static final int MOST_CERTIFICATES = 8;

    private final Transactions transactions;

    Clients(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * A certificate of a client.
     *
     * @param serial in hexadecimal
     * @param certificate X.509, DER
     * @param key SHA-256 of its public key
     */
    public record Issued(String serial, byte[] certificate, byte[] key, Instant expires) {
        byte[] digest() {
            return Sha256.of(certificate);
        }
    }

    /**
     * Keys of a client to be.
     *
     * @param signingKey SubjectPublicKeyInfo, DER
     */
    public record Keys(Issued certificate, byte[] signingKey) {}

    /**
     * What became of a renewal.
     *
     * @param issued certificate that the client now has besides its others
     * @param obstacle why it has none, in one line that it may be told
     */
    public record Renewal(Optional<Issued> issued, Optional<String> obstacle) {}

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
            String own = token.client().get();
            return Optional.of("the join token is for client '" + own + "', not '" + id + "'; join with --id " + own);
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
            AuditLog.append(
                    writing,
                    id,
                    "client joined",
                    id,
                    "certificate " + keys.certificate().serial());
            return obstacle;
        });
    }

    private static void insert(Writing writing, String id, Keys keys) {
        Issued issued = keys.certificate();
        // What it had before joining again is worth nothing.
        writing.handle().execute("DELETE FROM certificates WHERE client = ?", id);
        writing.handle()
                .createUpdate("INSERT INTO clients (id, serial, certificate, expires, signing_key, enrolled)"
                        + " VALUES (:id, :serial, :certificate, :expires, :key, :now) ON CONFLICT (id) DO UPDATE SET"
                        + " serial = :serial, certificate = :certificate, expires = :expires, signing_key = :key,"
                        + " enrolled = :now, seen = NULL, version = '', revoked = NULL, reason = ''")
                .bind("id", id)
                .bind("serial", issued.serial())
                .bind("certificate", Sha256.hex(issued.digest()))
                .bind("expires", issued.expires().toEpochMilli())
                .bind("key", Base64.getEncoder().encodeToString(keys.signingKey()))
                .bind("now", writing.now())
                .execute();
        keep(writing, id, issued);
    }

    private static void keep(Writing writing, String id, Issued issued) {
        writing.handle()
                .createUpdate("INSERT INTO certificates (serial, client, certificate, open_key, expires, der)"
                        + " VALUES (:serial, :client, :certificate, :key, :expires, :der)")
                .bind("serial", issued.serial())
                .bind("client", id)
                .bind("certificate", Sha256.hex(issued.digest()))
                .bind("key", Sha256.hex(issued.key()))
                .bind("expires", issued.expires().toEpochMilli())
                .bind("der", Base64.getEncoder().encodeToString(issued.certificate()))
                .execute();
    }

    /**
     * Gives a client a certificate besides those it has; the newest is the one that lists show. If it has one for that key
     * already, which did not reach it, that is the one.
     *
     * @param shown serial number of the one that it asks with
     */
    public Renewal renew(String id, String shown, Issued next) {
        return transactions.write(writing -> {
            Handle handle = writing.handle();
            Optional<EnrolledClient> client =
                    bySerial(handle, shown).filter(each -> each.id().equals(id));
            if (client.isEmpty()
                    || client.get().revoked().isPresent()
                    || client.get().expires().toEpochMilli() <= writing.now()) {
                return refusal("the certificate that was shown is unknown, over or revoked");
            }
            handle.execute("DELETE FROM certificates WHERE client = ? AND expires <= ?", id, writing.now());
            Optional<Issued> there = handle.createQuery(
                            "SELECT * FROM certificates WHERE client = :client AND open_key = :key")
                    .bind("client", id)
                    .bind("key", Sha256.hex(next.key()))
                    .map((row, context) -> issued(row))
                    .findOne();
            if (there.isPresent()) {
                return new Renewal(there, Optional.empty());
            }
            dropOldest(handle, id, shown);
            keep(writing, id, next);
            handle.execute(
                    "UPDATE clients SET serial = ?, certificate = ?, expires = ? WHERE id = ?",
                    next.serial(),
                    Sha256.hex(next.digest()),
                    next.expires().toEpochMilli(),
                    id);
            AuditLog.append(
                    writing,
                    id,
                    "certificate renewed",
                    id,
                    "certificate " + next.serial() + ", valid until " + next.expires() + "; asked with " + shown
                            + ", which stays valid until " + client.get().expires());
            return new Renewal(Optional.of(next), Optional.empty());
        });
    }

    /** Makes room for one more. Those that were never heard of again are the oldest; refusing would lock the client out. */
    private static void dropOldest(Handle handle, String id, String shown) {
        List<String> others = handle.createQuery(
                        "SELECT serial FROM certificates WHERE client = :client AND serial <> :shown ORDER BY expires, serial")
                .bind("client", id)
                .bind("shown", shown)
                .mapTo(String.class)
                .list();
        for (String serial : others.subList(0, Math.max(0, others.size() + 2 - MOST_CERTIFICATES))) {
            handle.execute("DELETE FROM certificates WHERE client = ? AND serial = ?", id, serial);
        }
    }

    private static Renewal refusal(String obstacle) {
        return new Renewal(Optional.empty(), Optional.of(obstacle));
    }

    private static Issued issued(ResultSet row) throws SQLException {
        return new Issued(
                row.getString("serial"),
                Base64.getDecoder().decode(row.getString("der")),
                Sha256.parse(row.getString("open_key")),
                Instant.ofEpochMilli(row.getLong("expires")));
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

    /**
     * The client that has a certificate of that serial number, shown with it: the newest, or one before it that is not over.
     * Those from before it last joined are nobody's.
     */
    public Optional<EnrolledClient> bySerial(String serial) {
        return transactions.read(handle -> bySerial(handle, serial));
    }

    private static Optional<EnrolledClient> bySerial(Handle handle, String serial) {
        return handle.createQuery("SELECT * FROM clients WHERE serial = :serial")
                .bind("serial", serial)
                .map((row, context) -> client(row))
                .findOne()
                .or(() -> handle.createQuery(
                                "SELECT c.id, r.serial, r.certificate, r.expires, c.signing_key, c.enrolled,"
                                        + " c.seen, c.version, c.revoked, c.reason"
                                        + " FROM certificates r JOIN clients c ON c.id = r.client WHERE r.serial = :serial")
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

    /**
     * Notes that clients are connected, all at once. No change of what anybody may do, so the audit log does not tell of it.
     *
     * @param versions of the software that each came with, by id
     */
    public void seen(Map<String, String> versions) {
        transactions.write(writing -> {
            for (Map.Entry<String, String> each : versions.entrySet()) {
                writing.handle()
                        .execute(
                                "UPDATE clients SET seen = ?, version = ? WHERE id = ?",
                                writing.now(),
                                OneLine.of(each.getValue(), VERSION),
                                each.getKey());
            }
            return null;
        });
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
