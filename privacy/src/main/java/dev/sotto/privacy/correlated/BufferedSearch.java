package dev.sotto.privacy.correlated;

import java.util.ArrayList;
import java.util.List;

/**
 * The BLT of least error at equal privacy. Its decays and those of its inverse alternate, so the search runs over their
 * 2 d distances from 1, in logarithms: the first, then by how much each exceeds the one before. All scales then are
 * positive by construction. Gradients are central differences.
 */
final class BufferedSearch {
    /** Far more than runs need: for 1,000 rounds, 5 are within 0.002% of the optimum. */
    static final int MOST = 10;

    private static final int STEPS = 400;
    private static final double DIFFERENCE = 1e-5;

    /** Weight of the barriers that keep the coefficients from rising; too small to move an optimum inside them. */
    private static final double BARRIER = 1e-9;

    /** A buffer of a smaller scale is left out. */
    private static final double NEGLIGIBLE = 1e-12;

    private final Participation participation;
    private final PrefixSumError error;

    private BufferedSearch(Participation participation, PrefixSumError error) {
        this.participation = participation;
        this.error = error;
    }

    static BufferedLinearToeplitz optimum(int buffers, Participation participation, PrefixSumError error) {
        BufferedSearch search = new BufferedSearch(participation, error);
        BufferedLinearToeplitz best = new BufferedLinearToeplitz(List.of(), List.of());
        for (double nearest : starts(participation)) {
            double[] x = QuasiNewton.minimise(search::withGradient, start(buffers, nearest), STEPS);
            BufferedLinearToeplitz found = correlation(x);
            if (error.atEqualPrivacy(found, participation) < error.atEqualPrivacy(best, participation)) {
                best = found;
            }
        }
        return best;
    }

    /** When clients return there are two valleys: with and without a buffer that hardly decays. */
    private static double[] starts(Participation participation) {
        double rounds = participation.rounds();
        return participation.maxParticipations() == 1
                ? new double[] {1 / rounds}
                : new double[] {1 / rounds, 1 / Math.sqrt(rounds)};
    }

    /** Distances from the nearest to 0.7, evenly spaced in logarithms, as of a rational approximation to the square root. */
    private static double[] start(int buffers, double nearest) {
        double first = Math.log(Math.min(nearest, 0.25));
        double[] x = new double[2 * buffers];
        x[0] = first;
        for (int j = 1; j < x.length; j++) {
            x[j] = Math.log((Math.log(0.7) - first) / (x.length - 1));
        }
        return x;
    }

    private double withGradient(double[] x, double[] gradient) {
        double value = value(x);
        double[] moved = x.clone();
        for (int i = 0; i < x.length && value < Double.POSITIVE_INFINITY; i++) {
            moved[i] = x[i] + DIFFERENCE;
            double above = value(moved);
            moved[i] = x[i] - DIFFERENCE;
            gradient[i] = (above - value(moved)) / (2 * DIFFERENCE);
            moved[i] = x[i];
        }
        return value;
    }

    /** log(sensitivity^2 x error^2) and the barriers. */
    private double value(double[] x) {
        double[] points = points(x);
        double[] decays = every(points, 0);
        double[] inverse = every(points, 1);
        double[] scales = GeometricSums.residues(decays, inverse);
        double last = decays[decays.length - 1];
        double room = 1;
        for (double scale : scales) {
            room -= scale;
        }
        if (!(last > 0 && room > 0)) {
            return Double.POSITIVE_INFINITY;
        }
        int rounds = participation.rounds();
        double[] coefficients = GeometricSums.column(decays, scales, rounds);
        double[] noising = GeometricSums.column(inverse, GeometricSums.residues(inverse, decays), rounds);
        double value = Math.log(Sensitivity.squared(coefficients, participation))
                + Math.log(error.squared(Toeplitz.prefixSums(noising)))
                - BARRIER * (Math.log(last) + Math.log(room));
        return Double.isFinite(value) ? value : Double.POSITIVE_INFINITY;
    }

    private static BufferedLinearToeplitz correlation(double[] x) {
        double[] points = points(x);
        double[] decays = every(points, 0);
        double[] scales = GeometricSums.residues(decays, every(points, 1));
        List<Double> keptDecays = new ArrayList<>();
        List<Double> keptScales = new ArrayList<>();
        for (int i = 0; i < decays.length; i++) {
            double decay = BufferedLinearToeplitz.roundedDown(decays[i]);
            int last = keptDecays.size() - 1;
            if (last >= 0 && decay == keptDecays.get(last)) {
                keptScales.set(last, keptScales.get(last) + scales[i]);
            } else if (scales[i] > NEGLIGIBLE) {
                keptDecays.add(decay);
                keptScales.add(scales[i]);
            }
        }
        return new BufferedLinearToeplitz(keptDecays, keptScales);
    }

    /** Decay, inverse decay, decay, inverse decay, ...: falling. */
    private static double[] points(double[] x) {
        double[] points = new double[x.length];
        double logDistance = x[0];
        points[0] = 1 - Math.exp(logDistance);
        for (int j = 1; j < x.length; j++) {
            logDistance += Math.exp(x[j]);
            points[j] = 1 - Math.exp(logDistance);
        }
        return points;
    }

    private static double[] every(double[] points, int from) {
        double[] half = new double[points.length / 2];
        for (int i = 0; i < half.length; i++) {
            half[i] = points[2 * i + from];
        }
        return half;
    }
}
