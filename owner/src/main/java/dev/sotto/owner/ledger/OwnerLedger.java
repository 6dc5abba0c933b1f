package dev.sotto.owner.ledger;

import dev.sotto.owner.ledger.LedgerLine.Kind;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.ledger.Budget;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * The owner's record of what every session of every coordinator did to its data, keyed by ids that the owner gives. An event
 * is reserved before data is touched and stays spent whatever happens; it is refused if it passes the owner's limit. Lines are
 * never changed or removed, and each carries a hash over all before it. Thread-safe, and safe with several processes.
 */
public final class OwnerLedger {
    private final OwnerDatabase database;

    /** The ledger in a database. */
    public OwnerLedger(OwnerDatabase database) {
        this.database = database;
    }

    /**
     * Names a data set, or adds to what was said of it before.
     *
     * @param dataSet the owner's id; whatever is done to the same examples must go by it
     * @param inherits data sets with which it shares examples, as an earlier version or an overlapping query: what was spent
     *     on any of them is spent on all
     * @param limit for all sessions together; empty for none
     * @throws LedgerException if one it inherits from is unknown
     */
    public void declare(String dataSet, Collection<String> inherits, Optional<TotalLimit> limit) {
        if (dataSet.isBlank()) {
            throw new LedgerException("the id of a data set is empty");
        }
        database.transact(handle -> {
            Lines lines = new Lines(handle);
            new DataSets(lines).declare(dataSet, inherits);
            new DataSets(lines).limit(dataSet, limit);
        });
    }

    /** Ids of the data sets that are declared. */
    public Set<String> dataSets() {
        return database.transaction(handle -> new DataSets(new Lines(handle)).ids());
    }

    /**
     * Why an event would be refused now on top of what was spent; empty if it would not. Nothing is booked.
     *
     * @return words that may leave
     */
    public Optional<String> wouldRefuse(String dataSet, DpEvent event) {
        return database.transaction(handle -> new Total(new Lines(handle), dataSet).refusal(event));
    }

    /**
     * A session's view: its own budget, and the owner's behind it.
     *
     * @param budget what the session may spend
     * @param planned all that it means to do; fixes the Renyi order if it is the first on the data
     */
    public SessionLedger session(SessionKey key, String dataSet, Budget budget, DpEvent planned) {
        return new SessionLedger(database, key, dataSet, budget, planned);
    }

    /**
     * What the data set would have spent if a session did all that it may, on top of what others have spent. Nothing is booked.
     *
     * @param planned all that the session means to do
     * @param most all that it can do before its own limit stops it
     */
    public Foreseen foresee(SessionKey key, String dataSet, DpEvent planned, DpEvent most) {
        return database.transaction(handle -> Foreseen.of(new Lines(handle), key, dataSet, planned, most));
    }

    /** All lines, oldest first. */
    public List<LedgerLine> lines() {
        return database.transaction(handle -> new Lines(handle).all());
    }

    /** Walks the chain and holds reservations against commitments. */
    public Verification verify() {
        return database.transaction(handle -> Verification.of(new Lines(handle)));
    }

    /** What is spent on each data set, computed anew from the lines. */
    public List<Standing> standings() {
        return database.transaction(handle -> {
            Lines lines = new Lines(handle);
            return new DataSets(lines)
                    .ids().stream().map(id -> Standing.of(lines, id)).toList();
        });
    }

    /** The same for one. */
    public Standing standing(String dataSet) {
        return database.transaction(handle -> Standing.of(new Lines(handle), dataSet));
    }

    /** How what is spent on a data set grew, computed anew from the lines. */
    public Spending spending(String dataSet) {
        return database.transaction(handle -> Spending.of(new Lines(handle), dataSet));
    }

    static long reserve(
            Handle handle,
            SessionKey key,
            String dataSet,
            DpEvent event,
            String json,
            DpEvent planned,
            TotalLimit basis,
            String purpose) {
        Lines lines = new Lines(handle);
        new Total(lines, dataSet).admit(event, planned, basis);
        return lines.append(Kind.RESERVED, dataSet, key, 0, json, purpose);
    }
}
