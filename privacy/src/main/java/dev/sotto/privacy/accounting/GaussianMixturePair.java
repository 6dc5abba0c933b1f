package dev.sotto.privacy.accounting;

import java.util.Arrays;

/**
 * P and Q are mixtures of normal distributions of one standard deviation, every centre of P at or above every centre of Q,
 * so that the loss rises with x.
 */
final class GaussianMixturePair implements LossPair {
    private final double sigma;
    private final double[] upper;
    private final double[] upperWeights;
    private final double[] lower;
    private final double[] lowerWeights;
    private final boolean symmetric;

    GaussianMixturePair(double sigma, double[] upper, double[] upperWeights, double[] lower, double[] lowerWeights) {
        this.sigma = sigma;
        this.upper = upper;
        this.upperWeights = upperWeights;
        this.lower = lower;
        this.lowerWeights = lowerWeights;
        this.symmetric = upper.length == lower.length
                && Arrays.equals(upperWeights, lowerWeights)
                && (upper.length == 1 || (upper[0] == 0 && lower[0] == 0 && upper[1] == -lower[1]));
    }

    /** The plain Gaussian mechanism: means {@code distance} standard deviations apart. */
    static GaussianMixturePair gaussian(double distance) {
        return new GaussianMixturePair(
                1 / distance, new double[] {1}, new double[] {1}, new double[] {0}, new double[] {1});
    }

    /** The Poisson-sampled Gaussian; what one unit adds has length 1. */
    static GaussianMixturePair sampled(double rate, double sigma, boolean replaced) {
        double[] weights = {1 - rate, rate};
        return replaced
                ? new GaussianMixturePair(sigma, new double[] {0, 1}, weights, new double[] {0, -1}, weights)
                : new GaussianMixturePair(sigma, new double[] {0, 1}, weights, new double[] {0}, new double[] {1});
    }

    @Override
    public void masses(double loss, double[] into) {
        double x = location(loss);
        into[0] = 0;
        into[1] = 0;
        into[2] = 0;
        into[3] = 0;
        for (int i = 0; i < upper.length; i++) {
            into[0] += upperWeights[i] * Erfc.normalAbove((x - upper[i]) / sigma);
            into[2] += upperWeights[i] * Erfc.normalBelow((x - upper[i]) / sigma);
        }
        for (int i = 0; i < lower.length; i++) {
            into[1] += lowerWeights[i] * Erfc.normalAbove((x - lower[i]) / sigma);
            into[3] += lowerWeights[i] * Erfc.normalBelow((x - lower[i]) / sigma);
        }
    }

    @Override
    public double delta(double epsilon) {
        boolean plain = upper.length == 1 && lower.length == 1;
        return plain ? ExactGaussian.delta((upper[0] - lower[0]) / sigma, epsilon) : LossPair.super.delta(epsilon);
    }

    @Override
    public double[] points(double tail) {
        double reach = Math.sqrt(-2 * Math.log(Math.max(tail, Double.MIN_NORMAL))) + 1;
        double start = min(lower) - reach * sigma;
        double end = max(upper) + reach * sigma;
        int count = (int) Math.min(4000, Math.ceil((end - start) / (sigma / 12)));
        double[] points = new double[count + 1];
        int kept = 0;
        for (int i = 0; i <= count; i++) {
            double loss = loss(start + (end - start) * i / count);
            if (kept == 0 || loss > points[kept - 1]) {
                points[kept++] = loss;
            }
        }
        return Arrays.copyOf(points, kept);
    }

    @Override
    public boolean symmetric() {
        return symmetric;
    }

    /** How many nodes the trapezoid rule takes for the divergence of an order. */
    double nodes(double order) {
        return (2 * end(order) + max(upper) - min(lower)) / width();
    }

    private double width() {
        double spread = max(upper) - min(lower);
        return Math.min(0.4 * sigma, 0.4 * sigma * sigma / spread);
    }

    private double end(double order) {
        return order * (max(upper) - min(lower)) + 13 * sigma;
    }

    /** The Renyi divergence of an order, the larger of both directions, by the trapezoid rule. */
    double divergence(double order) {
        double width = width();
        double end = end(order);
        double up = Double.NEGATIVE_INFINITY;
        double down = Double.NEGATIVE_INFINITY;
        double scale = Math.log(width / (sigma * Math.sqrt(2 * Math.PI)));
        for (double x = min(lower) - end; x < max(upper) + end; x += width) {
            double normal = scale - x * x / (2 * sigma * sigma);
            double logP = normal + density(upper, upperWeights, x);
            double logQ = normal + density(lower, lowerWeights, x);
            up = LogMath.add(up, order * logP + (1 - order) * logQ);
            down = LogMath.add(down, order * logQ + (1 - order) * logP);
        }
        return Math.max(up, down) / (order - 1);
    }

