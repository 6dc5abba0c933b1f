package dev.sotto.cli;

import dev.sotto.formats.config.ConfigException;

/** Range checks of options: a refusal names the option, the value it had and the values it may have. */
final class OptionRange {
    private OptionRange() {}

    static double positive(String option, double value) {
        return check(value > 0 && value < Double.POSITIVE_INFINITY, option, value, "a finite number above 0");
    }

    static double nonNegative(String option, double value) {
        return check(value >= 0 && value < Double.POSITIVE_INFINITY, option, value, "a finite number, 0 or above");
    }

    static double openUnit(String option, double value) {
        return check(value > 0 && value < 1, option, value, "above 0 and below 1");
    }

    static double rate(String option, double value) {
        return check(value > 0 && value <= 1, option, value, "above 0 and at most 1");
    }

    static long atLeastOne(String option, long value) {
        if (value < 1) {
            throw new ConfigException(option + " " + value + " is out of range; it must be at least 1");
        }
        return value;
    }

    static void port(int port) {
        if (port < 0 || port > 65_535) {
            throw new ConfigException("--port " + port + " is out of range; it must be 0 to 65535");
        }
    }

    private static double check(boolean holds, String option, double value, String range) {
        if (!holds) {
            throw new ConfigException(
                    option + " " + PrivacyText.exactly(value) + " is out of range; it must be " + range);
        }
        return value;
    }
}
