package dev.sotto.privacy.accounting;

import java.util.function.DoubleUnaryOperator;

/** Minimum of a function that first falls and then rises (Kiefer 1953). */
final class GoldenSection {
    private static final double RATIO = (Math.sqrt(5) - 1) / 2;

    private GoldenSection() {}

    /** Where the function is smallest between two points, to about 1e-4. */
    static double minimum(DoubleUnaryOperator function, double low, double high) {
        return minimum(function, low, high, 1e-4);
    }

    /** Where the function is smallest between two points, to a tolerance. */
    static double minimum(DoubleUnaryOperator function, double low, double high, double tolerance) {
        double a = low;
        double b = high;
        double x = b - RATIO * (b - a);
        double y = a + RATIO * (b - a);
        double fx = function.applyAsDouble(x);
        double fy = function.applyAsDouble(y);
        while (b - a > tolerance) {
            if (fx <= fy) {
                b = y;
                y = x;
                fy = fx;
                x = b - RATIO * (b - a);
                fx = function.applyAsDouble(x);
            } else {
                a = x;
                x = y;
                fx = fy;
                y = a + RATIO * (b - a);
                fy = function.applyAsDouble(y);
            }
        }
        return (a + b) / 2;
    }
}
