package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.DataContext;
import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.run.PrivacyStatement;
import dev.sotto.privacy.PrivacyUnit;
import dev.sotto.simulation.Comparison;
import dev.sotto.simulation.Comparison.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
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
                    + "the experiment's privacy, on the same central test data."
        },
        footer = {"", "Example:", "  sotto compare examples/heart.yaml"})
final class CompareCommand implements Callable<Integer> {
    private static final String EXACT =
            "rows without an epsilon have no guarantee: they are exact results on protected data";

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "EXPERIMENT.yaml", description = "What to compare.")
    private Path file;

    @Option(names = "--set", paramLabel = "KEY.PATH=VALUE", description = "Change a setting of the experiment.")
    private List<String> settings = new ArrayList<>();

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
        List<Row> rows = Comparison.run(experiment, name -> console.remark("training: " + name));
        console.result(json ? json(experiment, rows).toString() : text(experiment, rows));
        return 0;
    }

    private static String text(Experiment experiment, List<Row> rows) {
        String table = table(rows).stripTrailing();
        return experiment.plan().isPrivate() ? table + "\n" + EXACT : table;
    }

    private static String table(List<Row> rows) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-28s %10s %10s %10s %10s %s%n",
                "trained on",
                "examples",
                "accuracy",
                "loss",
                "epsilon",
                "for each"));
        for (Row row : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-28s %10s %10s %10s %10s %s%n",
                    row.name(),
                    Console.number(row.examples(), 0),
                    Console.percent(row.evaluation().accuracy()),
                    Console.number(row.evaluation().loss(), 4),
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
                    .put("loss", row.evaluation().loss());
            each.put("unit", row.unit().map(PrivacyUnit::label).orElse(PrivacyStatement.NONE));
            each.put("epsilon", row.epsilon().isPresent() ? row.epsilon().getAsDouble() : null);
        }
        return json;
    }
}
