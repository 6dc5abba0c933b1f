package dev.sotto.privacy.correlated;

import java.util.Arrays;

/** The bands of least error at equal privacy: minimises log(sensitivity^2 x error^2), which no scaling of the bands changes. */
final class BandedSearch {
    private static final int STEPS = 400;

    private final int bands;
    private final Participation participation;
    private final PrefixSumError error;

    private BandedSearch(int bands, Participation participation, PrefixSumError error) {
        this.bands = bands;
        this.participation = participation;
        this.error = error;
    }

    static BandedToeplitz optimum(int bands, Participation participation, PrefixSumError error) {
        boolean disjoint = participation.maxParticipations() == 1 || bands <= participation.minSeparation();
        BandedSearch search = new BandedSearch(bands, participation, error);
        double[] root = Toeplitz.squareRoot(bands);
        if (disjoint) {
            // Columns of one client do not overlap: the sensitivity is a plain norm, whatever the bands.
            double[] start = Arrays.copyOfRange(root, 1, bands);
            return BandedToeplitz.of(free(QuasiNewton.minimise(search::freeObjective, start, STEPS)));
        }
        double[] logDrops = new double[bands];
        for (int i = 0; i < bands; i++) {
            logDrops[i] = Math.log(root[i] - (i + 1 < bands ? root[i + 1] : 0));
        }
        BandedToeplitz overlapping =
                BandedToeplitz.of(falling(QuasiNewton.minimise(search::fallingObjective, logDrops, STEPS)));
        BandedToeplitz separate = optimum(participation.minSeparation(), participation, error);
        return error.atEqualPrivacy(overlapping, participation) < error.atEqualPrivacy(separate, participation)
                ? overlapping
                : separate;
    }

    private double freeObjective(double[] x, double[] gradient) {
        double[] full = new double[bands];
        double value = objective(free(x), full);
        System.arraycopy(full, 1, gradient, 0, gradient.length);
        return value;
    }

    /** Bands after the first. */
    private static double[] free(double[] x) {
        double[] c = new double[x.length + 1];
        c[0] = 1;
        System.arraycopy(x, 0, c, 1, x.length);
        return c;
    }

    private double fallingObjective(double[] x, double[] gradient) {
        double[] c = falling(x);
        double value = objective(c, gradient);
        // Band i is S_i / S_0, S_i the sum of the drops from i on. The objective does not see the scale S_0.
        double scale = 0;
        for (double drop : x) {
            scale += Math.exp(drop);
        }
        double sum = 0;
        for (int i = 0; i < bands; i++) {
            sum += gradient[i];
            gradient[i] = sum * Math.exp(x[i]) / scale;
        }
        return value;
    }

    /** Bands that fall by exp(x_i) from each to the next, over the first. */
    private static double[] falling(double[] x) {
        double[] c = new double[x.length];
        double sum = 0;
        for (int i = x.length - 1; i >= 0; i--) {
            sum += Math.exp(x[i]);
            c[i] = sum;
        }
        for (int i = 0; i < c.length; i++) {
            c[i] /= sum;
        }
        return c;
    }

    /** log(sensitivity^2) + log(error^2) and its gradient in all bands, by the adjoint of the triangular solve. */
    private double objective(double[] c, double[] gradient) {
        int rounds = participation.rounds();
        double[] ones = new double[rounds];
        Arrays.fill(ones, 1);
        double[] column = Toeplitz.solve(c, ones);
        double errorSquared = error.squared(column);
        double[] weighted = new double[rounds];
        for (int t = 0; t < rounds; t++) {
            weighted[t] = error.weight(t, rounds) * column[t];
        }
        double[] adjoint = Toeplitz.solveTransposed(c, weighted);
        for (int k = 0; k < bands; k++) {
            double sum = 0;
            for (int t = k; t < rounds; t++) {
                sum += adjoint[t] * column[t - k];
            }
            gradient[k] = -2 * sum / errorSquared;
        }
        double sensitivitySquared = addSensitivity(c, gradient);
        double value = Math.log(sensitivitySquared) + Math.log(errorSquared);
        return Double.isFinite(value) ? value : Double.POSITIVE_INFINITY;
    }

    private double addSensitivity(double[] c, double[] gradient) {
        int rounds = participation.rounds();
        double[] padded = Arrays.copyOf(c, rounds);
        double squared = Sensitivity.squared(padded, participation);
        int separation = participation.minSeparation();
        boolean disjoint = participation.maxParticipations() == 1 || bands <= separation;
        double[] sum = disjoint ? null : Sensitivity.columnSum(padded, participation);
        for (int j = 0; j < participation.maxParticipations(); j++) {
            int end = Math.min(bands, rounds - j * separation);
            for (int i = 0; i < end; i++) {
                gradient[i] += 2 * (disjoint ? c[i] : sum[i + j * separation]) / squared;
            }
        }
        return squared;
    }
}
