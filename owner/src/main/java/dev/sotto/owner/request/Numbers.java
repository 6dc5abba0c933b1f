package dev.sotto.owner.request;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.OptionalDouble;

/** Numbers as people read them. */
final class Numbers {
    private Numbers() {}

    static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** Such as {@code 1 round} or {@code 10 rounds}. */
    static String count(long value, String unit) {
        return whole(value) + " " + (value == 1 ? unit : unit + "s");
    }

    /** Four digits, rounded up: a promise is never made smaller by printing it. */
    static String epsilon(double value) {
        if (!Double.isFinite(value)) {
            return "without bound";
        }
        BigDecimal up = roundedUp(value);
        return value == 0
                ? "0"
                : up.setScale(Math.max(0, 4 - up.precision() + up.scale()), RoundingMode.UP)
                        .toPlainString();
    }

    static BigDecimal roundedUp(double value) {
        return BigDecimal.valueOf(value).round(new MathContext(4, RoundingMode.UP));
    }

    static String epsilon(OptionalDouble value) {
        return epsilon(value.orElse(Double.POSITIVE_INFINITY));
    }

    /** Such as {@code 1e-5}. */
    static String delta(double value) {
        return Double.toString(value).replace(".0E", "e").replace('E', 'e');
    }

    /** Such as {@code 1 in 100,000}. */
    static String chance(double value) {
        return "1 in " + whole((long) Math.floor(1 / value + 1e-6));
    }

    /** Up to four significant digits. */
    static String measured(double value) {
        return new BigDecimal(value)
                .round(new MathContext(4))
                .stripTrailingZeros()
                .toPlainString();
    }

    static String bytes(long value) {
        if (value < 1000) {
            return value + " bytes";
        }
        double scaled = value;
        String unit = "kB";
        for (String next : new String[] {"kB", "MB", "GB", "TB"}) {
            unit = next;
            scaled /= 1000;
            if (scaled < 999.5) {
                break;
            }
        }
        return String.format(Locale.ROOT, scaled < 9.95 ? "%.1f %s" : "%.0f %s", scaled, unit);
    }
}
