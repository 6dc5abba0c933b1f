package dev.sotto.owner.ledger;

import dev.sotto.owner.ledger.LedgerLine.Kind;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.accounting.RdpAccountant;
import dev.sotto.privacy.accounting.UnboundedEventException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/**
 * How what is spent on a data set grew, reservation by reservation, computed from the lines alone.
 *
 * @param dataSet whose
 * @param declared when the owner named it
 * @param limit the owner's, as it is now; empty for none
 * @param delta at which epsilon is stated: the limit's, else 1e-5
 * @param points oldest first; a long history is thinned out, but the first and the last of each session are there
 */
public record Spending(String dataSet, Instant declared, Optional<TotalLimit> limit, Delta delta, List<Point> points) {
    private static final int MOST_POINTS = 240;

    /**
     * A reservation, and what was spent with it. Epsilons are empty where there is no bound.
     *
     * @param at when
     * @param session for whom
     * @param own what that session then had spent by itself, at the best order for it
     * @param counted what was then held against the limit: all sessions together, at the order that was fixed
     */
    public record Point(Instant at, SessionKey session, OptionalDouble own, OptionalDouble counted) {}

    static Spending of(Lines lines, String dataSet) {
        DataSets sets = new DataSets(lines);
        Set<String> group = sets.group(dataSet);
        Optional<TotalLimit> limit = sets.limit(dataSet);
        Delta delta = limit.map(TotalLimit::delta).orElse(Standing.USUAL);
        OptionalDouble order = sets.order(group);
        return new Spending(
                dataSet,
                Instant.parse(lines.of(Kind.DECLARED, Set.of(dataSet)).get(0).at()),
                limit,
                delta,
                order.isEmpty() ? List.of() : points(lines.of(Kind.RESERVED, group), order.getAsDouble(), delta));
    }

    private static List<Point> points(List<LedgerLine> reserved, double order, Delta delta) {
        Curves own = new Curves(RdpAccountant.standard());
        Curves all = new Curves(RdpAccountant.withOrders(order));
        Map<SessionKey, Sum> sessions = new HashMap<>();
        Sum counted = all.sum();
        Set<Integer> kept = kept(reserved);
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < reserved.size(); i++) {
            LedgerLine line = reserved.get(i);
            Sum session = sessions.computeIfAbsent(line.key(), key -> own.sum());
            session.add(line.event());
            counted.add(line.event());
            if (kept.contains(i)) {
                points.add(new Point(
                        Instant.parse(line.at()), line.key(), session.epsilon(delta), counted.epsilon(delta)));
            }
        }
        return List.copyOf(points);
    }

    private static Set<Integer> kept(List<LedgerLine> reserved) {
        int every = (reserved.size() + MOST_POINTS - 1) / MOST_POINTS;
        Map<SessionKey, Integer> lasts = new HashMap<>();
        Set<Integer> kept = new TreeSet<>();
        for (int i = 0; i < reserved.size(); i++) {
            if (i % every == 0 || lasts.put(reserved.get(i).key(), i) == null) {
                kept.add(i);
                lasts.put(reserved.get(i).key(), i);
            }
        }
        kept.addAll(lasts.values());
        return kept;
    }

    /** Divergences of events; each event that differs is worked out once. */
    private static final class Curves {
        private final RdpAccountant accountant;
        private final Map<String, Optional<double[]>> known = new HashMap<>();

        Curves(RdpAccountant accountant) {
            this.accountant = accountant;
        }

        Sum sum() {
            return new Sum(this);
        }

        Optional<double[]> of(String event) {
            return known.computeIfAbsent(event, json -> {
                try {
                    return Optional.of(accountant.divergences(Total.event(json)));
                } catch (UnboundedEventException e) {
                    return Optional.empty();
                }
            });
        }
    }

    /** Divergences added up. */
    private static final class Sum {
        private final Curves curves;
        private final double[] sum;
        private boolean bounded = true;

        Sum(Curves curves) {
            this.curves = curves;
            this.sum = new double[curves.accountant.orders().length];
        }

        void add(String event) {
            Optional<double[]> own = curves.of(event);
            bounded &= own.isPresent();
            for (int order = 0; bounded && order < sum.length; order++) {
                sum[order] += own.get()[order];
            }
        }

        OptionalDouble epsilon(Delta delta) {
            return bounded ? curves.accountant.epsilon(sum, delta).epsilon() : OptionalDouble.empty();
        }
    }
}
