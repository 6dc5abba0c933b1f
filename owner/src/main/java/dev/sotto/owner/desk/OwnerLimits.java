package dev.sotto.owner.desk;

import dev.sotto.formats.config.Section;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a node may take of its machine.
 *
 * @param threads tasks that are worked on at once; each uses one processor
 * @param memory bytes that all tasks at once may need
 * @param model most bytes of a model
 * @param sessions most sessions at once
 */
public record OwnerLimits(int threads, long memory, long model, int sessions) {
    private static final Pattern SIZE =
            Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([KMGT]i?B|B)?", Pattern.CASE_INSENSITIVE);
    private static final Map<String, Double> UNITS = Map.of(
            "b", 1.0, "kb", 1e3, "mb", 1e6, "gb", 1e9, "tb", 1e12, "kib", 0x1p10, "mib", 0x1p20, "gib", 0x1p30, "tib",
            0x1p40);
    private static final int SESSIONS = 16;
    private static final long MODEL = 1L << 30;

    /** Half of the processors, three quarters of Java's heap, models of 1 GiB, 16 sessions. */
    public static OwnerLimits usual() {
        Runtime java = Runtime.getRuntime();
        return new OwnerLimits(Math.max(1, java.availableProcessors() / 2), java.maxMemory() / 4 * 3, MODEL, SESSIONS);
    }

    static OwnerLimits read(Section limits) {
        OwnerLimits usual = usual();
        OwnerLimits read = new OwnerLimits(
                limits.integer("threads", usual.threads(), 1, 1024),
                size(limits, "memory", usual.memory()),
                size(limits, "model", usual.model()),
                limits.integer("sessions", usual.sessions(), 1, 10_000));
        limits.end();
        return read;
    }

    private static long size(Section limits, String key, long otherwise) {
        if (!limits.has(key)) {
            return otherwise;
        }
        String text = limits.text(key).strip();
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw limits.error(key, "expected a size such as 2GiB or 500MB, found '" + text + "'");
        }
        String unit = size.group(2) == null ? "b" : size.group(2).toLowerCase(Locale.ROOT);
        double bytes = Double.parseDouble(size.group(1)) * UNITS.get(unit);
        if (!(bytes >= 1 && bytes < 0x1p62)) {
            throw limits.error(key, text + " is out of range; it must be at least one byte");
        }
        return (long) bytes;
    }
}
