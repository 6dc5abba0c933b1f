package dev.sotto.privacy.accounting;

import java.util.Arrays;

/** K(s) = ln of the sum of mass e^(s loss) of composed atoms, with its first two derivatives. */
final class CumulantFunction {
    private static final int MOST_POINTS = 1 << 18;

    private final double[][] losses;
    private final double[][] logMass;
    private final long[] counts;
    private final double infinite;
    private final double logAffinity;

    CumulantFunction(LossAtoms[] parts, long[] counts) {
        this.losses = Arrays.stream(parts).map(part -> part.losses).toArray(double[][]::new);
        this.logMass = Arrays.stream(parts)
                .map(part -> Arrays.stream(part.mass).map(Math::log).toArray())
                .toArray(double[][]::new);
        this.counts = counts;
        double log = 0;
        for (int k = 0; k < parts.length; k++) {
            log += counts[k] * Math.log1p(-Math.min(parts[k].infinite, 1));
        }
        this.infinite = -Math.expm1(log);
        double affinity = 0;
        for (int k = 0; k < parts.length; k++) {
            affinity += counts[k] * Math.log1p(-Math.min(unlike(parts[k]), 1));
        }
        this.logAffinity = affinity;
    }

    /** 1 less the Hellinger affinity of P and Q: half the mean of (1 - e^(-loss/2))^2, in which nothing cancels. */
    private static double unlike(LossAtoms atoms) {
        double sum = atoms.infinite;
        for (int i = 0; i < atoms.losses.length; i++) {
            double loss = atoms.losses[i];
            double root = Math.expm1(-loss / 2);
            // Far down Q's mass alone counts, and the square would overflow.
            sum += loss < -100 ? Math.exp(Math.log(atoms.mass[i]) - loss) : atoms.mass[i] * root * root;
        }
        return sum / 2;
    }

    /** ln of the Hellinger affinity of the composition, the sum of the roots of its probabilities under P and Q. */
    double logAffinity() {
        return logAffinity;
    }

    /** The probability that the composed loss is infinite. */
    double infinite() {
        return infinite;
    }

    /** K(s). */
    double value(double s) {
        double value = 0;
        for (int k = 0; k < counts.length; k++) {
            double high = highest(k, s);
            double sum = 0;
            for (int i = 0; i < losses[k].length; i++) {
                double t = s * losses[k][i] + logMass[k][i] - high;
                sum += t > -45 ? Math.exp(t) : 0;
            }
            value += counts[k] * (high + Math.log(sum));
        }
        return value;
    }

    /** K'(s), the mean of the tilted loss. */
    double mean(double s) {
        double mean = 0;
        for (int k = 0; k < counts.length; k++) {
            mean += counts[k] * mean(k, s);
        }
        return mean;
    }

    /** The mean of one part's tilted loss. */
    double mean(int part, double s) {
        return moments(part, s)[0];
    }

    /** K''(s), the variance of the tilted loss. */
    double variance(double s) {
        double variance = 0;
        for (int k = 0; k < counts.length; k++) {
            variance += counts[k] * moments(k, s)[1];
        }
        return variance;
    }

    private double highest(int part, double s) {
        double high = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < losses[part].length; i++) {
            high = Math.max(high, s * losses[part][i] + logMass[part][i]);
        }
        return high;
    }

    private double[] moments(int part, double s) {
        double high = highest(part, s);
        double sum = 0;
        double first = 0;
        for (int i = 0; i < losses[part].length; i++) {
            double w = Math.exp(s * losses[part][i] + logMass[part][i] - high);
            sum += w;
            first += w * losses[part][i];
        }
        double centre = first / sum;
        double second = 0;
        for (int i = 0; i < losses[part].length; i++) {
            double off = losses[part][i] - centre;
            second += Math.exp(s * losses[part][i] + logMass[part][i] - high) * off * off;
        }
        return new double[] {centre, second / sum};
    }

    /**
     * Grid points for one part: a gap g between them costs the tilted mass in it times g^2, and each of these atoms' gaps
     * may cost its share of {@code error}. So little mass gets few points. Gaps need not be below {@code least}.
     */
    double[] points(LossComposition composition, int part, GridRange range, double error, double least) {
        double[] from = losses[part];
        double[] weights = weights(part, composition.tilt, Double.POSITIVE_INFINITY);
        double[] local = weights(part, composition.decay, composition.target);
        double[] points = new double[1024];
        double shortest = (range.last() - range.first()) * range.step() / MOST_POINTS;
        int count = 0;
        int j = 0;
        for (long at = range.first(); ; ) {
            if (count == points.length) {
                points = Arrays.copyOf(points, 2 * count);
            }
            points[count++] = at * range.step();
            if (at == range.last()) {
                return Arrays.copyOf(points, count);
            }
            while (j + 2 < from.length && from[j + 1] <= at * range.step()) {
                j++;
            }
            int k = Math.min(j + 1, from.length - 1);
            double mass = Math.max(Math.max(weights[j], weights[k]), Math.max(local[j], local[k]));
            double gap = Math.min(Math.sqrt(error / from.length / mass), (from[k] - from[j]) / 2);
            gap = Math.max(Math.min(gap, 0.05 / (composition.decay + 1)), Math.max(least, shortest));
            at = Math.min(range.last(), at + Math.max(1, (long) (gap / range.step())));
        }
    }

    /** Tilted masses of losses up to a limit, as shares. */
    private double[] weights(int part, double s, double limit) {
        double high = Double.NEGATIVE_INFINITY;
        double[] logs = new double[losses[part].length];
        for (int i = 0; i < logs.length; i++) {
            logs[i] = losses[part][i] <= limit ? s * losses[part][i] + logMass[part][i] : Double.NEGATIVE_INFINITY;
            high = Math.max(high, logs[i]);
        }
        double sum = 0;
        for (int i = 0; i < logs.length; i++) {
            logs[i] = high == Double.NEGATIVE_INFINITY ? 0 : Math.exp(logs[i] - high);
            sum += logs[i];
        }
        for (int i = 0; i < logs.length; i++) {
            logs[i] /= Math.max(sum, 1e-300);
        }
        return logs;
    }
}
