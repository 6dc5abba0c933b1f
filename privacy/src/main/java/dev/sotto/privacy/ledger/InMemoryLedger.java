package dev.sotto.privacy.ledger;

import dev.sotto.privacy.event.DpEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A ledger that lives as long as the process: for simulation and tests. Thread-safe. */
public final class InMemoryLedger implements Ledger {
    private final Function<String, Budget> budgets;
    private final Map<String, Account> accounts = new HashMap<>();

    /** A ledger in which every data set has a budget of this size. */
    public InMemoryLedger(Budget each) {
        this(dataSet -> each);
    }

    /** A ledger with a budget for each data set; a data set that is not among them is refused. */
    public InMemoryLedger(Map<String, Budget> budgets) {
        this(Map.copyOf(budgets)::get);
    }

    private InMemoryLedger(Function<String, Budget> budgets) {
        this.budgets = budgets;
    }

    @Override
    public synchronized Reservation reserve(String dataSet, DpEvent event, String purpose) {
        return account(dataSet).reserve(event, purpose);
    }

    @Override
    public synchronized void commit(Reservation reservation) {
        account(reservation.dataSet()).commit(reservation);
    }

    @Override
    public synchronized DpEvent spent(String dataSet) {
        return account(dataSet).spent();
    }

    @Override
    public synchronized List<LedgerEntry> entries(String dataSet) {
        return account(dataSet).entries();
    }

    private Account account(String dataSet) {
        return accounts.computeIfAbsent(dataSet, id -> {
            Budget budget = budgets.apply(id);
            if (budget == null) {
                throw new IllegalArgumentException("data set '" + id + "' has no budget in this ledger");
            }
            return new Account(id, budget);
        });
    }
}
