package dev.sotto.privacy.ledger;

import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.accounting.RdpFilter;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.privacy.event.SelfComposed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** One data set's record and budget. Guarded by its ledger. */
final class Account {
    private final String dataSet;
    private final Budget budget;
    private final List<LedgerEntry> entries = new ArrayList<>();
    private final List<DpEvent> reserved = new ArrayList<>();
    private final Set<Long> committed = new HashSet<>();
    private RdpFilter filter;
    private OptionalDouble plannedEpsilon = OptionalDouble.empty();

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
        if (budget.accountant() == AccountantChoice.RDP) {
            RdpFilter fixed = filter == null
                    ? new RdpFilter(limit, budget.delta(), budget.planned().orElse(event))
                    : filter;
            if (!fixed.admit(event)) {
                throw refusal(event, limit);
            }
            filter = fixed;
            return;
        }
        DpEvent together = DpEvents.gathered(new Composed(with(event)));
        boolean foreseen = budget.planned().isPresent()
                && isPartOf(together, budget.planned().get())
                && plannedEpsilon() <= limit.value();
        if (!foreseen && !reserved.isEmpty() && !(together instanceof SelfComposed)) {
            throw new BudgetExceededException(
                    "data set '" + dataSet + "': the " + budget.accountant().label()
                            + " accountant admits what was planned and repetitions of the first event; other events need a"
                            + " budget under rdp");
        }
        // What is planned is fixed in advance as a whole: if it fits, so does every part of it.
        if (!foreseen && epsilon(together) > limit.value()) {
            throw refusal(event, limit);
        }
    }

    private double plannedEpsilon() {
        if (plannedEpsilon.isEmpty()) {
            plannedEpsilon = OptionalDouble.of(epsilon(budget.planned().orElseThrow()));
        }
        return plannedEpsilon.getAsDouble();
    }

    private static boolean isPartOf(DpEvent part, DpEvent whole) {
        Map<DpEvent, Long> planned = DpEvents.parts(whole);
        return DpEvents.parts(part).entrySet().stream()
                .allMatch(entry -> entry.getValue() <= planned.getOrDefault(entry.getKey(), 0L));
    }

    private BudgetExceededException refusal(DpEvent event, Epsilon limit) {
        return new BudgetExceededException(String.format(
                Locale.ROOT,
                "data set '%s': epsilon %.6g is spent and would become %.6g; the limit is %s at delta %s (%s)",
                dataSet,
                epsilon(spent()),
                epsilon(new Composed(with(event))),
                limit,
                budget.delta(),
                budget.accountant().label()));
    }

    private List<DpEvent> with(DpEvent event) {
        List<DpEvent> all = new ArrayList<>(reserved);
        all.add(event);
        return all;
    }

    private double epsilon(DpEvent event) {
        return budget.accountant().accountant().epsilon(event, budget.delta()).orInfinity();
    }
}
