package dev.sotto.owner.trial;

import dev.sotto.owner.request.RequestWords.Line;
import dev.sotto.owner.request.RequestWords.Part;
import dev.sotto.owner.request.RequestWords.Row;
import dev.sotto.owner.request.RequestWords.Sentence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a mock run showed, in words. */
public final class MockWords {
    private static final int MEGA = 1_000_000;

    private MockWords() {}

    /** All of it. */
    public static List<Part> of(MockRun.Outcome outcome) {
        return List.of(takes(outcome), leaves(outcome), gave(outcome));
    }

    private static Part takes(MockRun.Outcome outcome) {
        return new Part(
                "What it would take of this machine",
                List.of(
                        new Row("a round", duration(outcome.secondsPerRound()) + " on one processor"),
                        new Row(
                                "all rounds",
                                "about " + duration(outcome.secondsInAll()) + " for " + outcome.planned()
                                        + ", and the time that others take"),
                        new Row(
                                "memory",
                                String.format(
                                        Locale.ROOT,
                                        "%,d MB at most, the mock records among them",
                                        Math.max(1, (outcome.peakMemory() + MEGA - 1) / MEGA)))));
    }

    private static Part leaves(MockRun.Outcome outcome) {
        return new Part(
                "What would leave it",
                List.of(
                        new Row(
                                "a round",
                                String.format(
                                        Locale.ROOT,
                                        "%,d bytes: an update of %,d numbers",
                                        outcome.updateBytes(),
                                        outcome.updateBytes() / Float.BYTES)),
                        new Row(
                                "all rounds",
                                String.format(Locale.ROOT, "%,d bytes", outcome.updateBytes() * outcome.planned()))));
    }

    private static Part gave(MockRun.Outcome outcome) {
        List<Line> lines = new ArrayList<>();
        MockRun.Round last = outcome.rounds().get(outcome.rounds().size() - 1);
        String after = " after " + last.number() + " of " + outcome.planned() + " rounds, of this owner alone";
        if (last.accuracy().isPresent()) {
            lines.add(new Row(
                    "accuracy",
                    percent(outcome.before().orElseThrow()) + " before, "
                            + percent(last.accuracy().getAsDouble()) + after));
        } else {
            lines.add(new Row("loss", String.format(Locale.ROOT, "%.4g", last.loss()) + after));
        }
        lines.add(new Row(
                "mock data", String.format(Locale.ROOT, "%,d records, %s", outcome.examples(), outcome.origin())));
        lines.add(new Sentence(
                "No record of yours was opened and nothing was spent. All of it was drawn from a seed, so it is"
                        + " reproducible and not private: there was nothing to protect. Mock data tells whether training works"
                        + " and what it takes, not how good the model will be."));
        return new Part("What it gave", lines);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }

    private static String duration(double seconds) {
        if (seconds < 60) {
            return String.format(
                    Locale.ROOT, seconds < 0.095 ? "%.2g s" : seconds < 9.95 ? "%.1f s" : "%.0f s", seconds);
        }
        long minutes = Math.round(seconds / 60);
        return minutes < 60
                ? minutes + " min"
                : String.format(Locale.ROOT, "%d h %02d min", minutes / 60, minutes % 60);
    }
}
