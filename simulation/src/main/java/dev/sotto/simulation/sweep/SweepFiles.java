package dev.sotto.simulation.sweep;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.report.BandPlot;
import dev.sotto.experiment.report.SweepPage;
import dev.sotto.experiment.run.RunDirectory;
import dev.sotto.experiment.run.RunSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** What a sweep writes: a table for spreadsheets, an object for scripts, figures, and a page for people. */
public final class SweepFiles {
    private static final List<String> COLUMNS = List.of(
            "repeat",
            "accuracy",
            "loss",
            "epsilon",
            "delta",
            "noiseMultiplier",
            "rounds",
            "stopped",
            "private",
            "seconds",
            "failure",
            "directory");

    private SweepFiles() {}

    static void write(SweepResult sweep, SweepDirectory directory) {
        directory.write(SweepDirectory.RESULT, json(sweep).toPrettyString() + "\n");
        directory.write(SweepDirectory.TABLE, csv(sweep));
        List<BandPlot> figures = SweepFigures.of(sweep);
        String svg = figures.isEmpty() ? "" : BandPlot.svg(figures);
        if (!svg.isEmpty()) {
            directory.write(SweepDirectory.FIGURE, svg);
        }
        directory.write(SweepDirectory.PAGE, page(sweep, svg).html());
    }

