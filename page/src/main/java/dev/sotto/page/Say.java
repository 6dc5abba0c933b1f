package dev.sotto.page;

import dev.sotto.experiment.report.Figures;
import dev.sotto.experiment.report.Markup;
import dev.sotto.owner.ledger.SessionKey;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalDouble;

/** Times, numbers and names as the page says them. */
final class Say {
    static final ZoneId ZONE = ZoneId.systemDefault();
    private static final DateTimeFormatter MINUTE = format("d MMM yyyy, HH:mm");
    private static final DateTimeFormatter CLOCK = format("HH:mm:ss");
    private static final DateTimeFormatter DAY = format("d MMM yyyy");

    private Say() {}

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZONE);
    }

    /** Writes a time to the minute. */
    static void time(Markup page, Instant at) {
        page.element("time", minute(at), "datetime", at.toString());
    }

    static String minute(Instant at) {
        return MINUTE.format(at);
    }

    static String clock(Instant at) {
        return CLOCK.format(at);
    }

    static String day(Instant at) {
        return DAY.format(at);
    }

    static String epsilon(OptionalDouble epsilon) {
        return epsilon.isPresent() ? Figures.epsilon(epsilon.getAsDouble()) : "without bound";
    }

    /** A session at the beginning of a sentence or a cell. */
    static String session(SessionKey key) {
        String words = key.toString();
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
