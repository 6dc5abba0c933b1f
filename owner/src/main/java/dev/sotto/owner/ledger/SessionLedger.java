package dev.sotto.owner.ledger;

import dev.sotto.owner.ledger.LedgerLine.Kind;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.privacy.event.NoOp;
import dev.sotto.privacy.ledger.Budget;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.privacy.ledger.InMemoryLedger;
import dev.sotto.privacy.ledger.Ledger;
import dev.sotto.privacy.ledger.LedgerEntry;
import dev.sotto.privacy.ledger.Reservation;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jdbi.v3.core.Handle;

/**
 * One session's view of the owner's ledger: it sees and reports what this session did, and books it for all. A reservation is
 * checked against the session's budget and the owner's limit and written down in one transaction. A commitment waits until
 * {@link #settle} writes it together with what was released. Thread-safe.
 */
public final class SessionLedger implements Ledger {
    private static final Epsilon USUAL = new Epsilon(10);
    /** An entry that commits goes by its reservation; the line does not repeat the event. */
    private static final DpEvent COMMITTED = new NoOp();

    private final OwnerDatabase database;
    private final SessionKey key;
    private final String dataSet;
    private final Budget budget;
    private final DpEvent planned;
    private final Queue<Reservation> waiting = new ConcurrentLinkedQueue<>();
    private volatile Admission admission = (handle, reserved) -> {};
    /** The session's own account; guarded, as the next, by the database's transactions. */
    private InMemoryLedger view;

    private List<Long> reservedLines = new ArrayList<>();

    /** What else must hold before an event is booked. */
    @FunctionalInterface
    public interface Admission {
        /**
         * Throws if it may not be booked: then nothing is, and no data may be touched.
         *
         * @param handle of the transaction that would book it
         * @param reserved all that the session would have reserved then
         */
        void admit(Handle handle, DpEvent reserved);
    }

    SessionLedger(OwnerDatabase database, SessionKey key, String dataSet, Budget budget, DpEvent planned) {
        this.database = database;
        this.key = key;
        this.dataSet = dataSet;
        this.budget = budget;
        this.planned = planned;
    }

    /** Has that asked too before each event is booked, in the transaction that books it. */
    public void admission(Admission asked) {
        admission = asked;
    }

    @Override
    public Reservation reserve(String of, DpEvent event, String purpose) {
        requireOwn(of);
        // What was never written down as released stays reserved only.
        waiting.clear();
        String json = DpEvents.toJson(event).toString();
        TotalLimit basis = new TotalLimit(budget.epsilon().orElse(USUAL), budget.delta());
        return database.transaction(handle -> {
            InMemoryLedger own = current(handle);
            view = null; // until both budgets have agreed
            Reservation reservation = reserve(own, event, purpose);
            admission.admit(handle, own.spent(dataSet));
            long line = OwnerLedger.reserve(handle, key, dataSet, event, json, planned, basis, purpose);
            reservedLines.add(line);
            view = own;
            return reservation;
        });
    }

    private Reservation reserve(InMemoryLedger own, DpEvent event, String purpose) {
        try {
            return own.reserve(dataSet, event, purpose);
        } catch (BudgetExceededException e) {
            // This leaves, and what the owner calls the data does not.
            throw new BudgetExceededException(e.getMessage().replace("data set '" + dataSet + "'", key.toString()));
        }
    }

    @Override
    public void commit(Reservation reservation) {
        requireOwn(reservation.dataSet());
        waiting.add(reservation);
    }

    /**
     * Writes down what was committed since the last reservation; in the transaction that stores what was released.
     *
     * @param release digest of what was released
     */
    public void settle(Handle handle, String release) {
        InMemoryLedger own = current(handle);
        Lines lines = new Lines(handle);
        for (Reservation reservation = waiting.poll(); reservation != null; reservation = waiting.poll()) {
            own.commit(reservation);
            long line = reservedLines.get(Math.toIntExact(reservation.number()) - 1);
            lines.append(Kind.COMMITTED, dataSet, key, line, "", release);
        }
    }

    @Override
    public DpEvent spent(String of) {
        requireOwn(of);
        return database.transaction(handle -> current(handle).spent(dataSet));
    }

    @Override
    public List<LedgerEntry> entries(String of) {
        requireOwn(of);
        return database.transaction(handle -> current(handle).entries(dataSet));
    }

    private void requireOwn(String of) {
        if (!of.equals(dataSet)) {
            throw new IllegalArgumentException(key + " is about data set '" + dataSet + "', not '" + of + "'");
        }
    }

    /** The session's own account, read anew where another process, or a transaction that failed, left it behind the file. */
    private InMemoryLedger current(Handle handle) {
        Lines lines = new Lines(handle);
        if (view == null || view.entries(dataSet).size() != lines.count(key)) {
            List<LedgerLine> written = lines.of(key);
            view = new InMemoryLedger(budget);
            reservedLines = new ArrayList<>(written.stream()
                    .filter(line -> line.kind() == Kind.RESERVED)
                    .map(LedgerLine::number)
                    .toList());
            LedgerEntry.replay(entries(written), dataSet, view);
        }
        return view;
    }

    private static List<LedgerEntry> entries(List<LedgerLine> written) {
        List<LedgerEntry> entries = new ArrayList<>();
        for (LedgerLine line : written) {
            boolean reserved = line.kind() == Kind.RESERVED;
            entries.add(new LedgerEntry(
                    entries.size() + 1,
                    reserved ? LedgerEntry.Kind.RESERVED : LedgerEntry.Kind.COMMITTED,
                    reserved ? line.number() : line.reservation(),
                    reserved ? Total.event(line.event()) : COMMITTED,
                    line.detail()));
        }
        return entries;
    }
}
