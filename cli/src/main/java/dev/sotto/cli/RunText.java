package dev.sotto.cli;

import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.report.Figures;
import dev.sotto.experiment.run.RunSummary;
import dev.sotto.experiment.run.RunSummary.ClientResult;
import dev.sotto.experiment.run.SavedRun;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.RunResult;
import dev.sotto.learning.ModelSpec;
import dev.sotto.privacy.ClipPer;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.PrivacyUnit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** What {@code sotto run} tells a person before and after. */
final class RunText {
    private static final int LISTED = 12;

    private RunText() {}

    static String before(Experiment experiment) {
        ModelSpec model = experiment.plan().model();
        StringBuilder text = new StringBuilder();
        text.append(experiment.plan().name())
                .append(": ")
                .append(experiment.dataSet().origin())
                .append('\n');
        text.append(split(experiment));
        text.append("model ")
                .append(model.name())
                .append(", ")
                .append(Console.number(model.layout().size(), 0))
                .append(" parameters, engine ")
                .append(experiment.engine().description())
                .append('\n');
        List<String> levels = new ArrayList<>();
        experiment
                .plan()
                .clientLevelPlan(experiment.clients().size())
                .map(ClientLevelText::plan)
                .ifPresent(levels::add);
        experiment.plan().privacy().map(RunText::privacy).ifPresent(levels::add);
        text.append(levels.isEmpty() ? "no privacy: updates are sent as they are" : String.join("\n", levels));
        experiment.seed().ifPresent(seed -> text.append("\nseed ")
                .append(seed)
                .append(": reproducible, and therefore not private"));
        return text.toString();
    }

    /** How the data lies, as far as the guarantee lets it be told: class counts are never public, sizes not always. */
    private static String split(Experiment experiment) {
        if (experiment.plan().clientLevel().isPresent()) {
            return experiment.split().clients() + " clients\n";
        }
        return experiment
                .plan()
                .privacy()
                .map(own -> own.relation() == NeighbouringRelation.ADD_OR_REMOVE_ONE
                        ? experiment.split().clients() + " clients\n"
                        : experiment.split().sizesText() + "\n")
                .orElseGet(() -> experiment.split().text());
    }

    private static String privacy(ExamplePrivacy privacy) {
        StringBuilder text = new StringBuilder("example-level privacy: ");
        privacy.epsilon()
                .ifPresent(epsilon ->
                        text.append("epsilon ").append(epsilon.value()).append(", "));
        text.append("delta ")
                .append(privacy.delta()
                        .map(delta -> Console.delta(delta.value()))
                        .orElse("the largest power of ten below 1/n"));
        text.append(privacy.noiseMultiplier()
                .map(noise -> ", noise multiplier " + noise.value())
                .orElse(", noise calibrated over all planned steps"));
        text.append(", ").append(privacy.relation().label()).append(" neighbours");
        if (privacy.clipPer() == ClipPer.BATCH) {
            text.append(
                    "\nclipped per batch, a comparison only: one example can move a batch's gradient by twice the norm");
        }
        return text.toString();
    }

    /** Where an interrupted run goes on, and what the interruption cost. */
    static String goingOn(SavedRun saved, Experiment experiment) {
        String text = "going on after round " + saved.run().state().round();
        long lost = saved.run().begun().size();
        return lost == 0 || experiment.seed().isPresent()
                ? text
                : text + "; what " + (lost == 1 ? "the interrupted round" : lost + " interrupted rounds")
                        + " had reserved stays spent, so a hard limit may refuse the last ones";
    }

    static String after(RunSummary summary, Path directory) {
        StringBuilder text = new StringBuilder("\n");
        summary.accuracy().ifPresent(accuracy -> text.append("accuracy ")
                .append(Console.percent(accuracy))
                .append("   "));
        summary.loss()
                .ifPresent(loss ->
                        text.append("loss ").append(Console.number(loss, 4)).append("   "));
        text.append(summary.rounds())
                .append(summary.rounds() == 1 ? " round" : " rounds")
                .append("   ")
                .append(Console.duration(summary.seconds()))
                .append('\n');
        summary.stopped()
                .ifPresent(
                        reason -> text.append("stopped early: ").append(reason).append('\n'));
        text.append(guarantee(summary)).append("\n");
        if (summary.privacy().protects(PrivacyUnit.CLIENT)) {
            text.append("who took part in which round is told nowhere\n");
        } else {
            text.append('\n').append(table(summary));
        }
        text.append("\nreport   ").append(directory.resolve("report.html"));
        summary.model().ifPresent(model -> text.append("\nmodel    ").append(model));
        return text.toString();
    }

    /** What to do where rounds were held back for lack of updates. */
    static Optional<String> withheld(RunResult result) {
        int withheld = result.history().size() - result.rounds();
        return withheld == 0
                ? Optional.empty()
                : Optional.of(
                        withheld + " of " + Figures.counted(result.history().size(), "round")
                                + " were not released, as fewer updates came than a round needs: lower cohort.min-clients or"
                                + " cohort.dropout, or ask more clients");
    }

    private static String guarantee(RunSummary summary) {
        RunSummary.Guarantee privacy = summary.privacy();
        if (privacy.levels().isEmpty() || privacy.epsilon().isEmpty()) {
            return "no privacy guarantee";
        }
        List<String> lines = new ArrayList<>();
        // Clients first: their figure is the run's.
        for (int i = privacy.levels().size() - 1; i >= 0; i--) {
            lines.add(guarantee(privacy.levels().get(i)));
        }
        if (ClientLevelText.differ(privacy.epsilon(), privacy.epsilonKnowingCohorts())) {
            lines.add(
                    1,
                    "for whoever learns who was drawn in each round, as the coordinator does, it is epsilon "
                            + Console.epsilon(privacy.epsilonKnowingCohorts().getAsDouble()));
        }
        if (!privacy.isPrivate()) {
            lines.add("(if its randomness were secret: this run had a seed)");
        }
        return String.join("\n", lines);
    }

    private static String guarantee(RunSummary.Level level) {
        if (level.epsilon().isEmpty()) {
            return "for each " + level.unit() + " no epsilon is stated, see privacy.json";
        }
        return "each " + level.unit() + " is protected by ("
                + Console.epsilon(level.epsilon().getAsDouble()) + ", " + Console.delta(level.delta())
                + ")-differential privacy, " + level.relation() + " neighbours"
                + level.accountant().map(name -> ", " + name + " accountant").orElse("");
    }

    private static String table(RunSummary summary) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, "%-20s %10s %8s %10s %10s%n", "client", "examples", "steps", "epsilon", "delta"));
        summary.clients().stream().limit(LISTED).forEach(client -> text.append(line(client)));
        if (summary.clients().size() > LISTED) {
            text.append("and ").append(summary.clients().size() - LISTED).append(" more, see the report\n");
        }
        return text.toString();
    }

    private static String line(ClientResult client) {
        return String.format(
                Locale.ROOT,
                "%-20s %10s %8s %10s %10s%n",
                client.id(),
                client.examples().isPresent() ? Console.number(client.examples().getAsInt(), 0) : "withheld",
                client.steps().isPresent() ? String.valueOf(client.steps().getAsInt()) : "withheld",
                cell(client.epsilon()),
                client.delta().isPresent() ? Console.delta(client.delta().getAsDouble()) : "-");
    }

    private static String cell(OptionalDouble value) {
        return value.isPresent() ? Console.epsilon(value.getAsDouble()) : "-";
    }
}
