package dev.sotto.privacy.accounting;

import java.util.function.DoubleUnaryOperator;

/** Root finding that keeps to the safe side. */
final class Bracket {
    private Bracket() {}

    /**
     * The smallest point of a bracket at which a falling function is 0 or below, to {@code tolerance}; the function is 0
     * or below at the point itself. Regula falsi in the form of Illinois, with halving where the values are infinite or
     * progress is slow.
     *
     * @param outside where the function is above 0
     * @param within where it is 0 or below
     */
    static double lastWithin(DoubleUnaryOperator function, double outside, double within, double tolerance) {
        double a = outside;
        double b = within;
        double fa = function.applyAsDouble(a);
        double fb = function.applyAsDouble(b);
        int side = 0;
        for (int i = 0; i < 200 && Math.abs(b - a) > tolerance; i++) {
            double middle = (a + b) / 2;
            double x = middle;
            if (i % 4 != 3 && Double.isFinite(fa) && Double.isFinite(fb) && fa > 0 && fb < 0) {
                x = b - fb * (b - a) / (fb - fa);
                // Half a tolerance towards the safe side, so that the bracket closes from both ends.
                x += Math.copySign(tolerance / 2, b - a);
                if (!(x > Math.min(a, b) && x < Math.max(a, b))) {
                    x = middle;
                }
            }
            double fx = function.applyAsDouble(x);
            if (fx > 0) {
                a = x;
                fa = fx;
                fb = side == 1 ? fb / 2 : fb;
                side = 1;
            } else {
                b = x;
                fb = fx;
                fa = side == -1 ? fa / 2 : fa;
                side = -1;
            }
        }
        return b;
    }
}
