package dev.sotto.privacy.accounting;

/**
 * From a Renyi curve to (epsilon, delta): for each order a, epsilon = rdp + ln(1 - 1/a) - ln(a delta) / (a - 1) (Canonne,
 * Kamath, Steinke 2020, proposition 12), and delta <= sqrt(1 - e^-rdp) whatever epsilon is (Bretagnolle, Huber 1979, since
 * the Kullback-Leibler divergence is below every Renyi divergence).
 */
final class RenyiConversion {
    private RenyiConversion() {}

    /** The bound of one order, 0 or above; infinite where the divergence is. */
    static double epsilon(double order, double rdp, double delta) {
        if (delta * delta + Math.expm1(-rdp) >= 0) {
            return 0;
        }
        return Math.max(0, rdp + Math.log1p(-1 / order) - Math.log(delta * order) / (order - 1));
    }

    /** The bound of one order, in [0, 1]. */
    static double delta(double order, double rdp, double epsilon) {
        double tail = Math.exp((order - 1) * (rdp - epsilon + Math.log1p(-1 / order)) - Math.log(order));
        return Math.min(tail, Math.sqrt(-Math.expm1(-rdp)));
    }

    /** The largest divergence at that order which still gives epsilon; negative if none does. */
    static double allowance(double order, double epsilon, double delta) {
        double tail = epsilon - Math.log1p(-1 / order) + Math.log(delta * order) / (order - 1);
        return Math.max(tail, -Math.log1p(-delta * delta));
    }

    /** Index of the order with the smallest epsilon. */
    static int best(double[] orders, double[] rdp, double delta) {
        int best = 0;
        for (int i = 1; i < orders.length; i++) {
            if (epsilon(orders[i], rdp[i], delta) < epsilon(orders[best], rdp[best], delta)) {
                best = i;
            }
        }
        return best;
    }
}
