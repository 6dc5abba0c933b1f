package dev.sotto.privacy.ledger;

import dev.sotto.privacy.event.DpEvent;

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
    /** What an entry says. */
    public enum Kind {
        RESERVED,
        COMMITTED
    }
}
