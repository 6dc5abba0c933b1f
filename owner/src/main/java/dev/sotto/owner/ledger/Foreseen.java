package dev.sotto.owner.ledger;

import dev.sotto.owner.ledger.LedgerLine.Kind;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.accounting.RdpAccountant;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Where a data set stands, and where it would stand after one session. Epsilon is what the owner's limit is held against:
 * that of the one Renyi order which is fixed, or which this session would fix; without a limit, that of the best order.
 *
 * @param dataSet whose
 * @param sharing the data sets that share its spending, itself included
 * @param limit the owner's; empty for none
 * @param delta at which epsilon is stated: the limit's, else 1e-5
 * @param now what all sessions have reserved, this one included if it has begun; empty if unbounded
 * @param after the most that would be reserved once this session has done all that it may; empty if unbounded
 */
public record Foreseen(
        String dataSet,
        Set<String> sharing,
        Optional<TotalLimit> limit,
        Delta delta,
        OptionalDouble now,
        OptionalDouble after) {

    public Foreseen {
        sharing = Set.copyOf(sharing);
    }

    static Foreseen of(Lines lines, SessionKey key, String dataSet, DpEvent planned, DpEvent most) {
        Total total = new Total(lines, dataSet);
        Optional<TotalLimit> limit = new DataSets(lines).limit(dataSet);
        Delta delta = limit.map(TotalLimit::delta).orElse(Standing.USUAL);
        RdpAccountant accountant = limit.map(
                        own -> RdpAccountant.withOrders(total.order().orElseGet(() -> Total.orderFor(planned, own))))
                .orElseGet(RdpAccountant::standard);
        OptionalDouble now = epsilon(accountant, List.copyOf(total.spent()), delta);
        List<DpEvent> all = new ArrayList<>();
        for (LedgerLine line : lines.of(Kind.RESERVED, total.group())) {
            if (!line.key().equals(key)) {
                all.add(Total.event(line.event()));
            }
        }
        all.add(most);
        OptionalDouble after = epsilon(accountant, all, delta);
        // A round that was cut short and repeated may have cost a session more than it planned.
        if (now.isPresent() && after.isPresent() && now.getAsDouble() > after.getAsDouble()) {
            after = now;
        }
        return new Foreseen(dataSet, total.group(), limit, delta, now, now.isEmpty() ? now : after);
    }

    private static OptionalDouble epsilon(RdpAccountant accountant, List<DpEvent> events, Delta delta) {
        return events.isEmpty()
                ? OptionalDouble.of(0)
                : Standing.epsilon(accountant, DpEvents.gathered(new Composed(events)), delta);
    }

    /** Whether the whole session has room under the owner's limit; true without one. */
    public boolean fits() {
        return limit.isEmpty()
                || after.orElse(Double.POSITIVE_INFINITY)
                        <= limit.get().epsilon().value() * (1 + 1e-9);
    }
}
