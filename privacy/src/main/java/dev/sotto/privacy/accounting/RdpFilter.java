package dev.sotto.privacy.accounting;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.event.DpEvent;

/**
 * A Renyi filter: stops before epsilon is exceeded although each event may depend on what earlier ones released (Feldman,
 * Zrnic 2021, theorem 4.3: the sum of divergences at ONE order, fixed before the first release, is compared with what that
 * order allows). The order is the one that admits most repetitions of the planned event, so that homogeneous events are
 * admitted as often as the best order would. Not thread-safe.
 */
public final class RdpFilter {
    private final double order;
    private final Delta delta;
    private final double allowance;
    private final RenyiDivergences divergences;
    private double spent;

    /** A filter for (epsilon, delta), with the order that suits repetitions of {@code planned}. */
    public RdpFilter(Epsilon epsilon, Delta delta, DpEvent planned) {
        this(epsilon, delta, best(epsilon, delta, planned));
    }

    private RdpFilter(Epsilon epsilon, Delta delta, double order) {
        this.order = order;
        this.delta = delta;
        allowance = RenyiConversion.allowance(order, epsilon.value(), delta.value());
        divergences = new RenyiDivergences(new double[] {order}, false);
    }

    /**
     * A filter that goes on at the order that another fixed, as a ledger does that was written down; it holds nothing yet.
     *
     * @param order above 1
     */
    public static RdpFilter atOrder(Epsilon epsilon, Delta delta, double order) {
        if (!(order > 1 && order < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("Renyi order is " + order + "; it must be finite and above 1");
        }
        return new RdpFilter(epsilon, delta, order);
    }

    private static double best(Epsilon epsilon, Delta delta, DpEvent planned) {
        RdpAccountant accountant = RdpAccountant.standard();
        double[] orders = accountant.orders();
        double[] rdp = accountant.divergences(planned);
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < orders.length; i++) {
            double times = RenyiConversion.allowance(orders[i], epsilon.value(), delta.value()) / rdp[i];
            if (times > most) {
                most = times;
                best = i;
            }
        }
        return orders[best];
    }

    /** Counts what was released before, whether or not it fits. */
    public void add(DpEvent event, long times) {
        spent += times * divergences.of(event)[0];
    }

    /** The order that was fixed. */
    public double order() {
        return order;
    }

    /** Epsilon of what was counted, at the filter's order: what is held against the limit. */
    public double epsilon() {
        return RenyiConversion.epsilon(order, spent, delta.value());
    }

    /** The same with an event more. */
    public double epsilonWith(DpEvent event) {
        return RenyiConversion.epsilon(order, spent + divergences.of(event)[0], delta.value());
    }

    /** Whether the event no longer fits. */
    public boolean wouldExceed(DpEvent event) {
        return exceeds(spent + divergences.of(event)[0]);
    }

    /** Adds an event if it fits; says whether it did. */
    public boolean admit(DpEvent event) {
        double sum = spent + divergences.of(event)[0];
        if (exceeds(sum)) {
            return false;
        }
        spent = sum;
        return true;
    }

    private boolean exceeds(double sum) {
        // A relative 1e-12 for the order of additions: the n-th of n planned events must fit.
        return !(sum == 0 || sum <= allowance * (1 + 1e-12));
    }
}
