package dev.sotto.privacy.accounting;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The exact delta of the n-fold Poisson-sampled Gaussian, with no grid, no tail cut off and none of the code under test: the
 * inverse Laplace transform delta(epsilon) = 1/(2 pi i) integral of e^(K(s) - s epsilon) / (s (s+1)) ds along Re s = c > 0,
 * where K is the cumulant function of the composed loss (Zhu, Dong, Wang 2022, section 5). Both integrals are by the
 * trapezoid rule, which converges geometrically here (Trefethen, Weideman 2014).
 */
final class ExactComposition {
    private static final int MOST_NODES = 400_000;

    private final long count;
    private final double[] mass;
    private final double[] loss;

    private ExactComposition(long count, double[] mass, double[] loss) {
        this.count = count;
        this.mass = mass;
        this.loss = loss;
    }

    /**
     * One direction of the composition.
     *
     * @param rate above 0 and below 1
     * @param sigma standard deviation over the clipping norm
     * @param count how often
     * @param replaced whether neighbours replace a unit
     * @param added whether the unit is added rather than removed
     */
    static ExactComposition of(double rate, double sigma, long count, boolean replaced, boolean added) {
        double width = sigma / 64;
        int nodes = (int) Math.ceil((2 + 60 * sigma) / width);
        double[] mass = new double[nodes];
        double[] loss = new double[nodes];
        double variance = sigma * sigma;
        for (int i = 0; i < nodes; i++) {
            double x = -1 - 30 * sigma + i * width;
            double normal = width * Math.exp(-x * x / (2 * variance)) / (sigma * Math.sqrt(2 * Math.PI));
            double up = rate * Math.expm1((2 * x - 1) / (2 * variance));
            double down = replaced ? rate * Math.expm1((-2 * x - 1) / (2 * variance)) : 0;
            mass[i] = normal * (1 + (added ? down : up));
            loss[i] = (added ? -1 : 1) * (Math.log1p(up) - Math.log1p(down));
        }
        return new ExactComposition(count, mass, loss);
    }

    /** The larger delta of both directions. */
    static double delta(double rate, double sigma, long count, boolean replaced, double epsilon) {
        double removed = of(rate, sigma, count, replaced, false).delta(epsilon);
        return replaced
                ? removed
                : Math.max(removed, of(rate, sigma, count, false, true).delta(epsilon));
    }

    /** Delta at an epsilon above 0, to about 1e-9. */
    double delta(double epsilon) {
        if (epsilon >= count * Arrays.stream(loss).max().orElseThrow()) {
            return 0;
        }
        double c = saddle(epsilon);
        double height = count * logMean(c) - c * epsilon;
        double step = Math.min(c / 10, 0.05 / Math.sqrt(count * moments(c)[1] + 1 / (c * c)));
        Rotation rotation = new Rotation(tilted(c), step);
        double sum = 0.5 / (c * (c + 1));
        int small = 0;
        for (int i = 1; small < 30; i++) {
            if (i > MOST_NODES) {
                throw new IllegalStateException("the integral does not settle");
            }
            double y = i * step;
            rotation.to(i);
            double re = rotation.real;
            double im = rotation.imaginary;
            double size = count * Math.log1p(2 * re + re * re + im * im) / 2
                    - Math.log(Math.hypot(c, y) * Math.hypot(c + 1, y));
            double angle = count * Math.atan2(im, 1 + re) - y * epsilon - Math.atan2(y, c) - Math.atan2(y, c + 1);
            sum += Math.exp(size) * Math.cos(angle);
            small = Math.exp(size) * i < 1e-10 * Math.abs(sum) ? small + 1 : 0;
        }
        return Math.exp(height) * sum * step / Math.PI;
    }

    /** The mean of e^(i y loss) - 1 at multiples of a step, turning each term by its angle; now and then computed anew. */
    private final class Rotation {
        private final double[] weight;
        private final double[] angle;
        private final double[] cosLess1;
        private final double[] sin;
        private final double[] turnedCosLess1;
        private final double[] turnedSin;
        private double real;
        private double imaginary;

        Rotation(double[] tilted, double step) {
            int[] kept = IntStream.range(0, tilted.length)
                    .filter(k -> tilted[k] > 1e-18)
                    .toArray();
            weight = Arrays.stream(kept).mapToDouble(k -> tilted[k]).toArray();
            angle = Arrays.stream(kept).mapToDouble(k -> step * loss[k]).toArray();
            cosLess1 = Arrays.stream(angle).map(Rotation::cosLess1).toArray();
            sin = Arrays.stream(angle).map(Math::sin).toArray();
            turnedCosLess1 = new double[kept.length];
            turnedSin = new double[kept.length];
        }

        private static double cosLess1(double x) {
            return -2 * Math.sin(x / 2) * Math.sin(x / 2);
        }

        void to(int times) {
            real = 0;
            imaginary = 0;
            boolean anew = times % 256 == 0;
            for (int k = 0; k < weight.length; k++) {
                double a = turnedCosLess1[k];
                double b = turnedSin[k];
                turnedCosLess1[k] = anew ? cosLess1(times * angle[k]) : a + cosLess1[k] + a * cosLess1[k] - b * sin[k];
                turnedSin[k] = anew ? Math.sin(times * angle[k]) : b + b * cosLess1[k] + (1 + a) * sin[k];
                real += weight[k] * turnedCosLess1[k];
                imaginary += weight[k] * turnedSin[k];
            }
        }
    }

    /** Where the integrand is smallest along the real line. */
    private double saddle(double epsilon) {
        double low = Math.log(1e-3);
        double high = Math.log(1e7);
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            double s = Math.exp(middle);
            if (count * moments(s)[0] - epsilon - 1 / s - 1 / (s + 1) < 0) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return Math.exp(low);
    }

    private double logMean(double s) {
        double sum = 0;
        for (int k = 0; k < loss.length; k++) {
            sum += mass[k] == 0 ? 0 : mass[k] * Math.expm1(s * loss[k]);
        }
        return Math.log1p(sum);
    }

    private double[] tilted(double s) {
        double[] weights = new double[loss.length];
        double sum = 0;
        for (int k = 0; k < loss.length; k++) {
            weights[k] = mass[k] == 0 ? 0 : Math.exp(Math.log(mass[k]) + s * loss[k]);
            sum += weights[k];
        }
        for (int k = 0; k < loss.length; k++) {
            weights[k] /= sum;
        }
        return weights;
    }

    private double[] moments(double s) {
        double[] weights = tilted(s);
        double mean = 0;
        for (int k = 0; k < loss.length; k++) {
            mean += weights[k] * loss[k];
        }
        double variance = 0;
        for (int k = 0; k < loss.length; k++) {
            variance += weights[k] * (loss[k] - mean) * (loss[k] - mean);
        }
        return new double[] {mean, variance};
    }
}
