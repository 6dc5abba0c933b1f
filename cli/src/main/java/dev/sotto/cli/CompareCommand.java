package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.DataContext;
import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.report.Figures;
import dev.sotto.experiment.run.PrivacyStatement;
import dev.sotto.privacy.PrivacyUnit;
import dev.sotto.simulation.Comparison;
import dev.sotto.simulation.Comparison.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto compare. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = {
            "Show what federating is worth and what privacy costs: each client alone, all together, all together with "
                    + "the experiment's privacy, on the same central test data.",
            "A learning rate that suits clipped gradients under noise seldom suits others. So where example-level privacy is "
                    + "taken away, 1, 0.3 and 0.1 times the experiment's are tried, and the one with the lowest loss on the "
                    + "training data is shown."
        },
        footer = {
            "",
            "Examples:",
            "  sotto compare examples/heart.yaml",
            "  sotto compare my.yaml --own-rate --json",
            "",
            "Nothing is written. Exit status: 0 done; 2 wrong usage or configuration; 1 anything else."
        })
final class CompareCommand implements Callable<Integer> {
    private static final String EXACT =
            "rows without an epsilon have no guarantee: they are exact results on protected data";
    private static final String RATES =
            "rates: the experiment's where gradients are clipped; else 1, 0.3 or 0.1 times that, by training loss";

    private static final String LINE = "%-27s %9s %8s %7s %7s %7s %s%n";

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "EXPERIMENT.yaml",
            description = "What to compare; without one, the built-in digits.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY.PATH=VALUE",
            description = "Change a setting of the experiment; may be given many times.")
    private List<String> settings = new ArrayList<>();

    @Option(
            names = "--own-rate",
            description = "Keep the experiment's learning rate in every row: a third of the work, and seldom fair.")
    private boolean ownRate;

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        Console console = Console.of(spec);
        ExperimentFile written = file == null ? ExperimentFile.builtIn() : ExperimentFile.read(file);
        DataContext context = written.context().withProgress(new DownloadProgress(console));
        Experiment experiment = Experiment.load(written.with(settings), context);
        if (experiment.plan().isPrivate()) {
            console.remark("a comparison is not private: most of its rows train and are measured without protection");
        }
        AtomicReference<String> now = new AtomicReference<>("the first row");
        List<Row> rows;
        Interruption interruption = new Interruption(console, () -> Interruption.comparison(now.get()));
        try (interruption) {
            rows = Comparison.run(experiment, ownRate ? Comparison.OWN_RATE : Comparison.RATES, name -> {
                now.set(name);
                console.remark("training: " + name);
            });
        }
        console.result(json ? json(experiment, rows).toString() : text(experiment, rows));
        return 0;
    }

    private String text(Experiment experiment, List<Row> rows) {
        StringBuilder text = new StringBuilder(table(rows).stripTrailing());
        if (experiment.plan().isPrivate()) {
            text.append('\n').append(EXACT);
        }
        if (experiment.plan().privacy().isPresent() && !ownRate) {
            text.append('\n').append(RATES);
        }
        return text.toString();
    }

    private static String table(List<Row> rows) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT, LINE, "trained on", "examples", "accuracy", "loss", "rate", "epsilon", "for each"));
        for (Row row : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    LINE,
                    row.name(),
                    Console.number(row.examples(), 0),
                    Console.percent(row.evaluation().accuracy()),
                    Console.number(row.evaluation().loss(), 4),
                    Figures.number(row.learningRate()),
                    row.epsilon().isPresent() ? Console.epsilon(row.epsilon().getAsDouble()) : "-",
                    row.unit().map(PrivacyUnit::label).orElse("-")));
        }
        return text.toString();
    }

    private static ObjectNode json(Experiment experiment, List<Row> rows) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", experiment.plan().name());
        ArrayNode list = json.putArray("rows");
        for (Row row : rows) {
            ObjectNode each = list.addObject().put("name", row.name()).put("examples", row.examples());
            each.put("accuracy", row.evaluation().accuracy())
                    .put("loss", row.evaluation().loss())
                    .put("learningRate", row.learningRate());
            each.put("unit", row.unit().map(PrivacyUnit::label).orElse(PrivacyStatement.NONE));
            each.put("epsilon", row.epsilon().isPresent() ? row.epsilon().getAsDouble() : null);
        }
        return json;
    }
}
