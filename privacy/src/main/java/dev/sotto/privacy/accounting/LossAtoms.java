package dev.sotto.privacy.accounting;

import java.util.Arrays;

/**
 * A pair's privacy loss, moved onto chosen points so that the new pair dominates the old one: the mass between two points
 * goes to both, such that its total under P and under Q stays ("connect the dots", Doroshenko et al. 2022). What lies below
 * the points moves up to the lowest; what lies above becomes an infinite loss.
 */
final class LossAtoms {
    final double[] losses;
    final double[] mass;
    final double infinite;

    private LossAtoms(double[] losses, double[] mass, double infinite) {
        this.losses = losses;
        this.mass = mass;
        this.infinite = infinite;
    }

    /** The atoms of a pair on ascending points. */
    static LossAtoms of(LossPair pair, double[] points) {
        double[] mass = new double[points.length];
        double[] before = new double[4];
        double[] after = new double[4];
        pair.masses(points[0], before);
        mass[0] = before[2];
        for (int i = 0; i + 1 < points.length; i++) {
            pair.masses(points[i + 1], after);
            double p = between(before[0], after[0], before[2], after[2]);
            if (p > 0) {
                double q = between(before[1], after[1], before[3], after[3]);
                double up = p * shareAbove(points[i], points[i + 1], q / p);
                mass[i + 1] += up;
                mass[i] += p - up;
            }
            double[] spare = before;
            before = after;
            after = spare;
        }
        return new LossAtoms(points, mass, before[0]);
    }

    /** The smallest loss with any mass. */
    double lowest() {
        int i = 0;
        while (i + 1 < mass.length && mass[i] == 0) {
            i++;
        }
        return losses[i];
    }

    /** The largest finite loss with any mass. */
    double highest() {
        int i = mass.length - 1;
        while (i > 0 && mass[i] == 0) {
            i--;
        }
        return losses[i];
    }

    /** The atoms of a pair on points of its own, for a first look; a guard above the last keeps an atom there finite. */
    static LossAtoms roughly(LossPair pair, double tail) {
        double[] points = pair.points(tail);
        double[] guarded = Arrays.copyOf(points, points.length + 1);
        double last = points[points.length - 1];
        guarded[points.length] = last + 1e-9 * (1 + Math.abs(last));
        return of(pair, guarded);
    }

    private static double between(double above, double nextAbove, double below, double nextBelow) {
        return below < above ? nextBelow - below : above - nextAbove;
    }

    /** The share s of P's mass that goes to the upper point, where (1-s) e^-low + s e^-high = Q's mass over P's. */
    private static double shareAbove(double low, double high, double ratio) {
        if (low > 600) {
            return 1;
        }
        double rounding = 4e-16 / (high - low);
        double share = -(ratio * Math.exp(low) - 1) / -Math.expm1(low - high);
        // An atom on a point falls beside it by rounding alone.
        return share < rounding ? 0 : Math.min(share, 1);
    }
}
