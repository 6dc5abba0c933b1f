package dev.sotto.experiment.report;

import dev.sotto.experiment.run.DataSplit;
import dev.sotto.experiment.run.RecordedRun;
import dev.sotto.experiment.run.RoundLine;
import dev.sotto.experiment.run.RunSummary;
import dev.sotto.experiment.run.RunSummary.Guarantee;
import dev.sotto.experiment.run.RunSummary.Level;
import dev.sotto.privacy.PrivacyUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Title, the result in a sentence, and the numbers that people ask for first. */
final class Headline {
    private final RecordedRun run;
    private final Markup page;

    Headline(RecordedRun run, Markup page) {
        this.run = run;
        this.page = page;
    }

    void write() {
        page.open("header", "id", "result");
        page.element("p", "Sotto \u00b7 run report", "class", "kicker");
        page.element("h1", run.name());
        Optional<RunSummary> result = run.result();
        page.open("p", "class", "lead")
                .text(result.map(this::sentence).orElseGet(this::unfinished))
                .close();
        result.ifPresent(this::warnings);
        result.ifPresent(this::tiles);
        page.close();
    }

    private String unfinished() {
        RoundLine last =
                run.history().isEmpty() ? null : run.history().get(run.history().size() - 1);
        return last == null
                ? "The run has not finished its first round."
                : "The run has not finished: " + Figures.counted(run.history().size(), "round")
                        + " so far"
                        + (last.accuracy().isPresent() ? ", accuracy " + Figures.percent(last.accuracy()) : "")
                        + ". Its model and its guarantee are not written yet.";
    }

    private String sentence(RunSummary result) {
        DataSplit split = result.split();
        StringBuilder text = new StringBuilder();
        text.append(Figures.counted(result.clients().size(), "client")).append(" trained ");
        text.append(run.experiment().path("model").path("name").asText("a model"));
        text.append(" (")
                .append(Figures.counted(result.parameters(), "parameter"))
                .append(')');
        if (!split.dataSet().isEmpty()) {
            text.append(" on ").append(split.dataSet());
        }
        text.append(" for ").append(Figures.counted(result.rounds(), "round"));
        if (result.accuracy().isPresent()) {
            text.append(" and reached ")
                    .append(Figures.percent(result.accuracy()))
                    .append(" accuracy");
        } else if (result.loss().isPresent()) {
            text.append(" and reached a loss of ").append(Figures.measured(result.loss()));
        }
        if (split.testExamples().isPresent()) {
            text.append(" on ").append(Figures.counted(split.testExamples().getAsInt(), "test example"));
        }
        return text.append(guarantee(result.privacy())).append('.').toString();
    }

    private static String guarantee(Guarantee privacy) {
        if (privacy.levels().isEmpty()) {
            return ", without privacy";
        }
        if (privacy.epsilon().isEmpty()) {
            return ", and no finite epsilon bounds what was released: nobody is protected";
        }
        // Clients first: their figure is the run's.
        List<String> amounts = new ArrayList<>();
        for (int i = privacy.levels().size() - 1; i >= 0; i--) {
            Level level = privacy.levels().get(i);
            if (level.epsilon().isPresent()) {
                amounts.add(amount(level, privacy));
            }
        }
        return (privacy.isPrivate() ? ", " : ", with noise for ") + String.join(" and ", amounts);
    }

    private static String amount(Level level, Guarantee privacy) {
        String amount = "epsilon " + Figures.epsilon(level.epsilon()) + " at delta " + Figures.delta(level.delta());
        if (privacy.isPrivate()) {
            return "each " + level.unit() + " protected with " + amount;
        }
        return privacy.levels().size() == 1 ? amount : amount + " for each " + level.unit();
    }

    private void warnings(RunSummary result) {
        Guarantee privacy = result.privacy();
        if (privacy.reproducible() && !privacy.unit().equals("none")) {
            page.notice(
                    "Reproducible, not private. Sampling and noise came from a seed, so whoever knows it can take the noise"
                            + " away again. The figures are those of the same run with secret randomness; this model protects nobody.");
        }
        result.stopped()
                .ifPresent(stopped -> page.notice(ending(stopped, result)
                        + result.reason().map(reason -> " " + reason).orElse("")));
    }

    private static String ending(String reason, RunSummary result) {
        String after = " after " + result.rounds() + " of " + Figures.counted(result.plannedRounds(), "round") + ".";
        return switch (reason) {
            case "budget" ->
                "Ended by the budget" + after
                        + (result.privacy().protects(PrivacyUnit.CLIENT)
                                ? " The next round would have passed the limit."
                                : " The next round would have passed the clients' limits.");
            case "diverged" -> "The training diverged" + after + " The model is the last one that was finite.";
            case "failed" -> "Too few clients were left" + after;
            case "cancelled" -> "Stopped by request" + after;
            default -> "Ended early (" + reason + ")" + after;
        };
    }

    private void tiles(RunSummary result) {
        Guarantee privacy = result.privacy();
        page.open("dl", "class", "tiles");
        if (result.accuracy().isPresent()) {
            tile("Accuracy", Figures.percent(result.accuracy()), best(result));
        }
        if (result.loss().isPresent()) {
            tile("Loss", Figures.measured(result.loss()), "");
        }
        if (privacy.levels().isEmpty()) {
            tile("Privacy", "none", "");
        }
        for (int i = privacy.levels().size() - 1; i >= 0; i--) {
            tile(privacy.levels().get(i), privacy);
        }
        tile("Rounds", String.valueOf(result.rounds()), "of " + result.plannedRounds() + " planned");
        tile("Clients", Figures.count(result.clients().size()), "");
        tile("Time", Figures.duration(result.seconds()), "");
        page.close();
    }

    private void tile(Level level, Guarantee privacy) {
        boolean alone = privacy.levels().size() == 1 && level.unit().equals(PrivacyUnit.EXAMPLE.label());
        tile(
                alone ? "Epsilon" : "Epsilon per " + level.unit(),
                level.epsilon().isPresent() ? Figures.epsilon(level.epsilon()) : "unbounded",
                "delta " + Figures.delta(level.delta()) + knowing(level, privacy));
    }

    /** The other figure of a guarantee that counts on secret cohorts. */
    private static String knowing(Level level, Guarantee privacy) {
        String other = Figures.epsilon(privacy.epsilonKnowingCohorts());
        return level.unit().equals(PrivacyUnit.CLIENT.label())
                        && privacy.epsilonKnowingCohorts().isPresent()
                        && !other.equals(Figures.epsilon(level.epsilon()))
                ? "; " + other + " knowing the cohorts"
                : "";
    }

    private String best(RunSummary result) {
        return run.history().stream()
                .filter(line -> line.accuracy().isPresent())
                .max((a, b) ->
                        Double.compare(a.accuracy().getAsDouble(), b.accuracy().getAsDouble()))
                .filter(line ->
                        line.accuracy().getAsDouble() > result.accuracy().getAsDouble())
                .map(line -> "best " + Figures.percent(line.accuracy()) + " in round " + line.round())
                .orElse("");
    }

    private void tile(String name, String value, String note) {
        page.open("div").element("dt", name).element("dd", value, "class", "value");
        if (!note.isEmpty()) {
            page.element("dd", note, "class", "note");
        }
        page.close();
    }
}
