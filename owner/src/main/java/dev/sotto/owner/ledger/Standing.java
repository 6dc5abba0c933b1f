package dev.sotto.owner.ledger;

import dev.sotto.owner.ledger.LedgerLine.Kind;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.accounting.RdpAccountant;
import dev.sotto.privacy.accounting.UnboundedEventException;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Where a data set stands, computed from the lines alone: nothing that was summed up before is trusted.
 *
 * @param dataSet whose
 * @param sharing the data sets that share its spending, itself included
 * @param limit the owner's; empty for none
 * @param delta at which epsilon is stated: the limit's, else 1e-5
 * @param order Renyi order that the limit is enforced at; empty before the first reservation
 * @param enforced epsilon at that order, which is what the limit is held against; empty if unbounded
 * @param epsilon all that is reserved, at the best order, for reading; empty if unbounded
 * @param sessions what each of them spent, in order of their first reservation
 */
public record Standing(
        String dataSet,
        Set<String> sharing,
        Optional<TotalLimit> limit,
        Delta delta,
        OptionalDouble order,
        OptionalDouble enforced,
        OptionalDouble epsilon,
        List<OfSession> sessions) {
    /** At which epsilon is stated where the owner has no limit. */
    static final Delta USUAL = new Delta(1e-5);

    /**
     * What one session spent.
     *
     * @param reserved how many events
     * @param committed how many of them were released
     * @param epsilon of all that it reserved, at the data set's delta; empty if unbounded
     * @param reproducible whether it drew from a test seed, so that nothing of it was private
     */
    public record OfSession(
            SessionKey key, long reserved, long committed, OptionalDouble epsilon, boolean reproducible) {}

    static Standing of(Lines lines, String dataSet) {
        Total total = new Total(lines, dataSet);
        Optional<TotalLimit> limit = new DataSets(lines).limit(dataSet);
        Delta delta = limit.map(TotalLimit::delta).orElse(USUAL);
        List<DpEvent> all = List.copyOf(total.spent());
        OptionalDouble order = total.order();
        return new Standing(
                dataSet,
                total.group(),
                limit,
                delta,
                order,
                order.isPresent()
                        ? epsilon(RdpAccountant.withOrders(order.getAsDouble()), all, delta)
                        : OptionalDouble.of(0),
                epsilon(RdpAccountant.standard(), all, delta),
                sessions(lines, total.group(), delta));
    }

    private static List<OfSession> sessions(Lines lines, Set<String> group, Delta delta) {
        Map<SessionKey, List<DpEvent>> reserved = new LinkedHashMap<>();
        Map<SessionKey, Long> committed = new LinkedHashMap<>();
        for (LedgerLine line : lines.of(Kind.RESERVED, group)) {
            reserved.computeIfAbsent(line.key(), key -> new ArrayList<>()).add(Total.event(line.event()));
        }
        for (LedgerLine line : lines.of(Kind.COMMITTED, group)) {
            committed.merge(line.key(), 1L, Long::sum);
        }
        return reserved.entrySet().stream()
                .map(own -> new OfSession(
                        own.getKey(),
                        own.getValue().size(),
                        committed.getOrDefault(own.getKey(), 0L),
                        epsilon(RdpAccountant.standard(), own.getValue(), delta),
                        lines.reproducible(own.getKey())))
                .toList();
    }

    /**
     * Of events together, which sessions may state under several relations. Divergences add up all the same, and the sum holds
     * for one example that is replaced by nothing: what is enough for one that may become any other, or may not be there, is
     * enough for that.
     */
    static OptionalDouble epsilon(RdpAccountant accountant, List<DpEvent> events, Delta delta) {
        Map<Optional<NeighbouringRelation>, List<DpEvent>> alike = new LinkedHashMap<>();
        events.forEach(event -> alike.computeIfAbsent(event.neighbours(), relation -> new ArrayList<>())
                .add(event));
        try {
            double[] sum = new double[accountant.orders().length];
            for (List<DpEvent> each : alike.values()) {
                double[] curve = accountant.divergences(DpEvents.gathered(new Composed(each)));
                Arrays.setAll(sum, i -> sum[i] + curve[i]);
            }
            return accountant.epsilon(sum, delta).epsilon();
        } catch (UnboundedEventException e) {
            return OptionalDouble.empty();
        }
    }
}
