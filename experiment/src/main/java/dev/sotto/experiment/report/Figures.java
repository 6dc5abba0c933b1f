package dev.sotto.experiment.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Numbers as people read them. */
public final class Figures {
    /** What stands where there is no number. */
    public static final String NONE = "\u2013";

    private Figures() {}

    /** A share: 95.12%. */
    static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f%%", 100 * share);
    }

    /** A measurement: four significant digits, zeros too. */
    static String measured(double value) {
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(4, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        return exponent < -3 || exponent > 5 || rounded.signum() == 0
                ? plain(rounded)
                : rounded.setScale(Math.max(0, 3 - exponent), RoundingMode.HALF_EVEN)
                        .toPlainString();
    }

    /** A setting: up to four significant digits. */
    public static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e6) {
            return Long.toString((long) value);
        }
        return plain(new BigDecimal(value).round(new MathContext(4, RoundingMode.HALF_EVEN)));
    }

    /** Three significant digits, rounded up: 2.998 is 3.00. A report never states less than was spent. */
    public static String epsilon(double epsilon) {
        // The last bits of an accountant's sum are not worth another unit in the last place.
        BigDecimal value = new BigDecimal(epsilon * (1 - 1e-9));
        BigDecimal rounded = value.round(new MathContext(3, RoundingMode.UP));
        if (rounded.signum() == 0) {
            return "0";
        }
        int exponent = rounded.precision() - rounded.scale() - 1;
        return exponent < -3 || exponent > 5
                ? plain(rounded)
                : rounded.setScale(Math.max(0, 2 - exponent), RoundingMode.UNNECESSARY)
                        .toPlainString();
    }

    /** As it is written in an experiment: 1e-5, 0.001. */
    public static String delta(double delta) {
        return plain(new BigDecimal(Double.toString(delta)).round(new MathContext(3, RoundingMode.UP)));
    }

    private static String plain(BigDecimal value) {
        BigDecimal bare = value.stripTrailingZeros();
        int exponent = bare.precision() - bare.scale() - 1;
        if (exponent >= -3 && exponent < 6) {
            return bare.toPlainString();
        }
        BigDecimal mantissa = bare.movePointLeft(exponent).stripTrailingZeros();
        return mantissa.toPlainString() + "e" + exponent;
    }

    /** 50,000. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** 1 client, 2 clients. */
    public static String counted(long count, String singular) {
        return count(count) + " " + singular + (count == 1 ? "" : "s");
    }

    /** 0.84 s, 42 s, 3 min 12 s, 2 h 5 min. */
    public static String duration(double seconds) {
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.2f s", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        if (whole < 3600) {
            return whole / 60 + " min" + (whole % 60 == 0 ? "" : " " + whole % 60 + " s");
        }
        return whole / 3600 + " h" + (whole % 3600 < 60 ? "" : " " + whole % 3600 / 60 + " min");
    }

    static String count(OptionalInt count) {
        return count.isPresent() ? count(count.getAsInt()) : NONE;
    }

    static String percent(OptionalDouble share) {
        return share.isPresent() ? percent(share.getAsDouble()) : NONE;
    }

    static String measured(OptionalDouble value) {
        return value.isPresent() ? measured(value.getAsDouble()) : NONE;
    }

    static String epsilon(OptionalDouble epsilon) {
        return epsilon.isPresent() ? epsilon(epsilon.getAsDouble()) : NONE;
    }
}
