package dev.sotto.coordinator.store;

import dev.sotto.coordinator.store.Model.Origin;
import dev.sotto.coordinator.store.Transactions.Writing;
import dev.sotto.wire.FloatVectors;
import dev.sotto.wire.v1.Blob;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jdbi.v3.core.Handle;

/**
 * All models and what they came from. The same parameters can have been reached twice, in two sessions; a digest then stands
 * for the latest. Thread-safe.
 */
public final class Models {
    private static final String SELECT =
            "SELECT m.*, p.sha256 AS parent_sha256 FROM models m" + " LEFT JOIN models p ON p.id = m.parent ";

    private final Transactions transactions;
    private final BlobStore blobs;

    Models(Transactions transactions, BlobStore blobs) {
        this.transactions = transactions;
        this.blobs = blobs;
    }

    /**
     * Stores a model that was given, not trained here, once.
     *
     * @param origin {@link Origin#SEED} or {@link Origin#IMPORT}
     */
    public Model add(float[] parameters, Origin origin, String actor) {
        if (origin == Origin.ROUND) {
            throw new IllegalArgumentException("a model of a round comes with its round");
        }
        byte[] sha256 = put(parameters);
        return transactions.write(writing -> {
            Optional<Model> there = given(writing.handle(), sha256);
            if (there.isPresent()) {
                return there.get();
            }
            long size = (long) Float.BYTES * parameters.length;
            insert(writing, sha256, null, null, 0, size, OptionalDouble.empty(), origin);
            AuditLog.append(writing, actor, "model added", Sha256.hex(sha256), origin.word());
            return given(writing.handle(), sha256).orElseThrow();
        });
    }

    byte[] put(float[] parameters) {
        try {
            Blob own = FloatVectors.blob(parameters);
            byte[] sha256 = own.getSha256().toByteArray();
            // Clients may have been sent it before its round was committed; to digest it is cheaper than to write it.
            if (blobs.keeps(sha256, own.getSize())) {
                return sha256;
            }
            return blobs.put(FloatVectors.stream(parameters), own.getSize());
        } catch (IOException e) {
            throw new UncheckedIOException("a model cannot be written: " + e.getMessage(), e);
        }
    }

    /**
     * A model's parameters.
     *
     * @throws DamagedException if its blob is not there or damaged
     */
    public float[] parameters(byte[] sha256) {
        MessageDigest digest = Sha256.digest();
        String name = "model " + Sha256.hex(sha256);
        try (InputStream in = blobs.open(sha256, 0)) {
            long size = blobs.size(sha256);
            if (size % Float.BYTES != 0 || size / Float.BYTES > Integer.MAX_VALUE - 8) {
                throw new DamagedException(name + ": " + size + " bytes are no model");
            }
            float[] values = FloatVectors.next(new DigestInputStream(in, digest), size);
            if (!MessageDigest.isEqual(digest.digest(), sha256)) {
                throw new DamagedException(name + ": its blob is damaged");
            }
            return values;
        } catch (IOException e) {
            throw new DamagedException(name + ": its blob cannot be read", e);
        }
    }

    /** The model of that digest; empty if there never was one. */
    public Optional<Model> find(byte[] sha256) {
        return transactions.read(handle -> find(handle, sha256));
    }

    static Optional<Model> find(Handle handle, byte[] sha256) {
        return handle.createQuery(SELECT + "WHERE m.sha256 = :sha256 ORDER BY m.id DESC LIMIT 1")
                .bind("sha256", Sha256.hex(sha256))
                .map((row, context) -> model(row))
                .findOne();
    }

    private static Optional<Model> given(Handle handle, byte[] sha256) {
        return handle.createQuery(SELECT + "WHERE m.sha256 = :sha256 AND m.session IS NULL")
                .bind("sha256", Sha256.hex(sha256))
                .map((row, context) -> model(row))
                .findOne();
    }

    static Model of(Handle handle, long number) {
        return handle.createQuery(SELECT + "WHERE m.id = :number")
                .bind("number", number)
                .map((row, context) -> model(row))
                .one();
    }

    static long insert(
            Writing writing,
            byte[] sha256,
            Long parent,
            String session,
            int round,
            long size,
            OptionalDouble accuracy,
            Origin origin) {
        long number = writing.handle()
                        .createQuery("SELECT COALESCE(MAX(id), 0) FROM models")
                        .mapTo(Long.class)
                        .one()
                + 1;
        writing.handle()
                .createUpdate("INSERT INTO models (id, sha256, parent, session, round, size, accuracy, origin, created)"
                        + " VALUES (:id, :sha256, :parent, :session, :round, :size, :accuracy, :origin, :now)")
                .bind("id", number)
                .bind("sha256", Sha256.hex(sha256))
                .bind("parent", parent)
                .bind("session", session)
                .bind("round", round)
                .bind("size", size)
                .bind("accuracy", Nullable.of(accuracy))
                .bind("origin", origin.word())
                .bind("now", writing.now())
                .execute();
        return number;
    }

    /** All models, the latest first. */
    public List<Model> list() {
        return transactions.read(handle -> handle.createQuery(SELECT + "ORDER BY m.id DESC")
                .map((row, context) -> model(row))
                .list());
    }

    /** The models of a session's rounds, in their order. */
    public List<Model> ofSession(String session) {
        return transactions.read(handle -> handle.createQuery(SELECT + "WHERE m.session = :session ORDER BY m.id")
                .bind("session", session)
                .map((row, context) -> model(row))
                .list());
    }

    /** A model, its parent, its parent's parent and so on; empty if there is none of that digest. */
    public List<Model> lineage(byte[] sha256) {
        return transactions.read(handle -> find(handle, sha256)
                .map(model -> handle.createQuery("WITH RECURSIVE line (id) AS (SELECT CAST(:number AS BIGINT) UNION ALL"
                                + " SELECT m.parent FROM models m JOIN line ON line.id = m.id WHERE m.parent IS NOT NULL) "
                                + SELECT + "JOIN line ON line.id = m.id ORDER BY m.id DESC")
                        .bind("number", model.number())
                        .map((row, context) -> model(row))
                        .list())
                .orElse(List.of()));
    }

    /** All models that came from one, nearest first, itself left out. */
    public List<Model> descendants(byte[] sha256) {
        return transactions.read(handle -> handle.createQuery(
                        "WITH RECURSIVE line (id) AS (SELECT id FROM models WHERE sha256 = :sha256 UNION"
                                + " SELECT m.id FROM models m JOIN line ON m.parent = line.id) "
                                + SELECT + "JOIN line ON line.id = m.id WHERE m.sha256 <> :sha256 ORDER BY m.id")
                .bind("sha256", Sha256.hex(sha256))
                .map((row, context) -> model(row))
                .list());
    }

    private static Model model(ResultSet row) throws SQLException {
        return new Model(
                row.getLong("id"),
                Sha256.parse(row.getString("sha256")),
                Optional.ofNullable(row.getString("parent_sha256")).map(Sha256::parse),
                Optional.ofNullable(row.getString("session")),
                row.getInt("round"),
                row.getLong("size"),
                Nullable.real(row, "accuracy"),
                Origin.valueOf(row.getString("origin").toUpperCase(Locale.ROOT)),
                Instant.ofEpochMilli(row.getLong("created")));
    }
}
