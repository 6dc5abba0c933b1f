package dev.sotto.experiment.report;

import dev.sotto.experiment.run.UnitGuarantee;

/** What an epsilon promises, in a sentence. */
final class Meaning {
    private static final double BEYOND_WORDS = 1e4;

    private Meaning() {}

    /**
     * The promise of a level.
     *
     * @param claim whose telling what has a limit, up to the colon
     */
    static String of(UnitGuarantee level, String claim) {
        if (level.epsilon().isEmpty()) {
            return level.event().isPresent() && level.accountant().isEmpty()
                    ? "Epsilon is " + level.overall() + "."
                    : "No finite epsilon bounds what was released: the run guarantees nothing.";
        }
        double epsilon = level.epsilon().getAsDouble();
        double times = Math.exp(epsilon);
        String bound = times < BEYOND_WORDS
                ? "its presence makes whatever they may observe at most e^" + Figures.epsilon(epsilon) + " = "
                        + Figures.epsilon(times) + " times more or less likely, but for a probability of "
                        + Figures.delta(level.delta())
                : "at epsilon " + Figures.epsilon(epsilon) + " it is too high to promise anything in practice";
        return claim + ": " + bound + ". This is " + level.overall() + ".";
    }
}
