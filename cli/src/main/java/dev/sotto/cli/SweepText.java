package dev.sotto.cli;

import dev.sotto.simulation.sweep.Axis;
import dev.sotto.simulation.sweep.CellResult;
import dev.sotto.simulation.sweep.Combination;
import dev.sotto.simulation.sweep.Sweep;
import dev.sotto.simulation.sweep.SweepDirectory;
import dev.sotto.simulation.sweep.SweepFiles;
import dev.sotto.simulation.sweep.SweepResult;
import dev.sotto.simulation.sweep.TuningWords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** What {@code sotto sweep} tells a person before and after. */
final class SweepText {
    private SweepText() {}

    static String before(Sweep sweep, Path directory) {
        StringBuilder text = new StringBuilder();
        text.append(sweep.cells().size())
                .append(sweep.cells().size() == 1 ? " run" : " runs")
                .append(" of ")
                .append(sweep.grid().file().name());
        for (Axis axis : sweep.grid().axes()) {
            text.append("\n  ").append(axis.key()).append(": ").append(String.join(", ", axis.values()));
        }
        if (sweep.grid().repeats() > 1) {
            text.append("\n  ").append(sweep.grid().repeats()).append(" runs of each");
        }
        return text.append("\nin ").append(directory).toString();
    }

    static String after(SweepResult sweep, Path directory) {
        List<List<String>> rows = new ArrayList<>();
        List<String> header = new ArrayList<>();
        sweep.grid().axes().forEach(axis -> header.add(sweep.grid().label(axis)));
        boolean repeated = sweep.grid().repeats() > 1;
        header.addAll(List.of("accuracy", "loss", SweepFiles.spentHeader(header), "noise"));
        if (repeated) {
            header.add("runs");
        }
        rows.add(header);
        for (Combination combination : sweep.combinations()) {
            List<String> row = new ArrayList<>();
            sweep.grid().axes().forEach(axis -> row.add(combination.settings().get(axis.key())));
            row.add(combination.accuracy().map(SweepText::accuracy).orElse("-"));
            row.add(combination
                    .loss()
                    .map(spread -> Console.number(spread.mean(), 4))
                    .orElse("-"));
            row.add(epsilon(combination));
            row.add(
                    combination.noiseMultiplier().isPresent()
                            ? Console.number(combination.noiseMultiplier().getAsDouble(), 3)
                            : "-");
            if (repeated) {
                row.add("" + combination.results().size());
            }
            rows.add(row);
        }
        StringBuilder text = new StringBuilder("\n").append(table(rows)).append('\n');
        TuningWords.of(sweep.spent()).forEach(words -> text.append(words).append('\n'));
        text.append("\ntable    ").append(directory.resolve(SweepDirectory.TABLE));
        if (Files.exists(directory.resolve(SweepDirectory.FIGURE))) {
            text.append("\nfigures  ").append(directory.resolve(SweepDirectory.FIGURE));
        }
        return text.append("\npage     ")
                .append(directory.resolve(SweepDirectory.PAGE))
                .toString();
    }

    private static String accuracy(Combination.Spread spread) {
        return Console.percent(spread.mean())
                + (spread.low() == spread.high()
                        ? ""
                        : " (" + Console.number(100 * spread.low(), 1) + " to " + Console.number(100 * spread.high(), 1)
                                + ")");
    }

    private static String epsilon(Combination combination) {
        OptionalDouble epsilon = combination.epsilon();
        if (combination.results().isEmpty()) {
            return "-";
        }
        return epsilon.isPresent() ? Console.epsilon(epsilon.getAsDouble()) : "not private";
    }

    /** A finished run in one line. */
    static String line(CellResult result) {
        StringBuilder text = new StringBuilder(result.cell().name());
        if (result.failure().isPresent()) {
            return text.append("  failed: ").append(result.failure().get()).toString();
        }
        if (result.summary().isPresent()) {
            var run = result.summary().get();
            run.accuracy().ifPresent(value -> text.append("  accuracy ").append(Console.percent(value)));
            run.loss().ifPresent(value -> text.append("  loss ").append(Console.number(value, 4)));
            run.privacy().epsilon().ifPresent(value -> text.append("  epsilon ").append(Console.epsilon(value)));
            run.stopped().ifPresent(why -> text.append("  stopped: ").append(why));
        }
        return text.toString();
    }

    private static String table(List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                int column = i;
                int width = rows.stream()
                        .mapToInt(own -> own.get(column).length())
                        .max()
                        .orElse(1);
                text.append(i == 0 ? "" : "  ").append(String.format(Locale.ROOT, "%" + width + "s", row.get(i)));
            }
            text.append('\n');
        }
        return text.toString();
    }
}
