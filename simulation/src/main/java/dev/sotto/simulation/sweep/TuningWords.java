package dev.sotto.simulation.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a sweep says of what its runs cost together. */
public final class TuningWords {
    private TuningWords() {}

    /** A sentence or two each. */
    public static List<String> of(TuningCost spent) {
        List<String> words = new ArrayList<>();
        words.add(
                "Tuning not accounted: each epsilon is that run's alone. Who picks the best of several runs on the same "
                        + "data has learnt from all of them.");
        spent.obstacle().ifPresent(why -> words.add("What the runs cost together is not known: " + why + "."));
        for (TuningCost.Level level : spent.levels()) {
            words.add(together(spent, level));
        }
        if (spent.open() > 0) {
            words.add(spent.open() + (spent.open() == 1 ? " run protects" : " runs protect")
                    + " nothing: if the data is private, no epsilon bounds the choice among all runs.");
        }
        return words;
    }

    private static String together(TuningCost spent, TuningCost.Level level) {
        int closed = spent.runs() - spent.open();
        String runs = closed == 1 ? "The run that protects" : "All " + closed + " runs that protect";
        return level.epsilon().isEmpty()
                ? runs + " something have, together, no finite epsilon for each " + level.unit() + "."
                : String.format(
                        Locale.ROOT,
                        "%s something cost, together, epsilon %.4g at delta %s for each %s.",
                        runs,
                        level.epsilon().getAsDouble(),
                        Double.toString(level.delta()).replace(".0E", "e").replace('E', 'e'),
                        level.unit());
    }
}
