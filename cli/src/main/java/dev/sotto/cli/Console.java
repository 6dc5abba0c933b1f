package dev.sotto.cli;

import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Where a command speaks. Results go to standard output, everything else to standard error, so that output can be piped.
 *
 * @param out results
 * @param err progress and remarks
 * @param terminal whether standard error is a terminal: only then are lines drawn over
 */
record Console(PrintWriter out, PrintWriter err, boolean terminal) {
    private static volatile boolean ended;

    static Console of(CommandSpec command) {
        return new Console(
                command.commandLine().getOut(), command.commandLine().getErr(), Boolean.getBoolean("sotto.terminal"));
    }

    void result(String text) {
        out.println(text);
        out.flush();
    }

    void remark(String text) {
        if (!ended) {
            err.println(text);
            err.flush();
        }
    }

    /** What is said while this process is made to end. What fails from then on fails because of that, and is not told. */
    void lastRemark(String text) {
        remark(text);
        ended = true;
    }

    static boolean ended() {
        return ended;
    }

    /** A number with at most that many decimals, the same in every country. */
    static String number(double value, int decimals) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    /** Epsilon as people write it: enough digits to tell rounds apart. */
    static String epsilon(double value) {
        return measured(value);
    }

    /** Four significant digits. */
    static String measured(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    /** Delta as people write it: {@code 1e-5}. */
    static String delta(double value) {
        return Double.toString(value).replace(".0E", "e").replace('E', 'e');
    }

    /** A share in percent. */
    static String percent(double share) {
        return number(100 * share, 1) + "%";
    }

    /** A duration as a person would say it. */
    static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return seconds < 10 ? number(seconds, 1) + " s" : whole + " s";
        }
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d h", whole / 3600, whole / 60 % 60);
    }
}
