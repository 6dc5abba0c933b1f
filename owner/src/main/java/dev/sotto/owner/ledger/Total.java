package dev.sotto.owner.ledger;

import dev.sotto.privacy.accounting.RdpAccountant;
import dev.sotto.privacy.accounting.RdpFilter;
import dev.sotto.privacy.accounting.UnboundedEventException;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.privacy.event.SelfComposed;
import dev.sotto.privacy.ledger.BudgetExceededException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What all sessions together have spent on a data set and on those it shares examples with, held against the owner's limits:
 * a Renyi filter (Feldman, Zrnic 2021) at one order, fixed and written down before the first release. Worked out from the
 * lines each time, inside the transaction that adds to them, so it holds for any number of processes.
 */
final class Total {
    /** Where no planned event suggests another: in the middle of what suits an epsilon of a few. */
    private static final double PLAIN_ORDER = 8;
    /** Events as read from lines; there are few that differ. */
    private static final Map<String, DpEvent> EVENTS = new ConcurrentHashMap<>();

    private final DataSets dataSets;
    private final String dataSet;
    private final Set<String> group;
    private final List<SelfComposed> spent = new ArrayList<>();

    Total(Lines lines, String dataSet) {
        this.dataSets = new DataSets(lines);
        this.dataSet = dataSet;
        this.group = dataSets.group(dataSet);
        for (Lines.Booked booked : lines.booked(group)) {
            spent.add(new SelfComposed(event(booked.event()), booked.times()));
        }
    }

    static DpEvent event(String json) {
        return EVENTS.computeIfAbsent(json, DpEvents::fromJson);
    }

    Set<String> group() {
        return group;
    }

    /** Everything reserved, each event with how often. */
    List<SelfComposed> spent() {
        return spent;
    }

    OptionalDouble order() {
        return dataSets.order(group);
    }

    /**
     * Fixes the order if this is the first event, and refuses what does not fit.
     *
     * @param planned all that the session means to do
     * @param basis of the order where the owner has no limit
     * @throws BudgetExceededException in words that may leave: they say nothing of other sessions
     */
    void admit(DpEvent event, DpEvent planned, TotalLimit basis) {
        if (order().isEmpty()) {
            dataSets.fixOrder(dataSet, orderFor(planned, dataSets.limit(dataSet).orElse(basis)));
        }
        refusal(event).ifPresent(reason -> {
            throw new BudgetExceededException(reason);
        });
    }

    /** Why an event does not fit; empty if it does. Before the first one, held against the order that it would fix. */
    Optional<String> refusal(DpEvent event) {
        for (String id : group) {
            Optional<TotalLimit> limit = dataSets.limit(id);
            if (limit.isPresent() && exceeds(event, limit.get())) {
                // What the owner calls the data does not leave.
                return Optional.of(
                        "what the owner allows on the data in all sessions together does not cover this one");
            }
        }
        return Optional.empty();
    }

    private boolean exceeds(DpEvent event, TotalLimit limit) {
        try {
            double order = order().orElseGet(() -> orderFor(event, limit));
            RdpFilter filter = RdpFilter.atOrder(limit.epsilon(), limit.delta(), order);
            spent.forEach(booked -> filter.add(booked.event(), booked.count()));
            return filter.wouldExceed(event);
        } catch (UnboundedEventException e) {
            // What has no bound has no place under a limit.
            return true;
        }
    }

    /** The order that a plan would fix under a limit. */
    static double orderFor(DpEvent planned, TotalLimit limit) {
        try {
            RdpAccountant.standard().divergences(planned);
            return new RdpFilter(limit.epsilon(), limit.delta(), planned).order();
        } catch (UnboundedEventException e) {
            return PLAIN_ORDER;
        }
    }
}
