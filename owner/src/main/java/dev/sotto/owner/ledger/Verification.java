package dev.sotto.owner.ledger;

import dev.sotto.owner.ledger.LedgerLine.Kind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a ledger is what was written, from its first line to its last.
 *
 * @param lines how many there are
 * @param last hash of the last line in hexadecimal, which says where the ledger ends; empty for no lines
 * @param broken the first line that is not, if there is one
 */
public record Verification(long lines, String last, Optional<Broken> broken) {
    /**
     * A line that is not what was written, or cannot be meant.
     *
     * @param line its number
     * @param reason what is wrong with it
     */
    public record Broken(long line, String reason) {}

    /** Whether nothing is broken. */
    public boolean intact() {
        return broken.isEmpty();
    }

    static Verification of(Lines lines) {
        var all = lines.all();
        return new Verification(
                all.size(), lines.lastHash(), lines.firstBroken().or(() -> firstUnmeant(all)));
    }

    /** A commitment belongs to one reservation of its session before it. */
    private static Optional<Broken> firstUnmeant(Iterable<LedgerLine> lines) {
        Map<Long, LedgerLine> reserved = new HashMap<>();
        Set<Long> committed = new HashSet<>();
        for (LedgerLine line : lines) {
            if (line.kind() == Kind.RESERVED) {
                reserved.put(line.number(), line);
            } else if (line.kind() == Kind.COMMITTED) {
                LedgerLine of = reserved.get(line.reservation());
                if (of == null || !of.key().equals(line.key()) || !of.dataSet().equals(line.dataSet())) {
                    return Optional.of(new Broken(line.number(), "it commits what its session never reserved"));
                }
                if (!committed.add(line.reservation())) {
                    return Optional.of(new Broken(line.number(), "it commits what was committed before"));
                }
            }
        }
        return Optional.empty();
    }
}
