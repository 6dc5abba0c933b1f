package dev.sotto.owner.ledger;

import dev.sotto.owner.ledger.LedgerLine.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table of lines: adds to its end and reads. Used inside a transaction. */
final class Lines {
    private static final byte[] BEGINNING = new byte[32];

    private final Handle handle;

    Lines(Handle handle) {
        this.handle = handle;
    }

    /** A line with the link that is stored beside it. */
    record Linked(LedgerLine line, byte[] hash) {}

    /** Adds a line and says its number. */
    long append(Kind kind, String dataSet, SessionKey key, long reservation, String event, String detail) {
        Optional<Linked> last = handle.createQuery("SELECT * FROM lines ORDER BY number DESC LIMIT 1")
                .map((row, context) -> read(row))
                .findOne();
        long number = last.map(linked -> linked.line().number()).orElse(0L) + 1;
        LedgerLine line =
                new LedgerLine(number, Instant.now().toString(), kind, dataSet, key, reservation, event, detail);
        handle.createUpdate("INSERT INTO lines VALUES (:number, :at, :kind, :dataSet, :coordinator, :session, "
                        + ":reservation, :event, :detail, :hash)")
                .bind("number", number)
                .bind("at", line.at())
                .bind("kind", kind.label())
                .bind("dataSet", dataSet)
                .bind("coordinator", key.coordinator())
                .bind("session", key.session())
                .bind("reservation", reservation)
                .bind("event", event)
                .bind("detail", detail)
                .bind("hash", line.hash(last.map(Linked::hash).orElse(BEGINNING)))
                .execute();
        return number;
    }

    List<LedgerLine> all() {
        return handle.createQuery("SELECT * FROM lines ORDER BY number")
                .map((row, context) -> read(row).line())
                .list();
    }

    List<LedgerLine> of(Kind kind) {
        return handle.createQuery("SELECT * FROM lines WHERE kind = :kind ORDER BY number")
                .bind("kind", kind.label())
                .map((row, context) -> read(row).line())
                .list();
    }

    List<LedgerLine> of(Kind kind, Collection<String> dataSets) {
        return handle.createQuery("SELECT * FROM lines WHERE kind = :kind AND data_set IN (<dataSets>) ORDER BY number")
                .bind("kind", kind.label())
                .bindList("dataSets", List.copyOf(dataSets))
                .map((row, context) -> read(row).line())
                .list();
    }

    List<LedgerLine> of(SessionKey key) {
        return handle.createQuery("SELECT * FROM lines WHERE coordinator = :coordinator AND session = :session "
                        + "AND kind IN ('reserved', 'committed') ORDER BY number")
                .bind("coordinator", key.coordinator())
                .bind("session", key.session())
                .map((row, context) -> read(row).line())
                .list();
    }

    long count(SessionKey key) {
        return handle.createQuery("SELECT COUNT(*) FROM lines WHERE coordinator = :coordinator AND session = :session "
                        + "AND kind IN ('reserved', 'committed')")
                .bind("coordinator", key.coordinator())
                .bind("session", key.session())
                .mapTo(Long.class)
                .one();
    }

    /** An event that was reserved, as JSON, and how often. */
    record Booked(String event, long times) {}

    List<Booked> booked(Collection<String> dataSets) {
        return handle.createQuery("SELECT event, COUNT(*) AS times FROM lines WHERE kind = 'reserved' "
                        + "AND data_set IN (<dataSets>) GROUP BY event ORDER BY MIN(number)")
                .bindList("dataSets", List.copyOf(dataSets))
                .map((row, context) -> new Booked(row.getString("event"), row.getLong("times")))
                .list();
    }

    String lastHash() {
        return handle.createQuery("SELECT lower(hex(hash)) FROM lines ORDER BY number DESC LIMIT 1")
                .mapTo(String.class)
                .findOne()
                .orElse("");
    }

    /** Whether a session's randomness could be drawn again from a seed. */
    boolean reproducible(SessionKey key) {
        return handle.createQuery("SELECT json_extract(terms, '$.reproducible') FROM sessions WHERE coordinator = "
                        + ":coordinator AND session = :session")
                .bind("coordinator", key.coordinator())
                .bind("session", key.session())
                .mapTo(Boolean.class)
                .findOne()
                .orElse(false);
    }

    /** The number of the first line that is not what was written, and why; empty if all are. */
    Optional<Verification.Broken> firstBroken() {
        byte[] previous = BEGINNING;
        long expected = 1;
        try (var lines = handle.createQuery("SELECT * FROM lines ORDER BY number")
                .map((row, context) -> read(row))
                .iterator()) {
            while (lines.hasNext()) {
                Linked linked = lines.next();
                long number = linked.line().number();
                if (number != expected) {
                    return Optional.of(new Verification.Broken(expected, "it is missing"));
                }
                if (!Arrays.equals(linked.line().hash(previous), linked.hash())) {
                    return Optional.of(new Verification.Broken(number, "it is not what was written"));
                }
                previous = linked.hash();
                expected++;
            }
        }
        return Optional.empty();
    }

    private static Linked read(ResultSet row) throws SQLException {
        LedgerLine line = new LedgerLine(
                row.getLong("number"),
                row.getString("at"),
                Kind.of(row.getString("kind")),
                row.getString("data_set"),
                new SessionKey(row.getString("coordinator"), row.getString("session")),
                row.getLong("reservation"),
                row.getString("event"),
                row.getString("detail"));
        return new Linked(line, row.getBytes("hash"));
    }
}
