package dev.sotto.privacy.accounting;

import dev.sotto.privacy.event.RepeatAndSelect;

/** Renyi curves of private choices. */
final class SelectionCurves {
    /** Below this the curve is what it is for small epsilon, and a logarithm of a sum loses digits. */
    private static final double CANCELLING = 1e-7;

    private SelectionCurves() {}

    /**
     * The exponential mechanism, whose losses lie within one range of length e: the worst two losses are t and t - e, and the
     * worst t is searched (Dong, Durfee, Rogers 2020).
     */
    static double exponential(double epsilon, double order) {
        double limit = order * epsilon * epsilon / 8;
        if (limit < CANCELLING) {
            return limit;
        }
        double worst = GoldenSection.minimum(share -> -twoLosses(epsilon, share * epsilon, order), 0, 1, 1e-7);
        double found = twoLosses(epsilon, worst * epsilon, order);
        // The search stops that near the maximum, where the curve is flat.
        return Math.min(epsilon, Math.min(found * (1 + 1e-7), limit));
    }

    private static double twoLosses(double epsilon, double t, double order) {
        double high = -Math.expm1(t - epsilon) / -Math.expm1(-epsilon);
        double a = order - 1;
        if (a * epsilon < 1) {
            return Math.log1p(high * Math.expm1(a * t) + (1 - high) * Math.expm1(a * (t - epsilon))) / a;
        }
        return LogMath.add(Math.log(high) + a * t, Math.log1p(-high) + a * (t - epsilon)) / a;
    }

    /** Repeat-and-select (Papernot, Steinke 2022, theorems 2 and 6), in place of the curve of one run. */
    static double[] repeated(RepeatAndSelect event, double[] orders, double[] once) {
        return event.shape() == Double.POSITIVE_INFINITY
                ? poisson(event.mean(), orders, once)
                : negativeBinomial(event.mean(), event.shape(), orders, once);
    }

    private static double[] poisson(double mean, double[] orders, double[] once) {
        double[] result = new double[orders.length];
        for (int i = 0; i < orders.length; i++) {
            double epsilon = Math.log1p(1 / (orders[i] - 1));
            double delta = 1;
            for (int j = 0; j < orders.length; j++) {
                delta = Math.min(delta, RenyiConversion.delta(orders[j], once[j], epsilon));
            }
            result[i] = once[i] + mean * delta + Math.log(mean) / (orders[i] - 1);
        }
        return result;
    }

    private static double[] negativeBinomial(double mean, double shape, double[] orders, double[] once) {
        double gamma = gamma(mean, shape);
        double constant = Double.POSITIVE_INFINITY;
        for (int i = 0; i < orders.length; i++) {
            constant = Math.min(constant, (1 - 1 / orders[i]) * once[i] - Math.log(gamma) / orders[i]);
        }
        double[] result = new double[orders.length];
        for (int i = 0; i < orders.length; i++) {
            result[i] = once[i] + Math.log(mean) / (orders[i] - 1) + (1 + shape) * constant;
        }
        // Divergences grow with the order, so a later value bounds an earlier one.
        for (int i = orders.length - 2; i >= 0; i--) {
            if (orders[i] < orders[i + 1]) {
                result[i] = Math.min(result[i], result[i + 1]);
            }
        }
        return result;
    }

    /** The parameter in (0, 1] at which the truncated negative binomial has this mean; rounded down. */
    private static double gamma(double mean, double shape) {
        double low = 0;
        double high = 1;
        for (int i = 0; i < 200 && high - low > 1e-15 * high; i++) {
            double middle = (low + high) / 2;
            if (mean(middle, shape) < mean) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return mean == 1 ? 1 : low;
    }

    private static double mean(double gamma, double shape) {
        double log = Math.log(gamma);
        double odds = (1 - gamma) / gamma;
        return shape == 0 ? odds / -log : shape * odds / -Math.expm1(shape * log);
    }
}
