package dev.sotto.experiment.report;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * A horizontal axis of time, with ticks where clocks and calendars have them.
 *
 * @param from its left end
 * @param to its right end, later
 * @param zone whose clocks
 */
record TimeAxis(Instant from, Instant to, ZoneId zone) {
    private static final Duration LEAST = Duration.ofMinutes(1);
    private static final DateTimeFormatter SECONDS = format("HH:mm:ss");
    private static final DateTimeFormatter MINUTES = format("HH:mm");
    private static final DateTimeFormatter DAYS = format("d MMM");
    private static final DateTimeFormatter MONTHS = format("MMM yyyy");
    private static final DateTimeFormatter DATE = format("d MMM yyyy");
    private static final long[] CLOCK = {1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200};
    private static final int[] DAY_STEPS = {1, 2, 7, 14};
    private static final int[] MONTH_STEPS = {1, 3, 6, 12, 24, 60, 120};

    TimeAxis {
        if (Duration.between(from, to).compareTo(LEAST) < 0) {
            from = to.minus(LEAST);
        }
    }

    /** A mark and what stands below it. */
    record Tick(Instant at, String label) {}

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    }

    /** Where a time lies: 0 at the left end, 1 at the right. */
    double position(Instant at) {
        return (double) Duration.between(from, at).toMillis()
                / Duration.between(from, to).toMillis();
    }

    /** As many as there are at the finest step that gives at most that many. */
    List<Tick> ticks(int most) {
        long seconds = Duration.between(from, to).toSeconds();
        ZonedDateTime midnight = from.atZone(zone).toLocalDate().atStartOfDay(zone);
        for (long step : CLOCK) {
            if (seconds / step <= most - 1) {
                return marks(midnight, at -> at.plusSeconds(step), step < 60 ? SECONDS : MINUTES);
            }
        }
        for (int step : DAY_STEPS) {
            if (seconds / (86_400L * step) <= most - 1) {
                return marks(midnight, at -> at.plusDays(step), DAYS);
            }
        }
        LocalDate year = midnight.toLocalDate().withDayOfYear(1);
        for (int step : MONTH_STEPS) {
            if (seconds / (30L * 86_400 * step) <= most - 1) {
                return marks(year.atStartOfDay(zone), at -> at.plusMonths(step), MONTHS);
            }
        }
        return List.of();
    }

    private List<Tick> marks(ZonedDateTime first, UnaryOperator<ZonedDateTime> next, DateTimeFormatter format) {
        List<Tick> ticks = new ArrayList<>();
        for (ZonedDateTime at = first; !at.toInstant().isAfter(to); at = next.apply(at)) {
            if (!at.toInstant().isBefore(from)) {
                // Between clocks' times, midnight says which day begins.
                boolean day = !format.equals(MONTHS) && at.toLocalTime().equals(LocalTime.MIDNIGHT);
                ticks.add(new Tick(at.toInstant(), (day ? DAYS : format).format(at)));
            }
        }
        return ticks;
    }

    /** The days that it covers. */
    String days() {
        String first = DATE.format(from.atZone(zone));
        String last = DATE.format(to.atZone(zone));
        return first.equals(last) ? first : first + " to " + last;
    }
}
