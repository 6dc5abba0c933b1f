package dev.sotto.privacy.accounting;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.privacy.event.SelfComposed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stops before epsilon is exceeded where the accountant's bound holds only for what was fixed in advance. What is fixed is one
 * composition: the longest beginning of the plan, done over and over, that costs at most epsilon. Everything that is part of it
 * is admitted, in whatever order and however that is chosen: given what was released, the rest is the same multiset, so by
 * induction over composition (Zhu, Dong, Wang 2022, theorem 10) the whole dominates it. Two compositions that each fit, with
 * the choice between them left to what was released, would not do: what they lose adds up. Not thread-safe.
 */
public final class PlanFilter {
    private final Accountant accountant;
    private final Epsilon epsilon;
    private final Delta delta;
    private final Map<DpEvent, Long> planned;
    private boolean planTried;
    /** The longest beginning that was found to fit. */
    private Map<DpEvent, Long> fitting = Map.of();

    /**
     * A filter for (epsilon, delta).
     *
     * @param planned all that is meant to be done, known before the first release; it counts in the order of its parts, equal
     *     ones together
     */
    public PlanFilter(AccountantChoice accountant, Epsilon epsilon, Delta delta, DpEvent planned) {
        this.accountant = accountant.accountant();
        this.epsilon = epsilon;
        this.delta = delta;
        this.planned = DpEvents.parts(planned);
    }

    /** Whether all of it is of kinds that are in the plan. */
    public boolean foresees(DpEvent together) {
        return planned.keySet().containsAll(DpEvents.parts(together).keySet());
    }

    /**
     * Whether all that was done, with what is about to be, is part of what fits.
     *
     * @throws UnboundedEventException if the accountant has no bound for the plan
     */
    public boolean admits(DpEvent together) {
        if (!foresees(together)) {
            return false;
        }
        Map<DpEvent, Long> needed = beginningWith(DpEvents.parts(together));
        if (!planTried && isPartOf(needed, planned)) {
            planTried = true;
            fits(planned);
        }
        return isPartOf(needed, fitting) || fits(needed);
    }

    /**
     * What is held against the limit: the cost of the shortest beginning of the plan, done over and over, that has all of it;
     * infinite if none has.
     */
    public double epsilon(DpEvent together) {
        return foresees(together) ? epsilon(beginningWith(DpEvents.parts(together))) : Double.POSITIVE_INFINITY;
    }

    private boolean fits(Map<DpEvent, Long> beginning) {
        if (epsilon(beginning) > epsilon.value()) {
            return false;
        }
        fitting = beginning;
        return true;
    }

    private double epsilon(Map<DpEvent, Long> parts) {
        List<DpEvent> repeated = new ArrayList<>();
        parts.forEach((event, times) -> repeated.add(new SelfComposed(event, times)));
        return accountant.epsilon(new Composed(repeated), delta).orInfinity();
    }

    private Map<DpEvent, Long> beginningWith(Map<DpEvent, Long> parts) {
        long whole = 0;
        for (Map.Entry<DpEvent, Long> part : parts.entrySet()) {
            whole = Math.max(whole, (part.getValue() - 1) / planned.get(part.getKey()));
        }
        DpEvent last = null;
        for (Map.Entry<DpEvent, Long> each : planned.entrySet()) {
            if (parts.getOrDefault(each.getKey(), 0L) > whole * each.getValue()) {
                last = each.getKey();
            }
        }
        Map<DpEvent, Long> beginning = new LinkedHashMap<>();
        boolean behind = last == null;
        for (Map.Entry<DpEvent, Long> each : planned.entrySet()) {
            boolean here = each.getKey().equals(last);
            long plans = Math.multiplyExact(behind ? whole : whole + 1, each.getValue());
            beginning.put(each.getKey(), here ? parts.get(last) : plans);
            behind |= here;
        }
        return beginning;
    }

    private static boolean isPartOf(Map<DpEvent, Long> part, Map<DpEvent, Long> whole) {
        return part.entrySet().stream().allMatch(entry -> entry.getValue() <= whole.getOrDefault(entry.getKey(), 0L));
    }
}
