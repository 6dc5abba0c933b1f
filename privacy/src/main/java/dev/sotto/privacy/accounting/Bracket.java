package dev.sotto.privacy.accounting;

import java.util.function.DoubleUnaryOperator;

/** Root finding that keeps to the safe side. */
final class Bracket {
    private final DoubleUnaryOperator function;
    private double outside;
    private double above;
    private double within;
    private double below;

    private Bracket(DoubleUnaryOperator function, double outside, double above, double within, double below) {
        this.function = function;
        this.outside = outside;
        this.above = above;
        this.within = within;
        this.below = below;
    }

    /** The same where the values at both ends are not known yet. */
    static double lastWithin(DoubleUnaryOperator function, double outside, double within, double tolerance) {
        return lastWithin(
                function, outside, function.applyAsDouble(outside), within, function.applyAsDouble(within), tolerance);
    }

    /**
     * The last point of a bracket, seen from its inner end, at which a function is 0 or below, to {@code tolerance}; it is 0 or
     * below at the point itself. Regula falsi in the form of Illinois, with halving where the values are infinite or progress
     * is slow.
     *
     * @param outside where the function is above 0
     * @param above its value there
     * @param within where it is 0 or below
     * @param below its value there
     */
    static double lastWithin(
            DoubleUnaryOperator function, double outside, double above, double within, double below, double tolerance) {
        return new Bracket(function, outside, above, within, below).search(tolerance);
    }

    private double search(double tolerance) {
        // Illinois: the value of an end that stays twice is halved for the next guess.
        double weightAbove = 1;
        double weightBelow = 1;
        int side = 0;
        for (int i = 0; i < 200 && Math.abs(within - outside) > tolerance; i++) {
            double x = i % 4 == 3 ? middle() : guess(weightAbove, weightBelow);
            double root = guess(1, 1);
            if (Math.abs(root - within) < tolerance) {
                // One end is as good as the root: to know that, the other one must come near.
                x = within + Math.copySign(0.9 * tolerance, outside - within);
            } else if (Math.abs(root - outside) < tolerance) {
                x = outside + Math.copySign(0.9 * tolerance, within - outside);
            }
            double value = function.applyAsDouble(x);
            if (value > 0) {
                outside = x;
                above = value;
                weightAbove = 1;
                weightBelow = side == 1 ? weightBelow / 2 : weightBelow;
                side = 1;
            } else {
                within = x;
                below = value;
                weightBelow = 1;
                weightAbove = side == -1 ? weightAbove / 2 : weightAbove;
                side = -1;
            }
        }
        return within;
    }

    private double middle() {
        return (outside + within) / 2;
    }

    private double guess(double weightAbove, double weightBelow) {
        double high = above * weightAbove;
        double low = below * weightBelow;
        if (!Double.isFinite(high) || !Double.isFinite(low) || low == 0) {
            return middle();
        }
        double x = within - low * (within - outside) / (low - high);
        return x > Math.min(outside, within) && x < Math.max(outside, within) ? x : middle();
    }
}
