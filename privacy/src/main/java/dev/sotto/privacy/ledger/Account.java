package dev.sotto.privacy.ledger;

import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.accounting.PlanFilter;
import dev.sotto.privacy.accounting.RdpFilter;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** One data set's record and budget. Guarded by its ledger. */
final class Account {
    private final String dataSet;
    private final Budget budget;
    private final List<LedgerEntry> entries = new ArrayList<>();
    private final List<DpEvent> reserved = new ArrayList<>();
    private final Set<Long> committed = new HashSet<>();
    private RdpFilter filter;
    private PlanFilter plan;

    Account(String dataSet, Budget budget) {
        this.dataSet = dataSet;
        this.budget = budget;
    }

    Reservation reserve(DpEvent event, String purpose) {
        budget.epsilon().ifPresent(limit -> admit(event, limit));
        reserved.add(event);
        Reservation reservation = new Reservation(reserved.size(), dataSet, event, purpose);
        append(LedgerEntry.Kind.RESERVED, reservation);
        return reservation;
    }

    void commit(Reservation reservation) {
        int index = Math.toIntExact(reservation.number()) - 1;
        if (index < 0 || index >= reserved.size() || !reserved.get(index).equals(reservation.event())) {
            throw new IllegalStateException(
                    "data set '" + dataSet + "' has no reservation " + reservation.number() + " of that event");
        }
        if (!committed.add(reservation.number())) {
            throw new IllegalStateException(
                    "reservation " + reservation.number() + " on data set '" + dataSet + "' was committed before");
        }
        append(LedgerEntry.Kind.COMMITTED, reservation);
    }

    DpEvent spent() {
        return DpEvents.gathered(new Composed(reserved));
    }

    List<LedgerEntry> entries() {
        return List.copyOf(entries);
    }

    private void append(LedgerEntry.Kind kind, Reservation reservation) {
        entries.add(new LedgerEntry(
                entries.size() + 1, kind, reservation.number(), reservation.event(), reservation.purpose()));
    }

    private void admit(DpEvent event, Epsilon limit) {
        DpEvent planned = budget.planned().orElse(event);
        if (budget.accountant() == AccountantChoice.RDP) {
            RdpFilter fixed = filter == null ? new RdpFilter(limit, budget.delta(), planned) : filter;
            if (!fixed.admit(event)) {
                throw refusal(fixed.epsilon(), fixed.epsilonWith(event), limit);
            }
            filter = fixed;
            return;
        }
        PlanFilter fixed = plan == null ? new PlanFilter(budget.accountant(), limit, budget.delta(), planned) : plan;
        DpEvent together = DpEvents.gathered(new Composed(with(event)));
        if (!fixed.foresees(together)) {
            throw new BudgetExceededException("data set '" + dataSet + "': under the "
                    + budget.accountant().label()
                    + " accountant only what was planned before the first release can be held"
                    + " against a limit, in parts or over again; other events need a budget under rdp");
        }
        if (!fixed.admits(together)) {
            throw refusal(fixed.epsilon(spent()), fixed.epsilon(together), limit);
        }
        plan = fixed;
    }

    /** In the numbers that are held against the limit. */
    private BudgetExceededException refusal(double spent, double withEvent, Epsilon limit) {
        return new BudgetExceededException(String.format(
                Locale.ROOT,
                "data set '%s': epsilon %.6g is spent and would become %.6g; the limit is %s at delta %s (%s)",
                dataSet,
                spent,
                withEvent,
                limit,
                budget.delta(),
                budget.accountant().label()));
    }

    private List<DpEvent> with(DpEvent event) {
        List<DpEvent> all = new ArrayList<>(reserved);
        all.add(event);
        return all;
    }
}
