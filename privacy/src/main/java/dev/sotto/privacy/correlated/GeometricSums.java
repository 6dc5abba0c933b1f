package dev.sotto.privacy.correlated;

/**
 * Columns of the form 1, then sum over i of scale_i decay_i^(t-1). In z = 1/x the generating function is the rational
 * function f(z) = 1 + sum over i of scale_i / (z - decay_i) = product of (z - zero_i) / product of (z - decay_i), so the
 * inverse column has the zeros as its decays and the residues of 1/f as its scales (McMahan and Pillutla 2025).
 * With positive scales decays and zeros alternate: decay_1 > zero_1 > decay_2 > zero_2 > ...
 */
final class GeometricSums {
    private static final int BISECTIONS = 1100;

    private GeometricSums() {}

    static double[] column(double[] decays, double[] scales, int rounds) {
        double[] column = new double[rounds];
        column[0] = 1;
        for (int i = 0; i < decays.length; i++) {
            double term = scales[i];
            for (int t = 1; t < rounds; t++) {
                column[t] += term;
                term *= decays[i];
            }
        }
        return column;
    }

    /** The scales that go with {@code decays} in f, given its zeros: the residues at the decays. */
    static double[] residues(double[] decays, double[] zeros) {
        double[] residues = new double[decays.length];
        for (int i = 0; i < decays.length; i++) {
            double product = decays[i] - zeros[i];
            for (int j = 0; j < decays.length; j++) {
                if (j != i) {
                    product *= (decays[i] - zeros[j]) / (decays[i] - decays[j]);
                }
            }
            residues[i] = product;
        }
        return residues;
    }

    /** The zeros of f, one below each decay. */
    static double[] inverseDecays(double[] decays, double[] scales) {
        double sum = 0;
        for (double scale : scales) {
            sum += scale;
        }
        double[] zeros = new double[decays.length];
        for (int i = 0; i < decays.length; i++) {
            // Below all decays f is at least 1 - sum / (distance to the last), so the last zero is no further than the
            // sum.
            double room = i + 1 < decays.length ? decays[i] - decays[i + 1] : sum;
            zeros[i] = decays[i] - distanceToZero(decays, scales, i, room);
        }
        return zeros;
    }

    /** f falls from the next decay up to decay i; bisection on the distance below that, which keeps small distances exact. */
    private static double distanceToZero(double[] decays, double[] scales, int i, double room) {
        double near = 0;
        double far = room;
        for (int k = 0; k < BISECTIONS; k++) {
            double middle = near + (far - near) / 2;
            if (middle == near || middle == far) {
                break;
            }
            double value = 1 - scales[i] / middle;
            for (int j = 0; j < decays.length; j++) {
                if (j != i) {
                    value += scales[j] / (decays[i] - decays[j] - middle);
                }
            }
            if (value < 0) {
                near = middle;
            } else {
                far = middle;
            }
        }
        return far;
    }
}
