package dev.sotto.privacy.correlated;

import java.util.Arrays;

/**
 * Minimises a smooth function: BFGS with a line search by bisection for the weak Wolfe conditions (Nocedal and Wright 2006,
 * algorithm 6.1; Lewis and Overton 2013, algorithm 2.6). Deterministic. Infinite values mark where the search may not go.
 */
final class QuasiNewton {
    private static final double SUFFICIENT_DECREASE = 1e-4;
    private static final double CURVATURE = 0.9;

    /** The search ends where a step promises less than this, absolutely. */
    private static final double NEGLIGIBLE_SLOPE = 1e-12;

    private static final int BISECTIONS = 50;

    /** A function and its gradient. */
    interface Objective {
        /** The value at {@code x}; fills {@code gradient} where the value is finite. */
        double at(double[] x, double[] gradient);
    }

    private final Objective objective;
    private final double[][] inverseHessian;
    private double[] x;
    private double[] gradient;
    private double value;

    private QuasiNewton(Objective objective, double[] start) {
        this.objective = objective;
        this.x = start.clone();
        this.gradient = new double[start.length];
        this.value = objective.at(x, gradient);
        this.inverseHessian = new double[start.length][start.length];
    }

    /** Where the search ends: after {@code steps}, or when nothing below the last value is found. */
    static double[] minimise(Objective objective, double[] start, int steps) {
        QuasiNewton search = new QuasiNewton(objective, start);
        search.restart(1 / Math.max(1, Math.sqrt(dot(search.gradient, search.gradient))));
        int taken = 0;
        while (taken < steps && search.step(taken == 0)) {
            taken++;
        }
        return search.x;
    }

    private void restart(double scale) {
        for (int i = 0; i < x.length; i++) {
            Arrays.fill(inverseHessian[i], 0);
            inverseHessian[i][i] = scale;
        }
    }

    private boolean step(boolean first) {
        int n = x.length;
        double[] direction = new double[n];
        for (int i = 0; i < n; i++) {
            direction[i] = -dot(inverseHessian[i], gradient);
        }
        double slope = dot(direction, gradient);
        if (!(slope < -NEGLIGIBLE_SLOPE)) {
            return false;
        }
        double low = 0;
        double high = Double.POSITIVE_INFINITY;
        double length = 1;
        double[] next = new double[n];
        double[] nextGradient = new double[n];
        for (int tries = 0; tries < BISECTIONS; tries++) {
            for (int i = 0; i < n; i++) {
                next[i] = x[i] + length * direction[i];
            }
            double nextValue = objective.at(next, nextGradient);
            if (!(nextValue <= value + SUFFICIENT_DECREASE * length * slope)) {
                high = length;
            } else if (dot(direction, nextGradient) < CURVATURE * slope) {
                low = length;
            } else {
                boolean lower = nextValue < value;
                accept(next, nextGradient, nextValue, first);
                return lower;
            }
            length = high == Double.POSITIVE_INFINITY ? 2 * low : (low + high) / 2;
        }
        return false;
    }

    private void accept(double[] next, double[] nextGradient, double nextValue, boolean first) {
        int n = x.length;
        double[] moved = new double[n];
        double[] turned = new double[n];
        for (int i = 0; i < n; i++) {
            moved[i] = next[i] - x[i];
            turned[i] = nextGradient[i] - gradient[i];
        }
        x = next;
        gradient = nextGradient;
        value = nextValue;
        double curvature = dot(moved, turned);
        if (!(curvature > 0)) {
            return;
        }
        if (first) {
            restart(curvature / dot(turned, turned));
        }
        double[] mapped = new double[n];
        for (int i = 0; i < n; i++) {
            mapped[i] = dot(inverseHessian[i], turned);
        }
        double rise = (1 + dot(turned, mapped) / curvature) / curvature;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                inverseHessian[i][j] +=
                        rise * moved[i] * moved[j] - (mapped[i] * moved[j] + moved[i] * mapped[j]) / curvature;
            }
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
