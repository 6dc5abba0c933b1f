package dev.sotto.privacy;

/**
 * All range checks of the privacy module. A message names the parameter, the value it had and the values it may have, in
 * one line.
 */
public final class Require {
    private Require() {}

    /** Returns {@code value} if it is finite and above zero. */
    public static double positive(String name, double value) {
        return check(value > 0 && value < Double.POSITIVE_INFINITY, name, value, "a finite number above 0");
    }

    /** Returns {@code value} if it is finite and not below zero. */
    public static double nonNegative(String name, double value) {
        return check(value >= 0 && value < Double.POSITIVE_INFINITY, name, value, "a finite number, 0 or above");
    }

    /** Returns {@code value} if it is finite. */
    public static double finite(String name, double value) {
        return check(Double.isFinite(value), name, value, "a finite number");
    }

    /** Returns {@code value} if it lies in (0, 1). */
    public static double openUnit(String name, double value) {
        return check(value > 0 && value < 1, name, value, "between 0 and 1, both excluded");
    }

    /** Returns {@code value} if it lies in (0, 1]. */
    public static double rate(String name, double value) {
        return check(value > 0 && value <= 1, name, value, "above 0 and at most 1");
    }

    /** Returns {@code value} if it lies in [0, 1]. */
    public static double probability(String name, double value) {
        return check(value >= 0 && value <= 1, name, value, "between 0 and 1");
    }

    /** Returns {@code value} if it is at least {@code least}. */
    public static long atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be at least " + least);
        }
        return value;
    }

    /** Returns {@code value} if it is at least {@code least}. */
    public static int atLeast(String name, int value, int least) {
        return (int) atLeast(name, (long) value, least);
    }

    private static double check(boolean holds, String name, double value, String range) {
        if (!holds) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be " + range);
        }
        return value;
    }
}
