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
        if (spent.charged()) {
            words.add("Tuning accounted: every run is charged.");
            spent.levels()
                    .forEach(level -> words.add(String.format(
                            Locale.ROOT,
                            "Whichever of the models is kept, each %s is protected by (%.4g, %s)-differential privacy, and so it is if all %d "
                                    + "are.",
                            level.unit(),
                            level.epsilon().getAsDouble(),
                            delta(level),
                            spent.runs())));
            return words;
        }
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
                        delta(level),
                        level.unit());
    }

    private static String delta(TuningCost.Level level) {
        return Double.toString(level.delta()).replace(".0E", "e").replace('E', 'e');
    }
}
