package dev.sotto.data.generated;

/**
 * One movement of the pen through points in the unit square (y downwards): straight from point to point, or a smooth
 * Catmull-Rom curve through all of them.
 */
final class Stroke {
    private static final int PIECES = 5;

    private final boolean smooth;
    private final double[] points;

    private Stroke(boolean smooth, double[] points) {
        this.smooth = smooth;
        this.points = points;
    }

    static Stroke line(double... points) {
        return new Stroke(false, points);
    }

    static Stroke curve(double... points) {
        return new Stroke(true, points);
    }

    boolean smooth() {
        return smooth;
    }

    int size() {
        return points.length / 2;
    }

    double x(int point) {
        return points[2 * point];
    }

    double y(int point) {
        return points[2 * point + 1];
    }

    /** Turns control points {@code at[0 .. 2 * points)} into a polyline; returns its number of points. */
    static int flatten(boolean smooth, double[] at, int points, double[] into) {
        if (!smooth) {
            System.arraycopy(at, 0, into, 0, 2 * points);
            return points;
        }
        int n = 0;
        for (int i = 0; i + 1 < points; i++) {
            int before = Math.max(i - 1, 0);
            int after = Math.min(i + 2, points - 1);
            for (int k = 0; k < PIECES; k++) {
                double t = (double) k / PIECES;
                into[2 * n] = at(t, at[2 * before], at[2 * i], at[2 * i + 2], at[2 * after]);
                into[2 * n + 1] = at(t, at[2 * before + 1], at[2 * i + 1], at[2 * i + 3], at[2 * after + 1]);
                n++;
            }
        }
        into[2 * n] = at[2 * points - 2];
        into[2 * n + 1] = at[2 * points - 1];
        return n + 1;
    }

    private static double at(double t, double p0, double p1, double p2, double p3) {
        return 0.5
                * (2 * p1
                        + t * (p2 - p0)
                        + t * t * (2 * p0 - 5 * p1 + 4 * p2 - p3)
                        + t * t * t * (3 * p1 - p0 - 3 * p2 + p3));
    }
}