    /** What {@code --json} prints. */
    public static ObjectNode json(SweepResult sweep) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", sweep.name());
        ArrayNode vary = node.putArray("vary");
        for (Axis axis : sweep.grid().axes()) {
            ArrayNode values = vary.addObject().put("key", axis.key()).putArray("values");
            axis.values().forEach(values::add);
        }
        node.put("repeats", sweep.grid().repeats());
        ArrayNode runs = node.putArray("runs");
        sweep.results().forEach(result -> runs.add(run(result)));
        ArrayNode means = node.putArray("combinations");
        sweep.combinations().forEach(combination -> means.add(combination(combination)));
        node.set("best", sweep.best().map(SweepFiles::run).orElse(null));
        tuning(sweep.spent(), node);
        node.put("failed", sweep.failures().size());
        node.put("seconds", sweep.seconds());
        return node;
    }

    private static ObjectNode run(CellResult result) {
        ObjectNode node =
                settings(result.cell().settings()).put("repeat", result.cell().repeat());
        put(node, "accuracy", result.accuracy());
        put(node, "loss", result.loss());
        put(node, "epsilon", result.epsilon());
        put(node, "delta", result.summary().map(run -> run.privacy().delta()).orElse(OptionalDouble.empty()));
        put(node, "noiseMultiplier", result.noiseMultiplier());
        node.put("rounds", result.summary().map(RunSummary::rounds).orElse(null));
        node.put("stopped", result.summary().flatMap(RunSummary::stopped).orElse(null));
        node.put(
                "private",
                result.summary().map(run -> run.privacy().isPrivate()).orElse(null));
        node.put("seconds", result.summary().map(RunSummary::seconds).orElse(null));
        node.put("failure", result.failure().orElse(null));
        return node.put("directory", result.directory().toString());
    }

    private static ObjectNode settings(Map<String, String> settings) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ObjectNode values = node.putObject("settings");
        settings.forEach(values::put);
        return node;
    }

    private static ObjectNode combination(Combination combination) {
        ObjectNode node = settings(combination.settings())
                .put("runs", combination.results().size());
        combination.accuracy().ifPresentOrElse(own -> spread(node, "accuracy", own), () -> node.putNull("accuracy"));
        combination.loss().ifPresentOrElse(own -> spread(node, "loss", own), () -> node.putNull("loss"));
        put(node, "epsilon", combination.epsilon());
        put(node, "noiseMultiplier", combination.noiseMultiplier());
        return node;
    }

    private static void spread(ObjectNode node, String key, Combination.Spread spread) {
        ObjectNode own = node.putObject(key);
        put(own, "mean", OptionalDouble.of(spread.mean()));
        put(own, "least", OptionalDouble.of(spread.low()));
        put(own, "greatest", OptionalDouble.of(spread.high()));
    }

    /** An epsilon of one run says nothing of what all of them cost. */
    private static void tuning(TuningCost spent, ObjectNode node) {
        node.put("tuning", spent.charged() ? "every run charged" : "not accounted");
        ObjectNode all = node.putObject("together").put("runs", spent.runs()).put("withoutBound", spent.open());
        put(all, "epsilon", spent.epsilon());
        put(all, "delta", spent.delta());
        ArrayNode levels = all.putArray("levels");
        for (TuningCost.Level level : spent.levels()) {
            ObjectNode each = levels.addObject().put("unit", level.unit());
            put(each, "epsilon", level.epsilon());
            each.put("delta", level.delta());
        }
        all.put("obstacle", spent.obstacle().orElse(null));
    }

    private static void put(ObjectNode node, String key, OptionalDouble value) {
        if (value.isPresent() && Double.isFinite(value.getAsDouble())) {
            node.put(key, value.getAsDouble());
        } else {
            node.putNull(key);
        }
    }

    private static String csv(SweepResult sweep) {
        StringBuilder text = new StringBuilder();
        List<String> keys = sweep.grid().axes().stream().map(Axis::key).toList();
        line(text, Stream.concat(keys.stream(), COLUMNS.stream()).toList());
        for (CellResult result : sweep.results()) {
            ObjectNode run = run(result);
            List<String> cells = new ArrayList<>();
            keys.forEach(key -> cells.add(result.cell().settings().get(key)));
            COLUMNS.forEach(column ->
                    cells.add(run.path(column).isNull() ? "" : run.path(column).asText()));
            line(text, cells);
        }
        return text.toString();
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append(String.join(",", cells.stream().map(SweepFiles::quoted).toList()))
                .append('\n');
    }

    private static String quoted(String cell) {
        return cell.matches("[^,\"\r\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }

    /** What the column of the epsilon spent is called in a table: where an epsilon is varied, that is its name already. */
    public static String spentHeader(List<String> varied) {
        return varied.contains("epsilon") ? "spent" : "epsilon";
    }

    private static SweepPage page(SweepResult sweep, String svg) {
        List<String> keys = sweep.grid().axes().stream()
                .map(axis -> sweep.grid().label(axis))
                .toList();
        List<String> header = new ArrayList<>(List.of("run"));
        header.addAll(keys);
        header.addAll(List.of("accuracy", "loss", spentHeader(header), "noise", "rounds", "ended"));
        List<List<String>> rows = new ArrayList<>();
        List<String> links = new ArrayList<>();
        for (CellResult result : sweep.results()) {
            List<String> row = new ArrayList<>(List.of(result.cell().name()));
            sweep.grid().axes().forEach(axis -> row.add(result.cell().settings().get(axis.key())));
            row.add(
                    result.accuracy().isPresent()
                            ? String.format(
                                    Locale.ROOT,
                                    "%.1f%%",
                                    100 * result.accuracy().getAsDouble())
                            : "\u2013");
            row.add(number(result.loss(), 4));
            boolean open = result.summary().isPresent() && result.epsilon().isEmpty();
            row.add(open ? "not private" : number(result.epsilon(), 3));
            row.add(number(result.noiseMultiplier(), 3));
            row.add(result.summary().map(run -> "" + run.rounds()).orElse("\u2013"));
            row.add(result.failure()
                    .or(() -> result.summary().flatMap(RunSummary::stopped))
                    .orElse("completed"));
            rows.add(row);
            links.add("cells/" + result.cell().name() + "/" + RunDirectory.REPORT);
        }
        return new SweepPage(
                sweep.name(),
                TuningWords.of(sweep.spent()),
                svg,
                List.of(new SweepPage.Table("Every run", header, rows, links)),
                SharedSettings.yaml(sweep));
    }

    private static String number(OptionalDouble value, int places) {
        return value.isPresent() ? String.format(Locale.ROOT, "%." + places + "f", value.getAsDouble()) : "\u2013";
    }
}
