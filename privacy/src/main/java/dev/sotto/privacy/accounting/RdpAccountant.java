package dev.sotto.privacy.accounting;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.event.DpEvent;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Renyi differential privacy (Mironov 2017): an event is a curve of divergences over orders, composition adds curves, and
 * the best order gives epsilon. Immutable and thread-safe.
 */
public final class RdpAccountant implements Accountant {
    private static final RdpAccountant STANDARD = new RdpAccountant(RenyiOrders.standard(), false);

    private final double[] orders;
    private final boolean loose;

    private RdpAccountant(double[] orders, boolean loose) {
        this.orders = orders;
        this.loose = loose;
    }

    /** Orders 1.1 to 10.9 in tenths, 11 to 63, 128, 256, 512 and 1024. */
    public static RdpAccountant standard() {
        return STANDARD;
    }

    /**
     * The same orders with Google's looser series at fractional ones (dp_accounting 0.6 drops the signs of the binomial
     * coefficients): to compare answers, not to account with.
     */
    public static RdpAccountant googleCompatible() {
        return new RdpAccountant(RenyiOrders.standard(), true);
    }

    /** Other orders, each above 1. */
    public static RdpAccountant withOrders(double... orders) {
        for (double order : orders) {
            if (!(order > 1 && order < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("Renyi order is " + order + "; it must be finite and above 1");
            }
        }
        return new RdpAccountant(orders.clone(), false);
    }

    /** The orders of the curves, ascending. */
    public double[] orders() {
        return orders.clone();
    }

    /**
     * The Renyi divergences of an event, one for each order; infinite where none is known.
     *
     * @throws UnboundedEventException for an event that has no known curve
     */
    public double[] divergences(DpEvent event) {
        return new RenyiDivergences(orders, loose).of(event);
    }

    @Override
    public String name() {
        return "rdp";
    }

    @Override
    public EpsilonAnswer epsilon(DpEvent event, Delta delta) {
        double[] rdp = divergences(event);
        EpsilonAnswer answer = epsilon(rdp, delta);
        return new EpsilonAnswer(
                answer.epsilon(),
                answer.accountant(),
                answer.order(),
                Assumptions.explain(event, answer.explanation(), delta));
    }

    /**
     * The answer for a curve that was composed elsewhere, by adding what {@link #divergences} gave.
     *
     * @param rdp one divergence for each of {@link #orders}
     */
    public EpsilonAnswer epsilon(double[] rdp, Delta delta) {
        int best = RenyiConversion.best(orders, rdp, delta.value());
        double epsilon = RenyiConversion.epsilon(orders[best], rdp[best], delta.value());
        if (epsilon == Double.POSITIVE_INFINITY) {
            return new EpsilonAnswer(
                    OptionalDouble.empty(), name(), OptionalDouble.empty(), "no Renyi order gives a finite epsilon");
        }
        String words =
                String.format(Locale.ROOT, "Renyi accounting, smallest at order %s of %d", orders[best], orders.length);
        return new EpsilonAnswer(OptionalDouble.of(epsilon), name(), OptionalDouble.of(orders[best]), words);
    }

    @Override
    public double delta(DpEvent event, Epsilon epsilon) {
        double[] rdp = divergences(event);
        double delta = 1;
        for (int i = 0; i < orders.length; i++) {
            delta = Math.min(delta, RenyiConversion.delta(orders[i], rdp[i], epsilon.value()));
        }
        return delta;
    }
}
