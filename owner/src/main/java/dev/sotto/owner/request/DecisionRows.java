package dev.sotto.owner.request;

import dev.sotto.experiment.packaging.SigningKey;
import dev.sotto.owner.request.Decided.Kind;
import dev.sotto.owner.request.RequestRows.Stored;
import dev.sotto.privacy.Epsilon;
import java.security.PublicKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table of decisions, inside a transaction. */
final class DecisionRows {
    private static final byte[] BEGINNING = new byte[32];

    private final Handle handle;

    DecisionRows(Handle handle) {
        this.handle = handle;
    }

    /** What is decided, before it is signed. */
    record Statement(
            long number, Instant at, Kind kind, boolean automatic, Optional<ApprovalLimits> limits, String reason) {
        /** What the owner signs: the request in full, the decision, and all that was decided before. */
        byte[] bytes(byte[] previous, Stored request) {
            Fields fields = new Fields("sotto-decision-1")
                    .add(previous)
                    .add(number)
                    .add(at.toString())
                    .add(kind.label())
                    .add(request.request().id());
            request.fields(fields).add(automatic ? 1 : 0);
            if (limits.isPresent()) {
                ApprovalLimits own = limits.get();
                fields.add(own.rounds())
                        .add(own.epsilon()
                                .map(each -> Double.toHexString(each.value()))
                                .orElse(""))
                        .add(own.expires().toString());
            }
            return fields.add(reason).bytes();
        }
    }

    /** A decision as it is stored. */
    record Row(Statement statement, String request, byte[] signer, byte[] signature, byte[] hash) {
        boolean isSignedBy(PublicKey key, byte[] previous, Stored stored) {
            return Arrays.equals(signer, key.getEncoded())
                    && OwnerKey.verifies(key, statement.bytes(previous, stored), signature);
        }
    }

    /** Signs a decision and adds it after all others. */
    Statement add(
            Stored request,
            Kind kind,
            boolean automatic,
            Optional<ApprovalLimits> limits,
            String reason,
            Instant now,
            OwnerKey key) {
        Optional<Row> last = handle.createQuery("SELECT * FROM decisions ORDER BY number DESC LIMIT 1")
                .map((row, context) -> read(row))
                .findOne();
        byte[] previous = last.map(Row::hash).orElse(BEGINNING);
        Statement statement = new Statement(
                last.map(row -> row.statement().number()).orElse(0L) + 1, now, kind, automatic, limits, reason);
        byte[] said = statement.bytes(previous, request);
        byte[] signer = key.pair().getPublic().getEncoded();
        byte[] signature = key.sign(said);
        handle.createUpdate("INSERT INTO decisions VALUES (:number, :at, :kind, :request, :automatic, :rounds, "
                        + ":epsilon, :expires, :reason, :signer, :signature, :hash)")
                .bind("number", statement.number())
                .bind("at", statement.at().toString())
                .bind("kind", kind.label())
                .bind("request", request.request().id())
                .bind("automatic", automatic)
                .bind("rounds", limits.map(ApprovalLimits::rounds).orElse(null))
                .bind(
                        "epsilon",
                        limits.flatMap(ApprovalLimits::epsilon)
                                .map(Epsilon::value)
                                .orElse(null))
                .bind("expires", limits.map(own -> own.expires().toString()).orElse(null))
                .bind("reason", reason)
                .bind("signer", signer)
                .bind("signature", signature)
                .bind("hash", link(said, signer, signature))
                .execute();
        return statement;
    }

    private static byte[] link(byte[] said, byte[] signer, byte[] signature) {
        return RequestFiles.sha256()
                .digest(new Fields("sotto-decisions-1")
                        .add(said)
                        .add(signer)
                        .add(signature)
                        .bytes());
    }

    /** What was decided last on a request. */
    Optional<Row> last(String request) {
        return handle.createQuery("SELECT * FROM decisions WHERE request = ? ORDER BY number DESC LIMIT 1")
                .bind(0, request)
                .map((row, context) -> read(row))
                .findOne();
    }

    /** The link before a decision. */
    byte[] before(Row row) {
        return handle.createQuery("SELECT hash FROM decisions WHERE number = ?")
                .bind(0, row.statement().number() - 1)
                .map((found, context) -> found.getBytes(1))
                .findOne()
                .orElse(BEGINNING);
    }

    /** All decisions, oldest first, each held against the chain and the owner's key. */
    List<Decided> all(RequestRows requests, Optional<PublicKey> owner) {
        List<Row> rows = handle.createQuery("SELECT * FROM decisions ORDER BY number")
                .map((row, context) -> read(row))
                .list();
        byte[][] previous = {BEGINNING};
        long[] expected = {1};
        return rows.stream()
                .map(row -> {
                    Stored request = requests.find(row.request())
                            .orElseThrow(() -> new RequestException(
                                    "decision " + row.statement().number()
                                            + " is on a request that is missing: the ledger's file was changed"));
                    Optional<String> broken = broken(row, request, previous[0], expected[0], owner);
                    previous[0] = row.hash();
                    expected[0] = row.statement().number() + 1;
                    return decided(row, request.request(), broken);
                })
                .toList();
    }

    private static Optional<String> broken(
            Row row, Stored request, byte[] previous, long expected, Optional<PublicKey> owner) {
        byte[] said = row.statement().bytes(previous, request);
        if (row.statement().number() != expected) {
            return Optional.of("decision " + expected + " before it is missing");
        }
        if (!Arrays.equals(row.hash(), link(said, row.signer(), row.signature()))
                || OwnerKey.publicKey(row.signer())
                        .filter(key -> OwnerKey.verifies(key, said, row.signature()))
                        .isEmpty()) {
            return Optional.of("it is not what was signed");
        }
        return owner.filter(key -> Arrays.equals(key.getEncoded(), row.signer()))
                        .isPresent()
                ? Optional.empty()
                : Optional.of("it is signed with another key than the owner's");
    }

    private static Decided decided(Row row, Request request, Optional<String> broken) {
        Statement said = row.statement();
        return new Decided(
                said.number(),
                said.at(),
                said.kind(),
                request,
                said.limits(),
                said.reason(),
                said.automatic(),
                signer(row.signer()),
                HexFormat.of().formatHex(row.hash()),
                broken);
    }

    static String signer(byte[] encoded) {
        return OwnerKey.publicKey(encoded).map(SigningKey::fingerprint).orElse("");
    }

    private static Row read(ResultSet row) throws SQLException {
        int rounds = row.getInt("rounds");
        double epsilon = row.getDouble("epsilon");
        Optional<Epsilon> cap = row.wasNull() ? Optional.empty() : Optional.of(new Epsilon(epsilon));
        String expires = row.getString("expires");
        Statement statement = new Statement(
                row.getLong("number"),
                Instant.parse(row.getString("at")),
                Kind.of(row.getString("kind")),
                row.getBoolean("automatic"),
                expires == null
                        ? Optional.empty()
                        : Optional.of(new ApprovalLimits(rounds, cap, Instant.parse(expires))),
                row.getString("reason"));
        return new Row(
                statement,
                row.getString("request"),
                row.getBytes("signer"),
                row.getBytes("signature"),
                row.getBytes("hash"));
    }
}
