package dev.sotto.privacy.ledger;

import dev.sotto.privacy.event.DpEvent;
import java.util.List;

/**
 * The append-only record of what was done to data sets, keyed by an id that the owner declares, so that every project on
 * the same data adds to the same account. Reserve before the first gradient, commit after the release; a reservation is
 * never refunded. Implementations are thread-safe.
 */
public interface Ledger {
    /**
     * Books an event before data is touched.
     *
     * @throws BudgetExceededException if it does not fit; nothing is recorded then
     */
    Reservation reserve(String dataSet, DpEvent event, String purpose);

    /**
     * Records that the reserved event was released.
     *
     * @throws IllegalStateException if this ledger holds no such reservation, or it was committed before
     */
    void commit(Reservation reservation);

    /** Everything reserved or committed on a data set, composed. */
    DpEvent spent(String dataSet);

    /** The record of a data set, oldest first. */
    List<LedgerEntry> entries(String dataSet);
}
