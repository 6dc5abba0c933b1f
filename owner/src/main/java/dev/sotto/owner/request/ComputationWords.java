package dev.sotto.owner.request;

import dev.sotto.data.Target;
import dev.sotto.federation.Cohort;
import dev.sotto.learning.LayerSpec;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.owner.request.RequestWords.Line;
import dev.sotto.owner.request.RequestWords.Row;
import dev.sotto.owner.request.RequestWords.Sentence;
import java.util.ArrayList;
import java.util.List;

/** What is trained, and how long. */
final class ComputationWords {
    private static final int SHOWN = 6;

    private ComputationWords() {}

    static List<Line> of(Asked asked) {
        List<Line> lines = new ArrayList<>();
        ModelSpec model = asked.agreed().plan().model();
        lines.add(new Row("project", asked.agreed().plan().name()));
        lines.add(new Row("purpose", purpose(asked)));
        lines.add(new Row("model", model.name() + ", " + Numbers.whole(asked.parameters()) + " parameters"));
        lines.add(new Row("layers", layers(model)));
        lines.add(new Row("rounds", Numbers.whole(asked.rounds())));
        lines.add(new Row("steps", steps(asked)));
        lines.add(new Row("each step", step(asked)));
        lines.add(new Row("participants", participants(asked)));
        lines.add(new Row("combined by", asked.terms().strategy().name()));
        if (!asked.agreed().settings().isEmpty()) {
            lines.add(new Row("own settings", "yours stand in place of the package's where you set them"));
        }
        lines.add(new Sentence("Only Sotto's own code runs: a package holds settings and numbers, and no program."));
        return lines;
    }

    private static String purpose(Asked asked) {
        Target target = asked.terms().contract().target();
        if (target instanceof Target.Classes classes) {
            List<String> names = classes.names();
            return "tell " + Numbers.whole(classes.count()) + " classes apart: "
                    + String.join(", ", names.subList(0, Math.min(SHOWN, names.size())))
                    + (names.size() > SHOWN ? ", ..." : "");
        }
        return "estimate " + Numbers.count(asked.terms().contract().outputs(), "number");
    }

    private static String layers(ModelSpec model) {
        List<String> kinds = model.layers().stream().map(LayerSpec::kind).toList();
        return String.join(", ", kinds.subList(0, Math.min(4 * SHOWN, kinds.size())))
                + (kinds.size() > 4 * SHOWN ? ", ..." : "");
    }

    private static String steps(Asked asked) {
        List<Integer> steps = asked.steps();
        boolean alike = steps.stream().distinct().count() == 1;
        return (alike
                        ? Numbers.whole(steps.get(0)) + " a round"
                        : "from " + least(steps) + " to " + most(steps) + " a round")
                + ", " + Numbers.whole(asked.plannedSteps()) + " in all";
    }

    private static String least(List<Integer> steps) {
        return Numbers.whole(steps.stream().mapToInt(each -> each).min().orElseThrow());
    }

    private static String most(List<Integer> steps) {
        return Numbers.whole(steps.stream().mapToInt(each -> each).max().orElseThrow());
    }

    private static String step(Asked asked) {
        TrainingSettings first = asked.agreed().training().first();
        return (asked.agreed().privacy().isPresent() ? "about " : "")
                + Numbers.whole(first.batchSize()) + " of your records, drawn at random; "
                + first.optimizer().kind() + ", learning rate "
                + Numbers.measured(first.optimizer().learningRate());
    }

    private static String participants(Asked asked) {
        int clients = asked.agreed().clients();
        Cohort cohort = asked.agreed().plan().participation().cohort();
        return Numbers.count(clients, "owner") + ", " + drawn(cohort, clients);
    }

    private static String drawn(Cohort cohort, int clients) {
        if (cohort instanceof Cohort.FixedSize some && some.clients() < clients) {
            return some.clients() + " of them drawn for each round";
        }
        if (cohort instanceof Cohort.Poisson each && each.rate() < 1) {
            return "each drawn for a round with probability " + Numbers.measured(100 * each.rate()) + "%";
        }
        return cohort instanceof Cohort.MinSeparation turns
                ? turns.clients() + " of them in each round, by turns"
                : "all asked in each round";
    }
}
