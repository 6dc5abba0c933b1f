package dev.sotto.owner.ledger;

import dev.sotto.owner.ledger.LedgerLine.Kind;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.accounting.RdpAccountant;
import dev.sotto.privacy.event.DpEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Where a data set stands, and where it would stand after one session.
 *
 * @param dataSet whose
 * @param sharing the data sets that share its spending, itself included
 * @param limit the owner's; empty for none
 * @param delta at which epsilon is stated: the limit's, else 1e-5
 * @param spent epsilon of all that is reserved, at the best order
 * @param counted the same at the one order that the limit is held at, or that this session would fix
 */
public record Foreseen(
        String dataSet, Set<String> sharing, Optional<TotalLimit> limit, Delta delta, Course spent, Course counted) {
    /**
     * A figure before and after.
     *
     * @param now of all sessions, this one included if it has begun; empty if unbounded
     * @param after the most it could be once this session has done all that it may; empty if unbounded
     */
    public record Course(OptionalDouble now, OptionalDouble after) {
        static Course of(RdpAccountant accountant, Delta delta, List<DpEvent> now, List<DpEvent> after) {
            OptionalDouble before = epsilon(accountant, now, delta);
            OptionalDouble then = before.isEmpty() ? before : epsilon(accountant, after, delta);
            // A round that was cut short and repeated may have cost a session more than it planned.
            boolean more = then.isPresent() && then.getAsDouble() < before.getAsDouble();
            return new Course(before, more ? before : then);
        }

        private static OptionalDouble epsilon(RdpAccountant accountant, List<DpEvent> events, Delta delta) {
            return events.isEmpty() ? OptionalDouble.of(0) : Standing.epsilon(accountant, events, delta);
        }
    }

    public Foreseen {
        sharing = Set.copyOf(sharing);
    }

    static Foreseen of(Lines lines, SessionKey key, String dataSet, DpEvent planned, DpEvent most) {
        Total total = new Total(lines, dataSet);
        Optional<TotalLimit> limit = new DataSets(lines).limit(dataSet);
        Delta delta = limit.map(TotalLimit::delta).orElse(Standing.USUAL);
        RdpAccountant counting = limit.map(
                        own -> RdpAccountant.withOrders(total.order().orElseGet(() -> Total.orderFor(planned, own))))
                .orElseGet(RdpAccountant::standard);
        List<DpEvent> now = List.copyOf(total.spent());
        List<DpEvent> after = new ArrayList<>();
        for (LedgerLine line : lines.of(Kind.RESERVED, total.group())) {
            if (!line.key().equals(key)) {
                after.add(Total.event(line.event()));
            }
        }
        after.add(most);
        return new Foreseen(
                dataSet,
                total.group(),
                limit,
                delta,
                Course.of(RdpAccountant.standard(), delta, now, after),
                Course.of(counting, delta, now, after));
    }

    /** Whether the whole session has room under the owner's limit; true without one. */
    public boolean fits() {
        return limit.isEmpty()
                || counted.after().orElse(Double.POSITIVE_INFINITY)
                        <= limit.get().epsilon().value() * (1 + 1e-9);
    }
}
