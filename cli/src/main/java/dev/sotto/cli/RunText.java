package dev.sotto.cli;

import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.run.RunSummary;
import dev.sotto.experiment.run.RunSummary.ClientResult;
import dev.sotto.experiment.run.SavedRun;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.learning.ModelSpec;
import dev.sotto.privacy.ClipPer;
import dev.sotto.privacy.NeighbouringRelation;
import java.nio.file.Path;
import java.util.Locale;
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
        text.append(
                experiment.plan().privacy().map(RunText::privacy).orElse("no privacy: updates are sent as they are"));
        experiment.seed().ifPresent(seed -> text.append("\nseed ")
                .append(seed)
                .append(": reproducible, and therefore not private"));
        return text.toString();
    }

    /** How the data lies, as far as the guarantee lets it be told: class counts are never public, sizes not always. */
    private static String split(Experiment experiment) {
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
        text.append(guarantee(summary)).append("\n\n");
        text.append(String.format(
                Locale.ROOT, "%-20s %10s %8s %10s %10s%n", "client", "examples", "steps", "epsilon", "delta"));
        summary.clients().stream().limit(LISTED).forEach(client -> text.append(line(client)));
        if (summary.clients().size() > LISTED) {
            text.append("and ").append(summary.clients().size() - LISTED).append(" more, see the report\n");
        }
        text.append("\nreport   ").append(directory.resolve("report.html"));
        summary.model().ifPresent(model -> text.append("\nmodel    ").append(model));
        return text.toString();
    }

    private static String guarantee(RunSummary summary) {
        RunSummary.Guarantee privacy = summary.privacy();
        if (privacy.epsilon().isEmpty()) {
            return "no privacy guarantee";
        }
        return "each example is protected by ("
                + Console.epsilon(privacy.epsilon().getAsDouble()) + ", "
                + Console.delta(privacy.delta().orElse(Double.NaN)) + ")-differential privacy, "
                + privacy.relation().orElse("") + " neighbours, "
                + privacy.accountant().orElse("") + " accountant"
                + (privacy.isPrivate() ? "" : "\n(if its randomness were secret: this run had a seed)");
    }

    private static String line(ClientResult client) {
        return String.format(
                Locale.ROOT,
                "%-20s %10s %8d %10s %10s%n",
                client.id(),
                client.examples().isPresent() ? Console.number(client.examples().getAsInt(), 0) : "withheld",
                client.steps(),
                cell(client.epsilon()),
                client.delta().isPresent() ? Console.delta(client.delta().getAsDouble()) : "-");
    }

    private static String cell(OptionalDouble value) {
        return value.isPresent() ? Console.epsilon(value.getAsDouble()) : "-";
    }
}
