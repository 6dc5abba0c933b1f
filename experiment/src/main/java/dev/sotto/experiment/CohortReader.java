package dev.sotto.experiment;

import dev.sotto.federation.Cohort;
import dev.sotto.federation.Participation;
import dev.sotto.federation.Reliability;
import dev.sotto.federation.Reliability.Deadline;
import dev.sotto.federation.Reliability.Pace;
import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Section;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the section {@code cohort}: whom a round asks, how many it needs, and, simulated, who does not answer. Without
 * {@code size}, {@code fraction}, {@code rate} and {@code min-separation} everyone is asked.
 */
final class CohortReader {
    private static final Pattern DURATION = Pattern.compile("([0-9.]+(?:[eE][-+]?[0-9]+)?)\\s*(ms|s|m|h|)");
    private static final Map<String, Double> SECONDS = Map.of("ms", 1e-3, "s", 1.0, "", 1.0, "m", 60.0, "h", 3600.0);
    private static final Interval DROPOUT = new Interval(0, 0.99, false);

    /** Keys that say how simulated clients behave. */
    static final List<String> SIMULATED = List.of("dropout", "deadline", "seconds-per-step");

    private final Section section;
    private final int clients;

    private CohortReader(Section section, int clients) {
        this.section = section;
        this.clients = clients;
    }

    /**
     * Reads the section.
     *
     * @param clients how many there are
     * @param leastUpdates that a round may be content with: 0 under client-level privacy, else 1
     */
    static Participation read(Section cohort, int clients, int leastUpdates) {
        return new CohortReader(cohort, clients).read(leastUpdates, true);
    }

    /** The same of clients that are not simulated: whether and when they answer is theirs. */
    static Participation readReal(Section cohort, int clients, int leastUpdates) {
        return new CohortReader(cohort, clients).read(leastUpdates, false);
    }

    private Participation read(int leastUpdates, boolean simulated) {
        Cohort asked = cohort();
        int minClients = section.integer("min-clients", leastUpdates, leastUpdates, clients);
        int minAvailable = section.integer("min-available", 1, 1, Integer.MAX_VALUE);
        if (minAvailable > clients) {
            throw section.error(
                    "min-available",
                    minAvailable + " clients must be there before a run begins, but there are only " + clients);
        }
        Reliability reliability =
                simulated ? new Reliability(section.number("dropout", 0, DROPOUT), deadline()) : requireNotSimulated();
        section.end();
        try {
            return new Participation(asked, minClients, minAvailable, reliability);
        } catch (IllegalArgumentException e) {
            throw section.error(e);
        }
    }

    private Reliability requireNotSimulated() {
        for (String key : SIMULATED) {
            if (section.has(key)) {
                throw section.error(
                        key,
                        "it belongs to simulated clients; those of a session answer in their own time, and a session "
                                + "is started with --round-timeout; leave it out");
            }
        }
        return Reliability.FULL;
    }

    private Cohort cohort() {
        // Said in the order in which an error lists what is valid.
        boolean size = section.has("size");
        boolean fraction = section.has("fraction");
        boolean rate = section.has("rate");
        boolean turns = section.has("min-separation");
        if ((size ? 1 : 0) + (fraction ? 1 : 0) + (rate ? 1 : 0) > 1) {
            throw section.error("give one of size, fraction and rate");
        }
        if (section.has("at-least") && !fraction) {
            throw section.error("at-least", "it goes with fraction");
        }
        if (rate && turns) {
            throw section.error("min-separation", "it goes with size or fraction: a rate asks clients at any time");
        }
        if (turns) {
            return turns(size || fraction);
        }
        if (rate) {
            return new Cohort.Poisson(section.number("rate", 1, Interval.UNIT));
        }
        return size || fraction ? new Cohort.FixedSize(asked()) : new Cohort.All();
    }

    /** Flower's rule: the fraction of the clients, rounded down, but not fewer than the least number. */
    private int asked() {
        if (section.has("size")) {
            return section.integer("size", clients, 1, clients);
        }
        double fraction = section.number("fraction", 1, Interval.UNIT);
        int least = section.integer("at-least", 1, 1, clients);
        // 0.29 of 100 is 29, although its product is a hair less.
        return Math.max(least, (int) (fraction * clients + 1e-9));
    }

    private Cohort turns(boolean sized) {
        int separation = section.integer("min-separation", 1, 1, clients);
        int asked = sized ? asked() : clients / separation;
        if ((long) separation * asked > clients) {
            throw section.error(
                    "min-separation",
                    asked + " clients a round, none of them again for " + separation + " rounds, need "
                            + (long) separation * asked + " clients, but there are " + clients
                            + "; it must be at most " + clients / asked);
        }
        long order = section.wide("order-seed").orElse(1L);
        return new Cohort.MinSeparation(separation, asked, order);
    }

    private Optional<Deadline> deadline() {
        if (!section.has("deadline")) {
            if (section.has("seconds-per-step")) {
                throw section.error("seconds-per-step", "it matters only with a deadline; give both");
            }
            return Optional.empty();
        }
        double seconds = duration(section.text("deadline"));
        if (!section.has("seconds-per-step")) {
            throw section.error(
                    "deadline",
                    "simulated clients take no time; give cohort.seconds-per-step, such as {median: 0.1, spread: 0.5}");
        }
        Section pace = section.section("seconds-per-step");
        Deadline deadline = new Deadline(
                seconds,
                new Pace(
                        pace.number("median", 0.1, Interval.POSITIVE),
                        pace.number("spread", 0, Interval.NOT_NEGATIVE),
                        pace.number("jitter", 0, Interval.NOT_NEGATIVE)));
        pace.end();
        return Optional.of(deadline);
    }

    private double duration(String text) {
        Matcher matcher = DURATION.matcher(text.trim());
        double seconds = matcher.matches() ? number(matcher.group(1)) * SECONDS.get(matcher.group(2)) : Double.NaN;
        if (!(seconds > 0 && seconds < Double.POSITIVE_INFINITY)) {
            throw section.error("deadline", "expected a time such as 30s, 500ms or 2m, found '" + text + "'");
        }
        return seconds;
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
