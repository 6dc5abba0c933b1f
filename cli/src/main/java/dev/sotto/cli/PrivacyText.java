package dev.sotto.cli;

import dev.sotto.privacy.accounting.EpsilonAnswer;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/**
 * What the privacy commands print for people: six digits, rounded so that a printed number is never better than the true
 * one, and lines that fit eighty columns.
 */
final class PrivacyText {
    private static final int COLUMNS = 80;
    private static final int DIGITS = 6;

    private PrivacyText() {}

    /** A number as it was given: {@code 1e-5}, not {@code 1.0E-5}. */
    static String exactly(double value) {
        return Double.isFinite(value) ? plain(BigDecimal.valueOf(value)) : Double.toString(value);
    }

    /** Six digits, never below the value: for what is spent, and for noise. */
    static String atLeast(double value) {
        return rounded(value, RoundingMode.CEILING);
    }

    /** Six digits, never above the value: for the highest rate. */
    static String atMost(double value) {
        return rounded(value, RoundingMode.FLOOR);
    }

    private static String rounded(double value, RoundingMode mode) {
        return Double.isFinite(value)
                ? plain(BigDecimal.valueOf(value).round(new MathContext(DIGITS, mode)))
                : Double.toString(value);
    }

    private static String plain(BigDecimal value) {
        BigDecimal digits = value.stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        if (digits.signum() == 0 || (exponent >= -3 && exponent <= 9)) {
            return digits.toPlainString();
        }
        return digits.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
    }

    /** An epsilon, or that there is none. */
    static String epsilon(EpsilonAnswer answer) {
        return answer.epsilon().isPresent() ? atLeast(answer.epsilon().getAsDouble()) : "none";
    }

    /** Who proved it, and under which conditions it holds, a line each. */
    static List<String> reasons(EpsilonAnswer answer) {
        List<String> lines = new ArrayList<>(List.of(answer.explanation().split("; ", -1)));
        lines.set(0, "accountant " + answer.accountant() + ": " + lines.get(0));
        lines.removeIf(line -> line.startsWith("delta "));
        return lines;
    }

    /** A headline with indented lines below, broken between words. */
    static String page(String headline, List<String> lines) {
        StringBuilder page = new StringBuilder(headline);
        for (String line : lines) {
            int column = COLUMNS;
            String indent = "  ";
            for (String word : line.split(" ", -1)) {
                if (column + 1 + word.length() > COLUMNS) {
                    page.append('\n').append(indent).append(word);
                    column = indent.length() + word.length();
                    indent = "    ";
                } else {
                    page.append(' ').append(word);
                    column += 1 + word.length();
                }
            }
        }
        return page.toString();
    }
}
