package dev.sotto.coordinator.store;

import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Tokens with which clients join and people ask. Only digests of their secrets are here: who reads the database can use none.
 * Thread-safe.
 */
public final class Tokens {
    private static final int NAME = 200;

    private final Transactions transactions;

    Tokens(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * A token to join with, once.
     *
     * @param client the only id that may join with it; empty for any that is free
     */
    public record JoinToken(Optional<String> client, Instant expires, Optional<Instant> used) {}

    /**
     * A token of a person or script.
     *
     * @param name unique among those that are not revoked
     * @param role viewer, operator or admin
     */
    public record AccessToken(String name, String role, Instant created, Instant expires, Optional<Instant> revoked) {}

    /** Keeps a join token, and says until when it is valid. */
    public Instant addJoin(byte[] secret, Optional<String> client, Duration valid, String actor) {
        return transactions.write(writing -> {
            long expires = writing.now() + valid.toMillis();
            writing.handle()
                    .createUpdate("INSERT INTO join_tokens (secret, client, created, expires)"
                            + " VALUES (:secret, :client, :now, :expires)")
                    .bind("secret", Sha256.hex(secret))
                    .bind("client", client.orElse(null))
                    .bind("now", writing.now())
                    .bind("expires", expires)
                    .execute();
            Instant until = Instant.ofEpochMilli(expires);
            AuditLog.append(
                    writing, actor, "join token created", client.orElse("any free client id"), "valid until " + until);
            return until;
        });
    }

    static Optional<JoinToken> join(Handle handle, byte[] secret) {
        return handle.createQuery("SELECT * FROM join_tokens WHERE secret = :secret")
                .bind("secret", Sha256.hex(secret))
                .map((row, context) -> same(row, secret)
                        ? Optional.of(new JoinToken(
                                Optional.ofNullable(row.getString("client")),
                                Instant.ofEpochMilli(row.getLong("expires")),
                                Nullable.time(row, "used")))
                        : Optional.<JoinToken>empty())
                .findOne()
                .flatMap(found -> found);
    }

    /** The index has compared digests, not secrets, so its timing tells nothing of use; this is for those who doubt it. */
    private static boolean same(ResultSet row, byte[] secret) throws SQLException {
        return MessageDigest.isEqual(Sha256.parse(row.getString("secret")), secret);
    }

    /**
     * Keeps an access token, and says until when it is valid.
     *
     * @throws IllegalStateException if there is one of that name
     */
    public Instant addAccess(byte[] secret, String name, String role, Duration valid, String actor) {
        String as = OneLine.of(name, NAME);
        return transactions.write(writing -> {
            if (byName(writing.handle(), as).isPresent()) {
                throw new IllegalStateException(
                        "there is an access token named '" + as + "'; revoke it first, or choose another name");
            }
            long expires = writing.now() + valid.toMillis();
            writing.handle()
                    .execute(
                            "INSERT INTO access_tokens (secret, name, role, created, expires) VALUES (?, ?, ?, ?, ?)",
                            Sha256.hex(secret),
                            as,
                            role,
                            writing.now(),
                            expires);
            Instant until = Instant.ofEpochMilli(expires);
            AuditLog.append(writing, actor, "access token created", as, role + ", valid until " + until);
            return until;
        });
    }

    private static Optional<AccessToken> byName(Handle handle, String name) {
        return handle.createQuery("SELECT * FROM access_tokens WHERE name = :name AND revoked IS NULL")
                .bind("name", name)
                .map((row, context) -> access(row))
                .findOne();
    }

    /** The access token of that secret, if it is valid now. */
    public Optional<AccessToken> access(byte[] secret) {
        return transactions.read(handle -> handle.createQuery(
                        "SELECT * FROM access_tokens WHERE secret = :secret AND revoked IS NULL AND expires > :now")
                .bind("secret", Sha256.hex(secret))
                .bind("now", System.currentTimeMillis())
                .map((row, context) -> same(row, secret) ? Optional.of(access(row)) : Optional.<AccessToken>empty())
                .findOne()
                .flatMap(found -> found));
    }

    /** All access tokens that were not revoked, sorted by name. */
    public List<AccessToken> access() {
        return transactions.read(
                handle -> handle.createQuery("SELECT * FROM access_tokens WHERE revoked IS NULL ORDER BY name")
                        .map((row, context) -> access(row))
                        .list());
    }

    /**
     * Makes an access token worthless from now on.
     *
     * @throws IllegalStateException if there is none of that name
     */
    public void revokeAccess(String name, String actor) {
        transactions.write(writing -> {
            int revoked = writing.handle()
                    .execute(
                            "UPDATE access_tokens SET revoked = ? WHERE name = ? AND revoked IS NULL",
                            writing.now(),
                            name);
            if (revoked == 0) {
                throw new IllegalStateException("there is no access token named '" + OneLine.of(name, NAME) + "'");
            }
            AuditLog.append(writing, actor, "access token revoked", name, "");
            return null;
        });
    }

    private static AccessToken access(ResultSet row) throws SQLException {
        return new AccessToken(
                row.getString("name"),
                row.getString("role"),
                Instant.ofEpochMilli(row.getLong("created")),
                Instant.ofEpochMilli(row.getLong("expires")),
                Nullable.time(row, "revoked"));
    }
}