    private double loss(double x) {
        if (lower.length == 1 && lower[0] == 0) {
            // Relative to Q the terms are e^(c (2x - c) / 2s^2); near 0 the sum is 1 + sum of p expm1.
            double sum = 0;
            for (int i = 0; i < upper.length; i++) {
                sum += upperWeights[i] * Math.expm1(upper[i] * (2 * x - upper[i]) / (2 * sigma * sigma));
            }
            if (sum > -0.5 && sum < 1e300) {
                return Math.log1p(sum);
            }
        }
        return density(upper, upperWeights, x) - density(lower, lowerWeights, x);
    }

    private double density(double[] centres, double[] weights, double x) {
        double log = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < centres.length; i++) {
            log = LogMath.add(log, Math.log(weights[i]) + centres[i] * (2 * x - centres[i]) / (2 * sigma * sigma));
        }
        return log;
    }

    /** Where the loss has this value; minus infinity where it is always above. */
    private double location(double loss) {
        boolean aroundZero = lower.length == 1 && lower[0] == 0;
        if (aroundZero && upper.length == 1) {
            return loss * sigma * sigma / upper[0] + upper[0] / 2;
        }
        if (aroundZero && upper.length == 2 && upper[0] == 0) {
            double q = upperWeights[1];
            double ratio = loss > 1 ? 0 : (Math.expm1(loss) + q) / q;
            double log = loss > 1 ? loss + Math.log1p(-(1 - q) * Math.exp(-loss)) - Math.log(q) : Math.log(ratio);
            return ratio <= 0 && loss <= 1 ? Double.NEGATIVE_INFINITY : log * sigma * sigma / upper[1] + upper[1] / 2;
        }
        if (symmetric) {
            return Math.copySign(sigma * sigma * logRatio(Math.abs(loss)), loss);
        }
        return search(loss);
    }

    /**
     * Under replace-one, x / s^2 at a loss of 0 or above: with z = e^(x/s^2), r = e^loss and w = q e^(-1/(2 s^2)) the loss is
     * r where w z^2 - (1-q) (r-1) z - r w = 0. In logarithms nothing overflows, and little noise does not make w vanish.
     */
    private double logRatio(double loss) {
        double logW = Math.log(upperWeights[1]) - 1 / (2 * sigma * sigma);
        double linear = Math.log(upperWeights[0]) + Math.log(-Math.expm1(-loss));
        double constant = Math.log(2) + logW - loss / 2;
        double large = Math.max(linear, constant);
        double root = Math.hypot(Math.exp(linear - large), Math.exp(constant - large));
        return loss + large + Math.log(Math.exp(linear - large) + root) - Math.log(2) - logW;
    }

    private double search(double target) {
        double low = min(lower) - 40 * sigma;
        double high = max(upper) + 40 * sigma;
        if (loss(low) >= target) {
            return Double.NEGATIVE_INFINITY;
        }
        if (loss(high) <= target) {
            return Double.POSITIVE_INFINITY;
        }
        double x = Math.min(Math.max(target * sigma * sigma + 0.5, low), high);
        for (int i = 0; i < 100; i++) {
            double miss = loss(x) - target;
            if (miss > 0) {
                high = x;
            } else {
                low = x;
            }
            double next = x - miss / slope(x);
            if (!(next > low && next < high)) {
                next = (low + high) / 2;
            }
            if (Math.abs(next - x) <= 1e-14 * (sigma + Math.abs(x))) {
                return next;
            }
            x = next;
        }
        return x;
    }

    /** The loss rises at the rate (mean of P's centres at x less mean of Q's) / s^2. */
    private double slope(double x) {
        return (mean(upper, upperWeights, x) - mean(lower, lowerWeights, x)) / (sigma * sigma);
    }

    private double mean(double[] centres, double[] weights, double x) {
        double log = density(centres, weights, x);
        double mean = 0;
        for (int i = 0; i < centres.length; i++) {
            double exponent = centres[i] * (2 * x - centres[i]) / (2 * sigma * sigma);
            mean += centres[i] * weights[i] * Math.exp(exponent - log);
        }
        return mean;
    }

    private static double min(double[] values) {
        return Arrays.stream(values).min().orElseThrow();
    }

    private static double max(double[] values) {
        return Arrays.stream(values).max().orElseThrow();
    }
}
