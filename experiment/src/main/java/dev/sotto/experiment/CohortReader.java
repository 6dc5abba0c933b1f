package dev.sotto.experiment;

import dev.sotto.federation.Cohort;
import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Section;

/** Reads the section {@code cohort}: {@code size}, {@code fraction} or {@code rate}; none of them asks everyone. */
final class CohortReader {
    private CohortReader() {}

    static Cohort read(Section cohort, int clients) {
        int given = 0;
        Cohort chosen = new Cohort.All();
        if (cohort.has("size")) {
            given++;
            chosen = new Cohort.FixedSize(cohort.integer("size", clients, 1, clients));
        }
        if (cohort.has("fraction")) {
            given++;
            double fraction = cohort.number("fraction", 1, Interval.UNIT);
            chosen = new Cohort.FixedSize(Math.max(1, (int) Math.round(fraction * clients)));
        }
        if (cohort.has("rate")) {
            given++;
            chosen = new Cohort.Poisson(cohort.number("rate", 1, Interval.UNIT));
        }
        if (given > 1) {
            throw cohort.error("give one of size, fraction and rate");
        }
        return chosen;
    }
}
