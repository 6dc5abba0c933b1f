package dev.sotto.privacy.ledger;

import dev.sotto.privacy.event.DpEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One line of a ledger.
 *
 * @param number of the line within its data set, from 1
 * @param kind reserved before data was touched, or committed after the release
 * @param reservation number of the reservation that it belongs to
 * @param event what is done to the data
 * @param purpose in the words of who asked
 */
public record LedgerEntry(long number, Kind kind, long reservation, DpEvent event, String purpose) {
    /**
     * Books the same again in a ledger that holds nothing on the data set, as its owner does after a restart.
     *
     * @throws IllegalStateException if an entry commits what was not reserved before it
     * @throws BudgetExceededException if the ledger's budget is not the one under which these were booked
     */
    public static void replay(List<LedgerEntry> entries, String dataSet, Ledger ledger) {
        Map<Long, Reservation> reserved = new HashMap<>();
        for (LedgerEntry entry : entries) {
            if (entry.kind() == Kind.RESERVED) {
                reserved.put(entry.reservation(), ledger.reserve(dataSet, entry.event(), entry.purpose()));
            } else if (reserved.containsKey(entry.reservation())) {
                ledger.commit(reserved.get(entry.reservation()));
            } else {
                throw new IllegalStateException("data set '" + dataSet + "': entry " + entry.number()
                        + " commits reservation " + entry.reservation() + ", which was never made");
            }
        }
    }

    /** What an entry says. */
    public enum Kind {
        RESERVED,
        COMMITTED
    }
}
