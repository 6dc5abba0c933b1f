package dev.sotto.coordinator.store;

import dev.sotto.coordinator.store.Transactions.Writing;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Every change of state, a line each, never changed. Lines are chained by hashes: whoever changes, removes or puts in a line
 * must compute all later ones anew, so that a hash noted down elsewhere tells on them. Thread-safe, also across processes.
 */
public final class AuditLog {
    private static final int NAME = 200;
    private static final int DETAIL = 2_000;
    private static final int PAGE = 1_000;
    private static final byte[] NOTHING = new byte[Sha256.BYTES];

    private final Transactions transactions;

    AuditLog(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * The first line that is not as it was written.
     *
     * @param number of the line, or the one that is missing
     * @param why in one line
     */
    public record Broken(long number, String why) {}

    /** Writes a line of its own. */
    public void append(String actor, String action, String subject, String detail) {
        transactions.write(writing -> {
            append(writing, actor, action, subject, detail);
            return null;
        });
    }

    /** Writes a line together with the change that it tells of. */
    static void append(Writing writing, String actor, String action, String subject, String detail) {
        Optional<AuditLine> last = writing.handle()
                .createQuery("SELECT * FROM audit ORDER BY number DESC LIMIT 1")
                .map((row, context) -> line(row))
                .findOne();
        long number = last.map(line -> line.number() + 1).orElse(1L);
        byte[] previous = last.map(AuditLine::hash).orElse(NOTHING);
        String by = OneLine.of(actor, NAME);
        String what = OneLine.of(action, NAME);
        String on = OneLine.of(subject, NAME);
        String more = OneLine.of(detail, DETAIL);
        byte[] hash = AuditLine.hash(number, writing.now(), by, what, on, more, previous);
        writing.handle()
                .execute(
                        "INSERT INTO audit (number, millis, actor, action, subject, detail, previous, hash)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        number,
                        writing.now(),
                        by,
                        what,
                        on,
                        more,
                        Sha256.hex(previous),
                        Sha256.hex(hash));
    }

    /** Lines from a number on, oldest first. */
    public List<AuditLine> lines(long from, int most) {
        return transactions.read(
                handle -> handle.createQuery("SELECT * FROM audit WHERE number >= :from ORDER BY number LIMIT :most")
                        .bind("from", from)
                        .bind("most", most)
                        .map((row, context) -> line(row))
                        .list());
    }

    /** The last line: its hash stands for the whole log. */
    public Optional<AuditLine> last() {
        return transactions.read(handle -> handle.createQuery("SELECT * FROM audit ORDER BY number DESC LIMIT 1")
                .map((row, context) -> line(row))
                .findOne());
    }

    /** Checks the whole chain; empty if every line is as it was written. That lines at the end are missing it cannot tell. */
    public Optional<Broken> verify() {
        byte[] previous = NOTHING;
        long next = 1;
        for (List<AuditLine> page = lines(Long.MIN_VALUE, PAGE); !page.isEmpty(); page = lines(next, PAGE)) {
            for (AuditLine line : page) {
                if (line.number() != next) {
                    return Optional.of(new Broken(next, "line " + next + " is missing"));
                }
                if (!MessageDigest.isEqual(previous, line.previous())) {
                    return Optional.of(new Broken(next, "line " + next + " does not follow from the one before it"));
                }
                if (!line.whole()) {
                    return Optional.of(new Broken(next, "line " + next + " was changed"));
                }
                previous = line.hash();
                next++;
            }
        }
        return Optional.empty();
    }

    private static AuditLine line(ResultSet row) throws SQLException {
        return new AuditLine(
                row.getLong("number"),
                Instant.ofEpochMilli(row.getLong("millis")),
                row.getString("actor"),
                row.getString("action"),
                row.getString("subject"),
                row.getString("detail"),
                digest(row.getString("previous")),
                digest(row.getString("hash")));
    }

    /** What somebody has written there by hand need not be a digest; then it equals none. */
    private static byte[] digest(String hex) {
        try {
            return Sha256.parse(hex);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
