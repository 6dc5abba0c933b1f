package dev.sotto.formats.config;

/**
 * The numbers a setting may have.
 *
 * @param least lower end
 * @param most upper end; infinite for none
 * @param open whether the ends themselves are excluded
 */
public record Interval(double least, double most, boolean open) {
    /** Finite and above zero. */
    public static final Interval POSITIVE = new Interval(0, Double.POSITIVE_INFINITY, true);
    /** Strictly between 0 and 1. */
    public static final Interval PROPORTION = new Interval(0, 1, true);
    /** Finite and at least zero. */
    public static final Interval NOT_NEGATIVE = new Interval(0, Double.POSITIVE_INFINITY, false);
    /** 0 to 1 with both ends. */
    public static final Interval UNIT = new Interval(0, 1, false);
    /** Any finite number. */
    public static final Interval FINITE = new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, false);

    /** Whether a number may be used; NaN and infinities never. */
    public boolean contains(double value) {
        boolean inside = open ? value > least && value < most : value >= least && value <= most;
        return Double.isFinite(value) && inside;
    }

    /** The rule in words. */
    public String words() {
        if (Double.isInfinite(least) && Double.isInfinite(most)) {
            return "a finite number";
        }
        if (Double.isInfinite(most)) {
            return (open ? "greater than " : "at least ") + plain(least);
        }
        return (open ? "strictly between " : "between ") + plain(least) + " and " + plain(most);
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
