package dev.sotto.owner.ledger;

import dev.sotto.owner.ledger.LedgerLine.Kind;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.accounting.RdpAccountant;
import dev.sotto.privacy.accounting.UnboundedEventException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * How what is spent on a data set grew, reservation by reservation, computed from the lines alone. Long histories are thinned
 * out; the first and the last point of each are always there.
 *
 * @param dataSet whose
 * @param declared when the owner named it
 * @param limit the owner's, as it is now; empty for none
 * @param delta at which epsilon is stated: the limit's, else 1e-5
 * @param counted what is held against the limit: all sessions together, at the order that was fixed
 * @param sessions what each spent by itself, at the best order for it, in order of their first reservation
 */
public record Spending(
        String dataSet,
        Instant declared,
        Optional<TotalLimit> limit,
        Delta delta,
        List<Point> counted,
        Map<SessionKey, List<Point>> sessions) {
    private static final int MOST_POINTS = 240;

    /**
     * From when on so much was spent.
     *
     * @param epsilon empty if without bound
     */
    public record Point(Instant at, OptionalDouble epsilon) {}

    static Spending of(Lines lines, String dataSet) {
        DataSets sets = new DataSets(lines);
        Set<String> group = sets.group(dataSet);
        Optional<TotalLimit> limit = sets.limit(dataSet);
        Delta delta = limit.map(TotalLimit::delta).orElse(Standing.USUAL);
        List<LedgerLine> reserved = lines.of(Kind.RESERVED, group);
        Map<SessionKey, List<LedgerLine>> own = new LinkedHashMap<>();
        reserved.forEach(line ->
                own.computeIfAbsent(line.key(), key -> new ArrayList<>()).add(line));
        Curves each = new Curves(RdpAccountant.standard(), delta);
        Map<SessionKey, List<Point>> sessions = new LinkedHashMap<>();
        own.forEach((key, booked) -> sessions.put(key, each.over(booked)));
        OptionalDouble order = sets.order(group);
        return new Spending(
                dataSet,
                Instant.parse(lines.of(Kind.DECLARED, Set.of(dataSet)).get(0).at()),
                limit,
                delta,
                order.isEmpty()
                        ? List.of()
                        : new Curves(RdpAccountant.withOrders(order.getAsDouble()), delta).over(reserved),
                sessions);
    }

    /** Adds divergences up; each event that differs is worked out once. */
    private static final class Curves {
        private final RdpAccountant accountant;
        private final Delta delta;
        private final int orders;
        private final Map<String, Optional<double[]>> known = new HashMap<>();

        Curves(RdpAccountant accountant, Delta delta) {
            this.accountant = accountant;
            this.delta = delta;
            this.orders = accountant.orders().length;
        }

        List<Point> over(List<LedgerLine> reserved) {
            List<Point> points = new ArrayList<>();
            int every = (reserved.size() + MOST_POINTS - 1) / MOST_POINTS;
            double[] sum = new double[orders];
            boolean bounded = true;
            for (int i = 0; i < reserved.size(); i++) {
                Optional<double[]> event = known.computeIfAbsent(reserved.get(i).event(), this::divergences);
                bounded &= event.isPresent();
                for (int order = 0; bounded && order < orders; order++) {
                    sum[order] += event.get()[order];
                }
                if (i % every == 0 || i == reserved.size() - 1) {
                    points.add(new Point(
                            Instant.parse(reserved.get(i).at()),
                            bounded ? accountant.epsilon(sum, delta).epsilon() : OptionalDouble.empty()));
                }
            }
            return List.copyOf(points);
        }

        private Optional<double[]> divergences(String event) {
            try {
                return Optional.of(accountant.divergences(Total.event(event)));
            } catch (UnboundedEventException e) {
                return Optional.empty();
            }
        }
    }
}
