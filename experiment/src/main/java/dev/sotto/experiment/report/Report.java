package dev.sotto.experiment.report;

import dev.sotto.experiment.run.RecordedRun;
import dev.sotto.experiment.run.RunDirectory;

/**
 * The report of a run: {@code report.html} and {@code accuracy.svg}, made from the run's directory alone. The page needs no
 * network and nothing beside it, and its content security policy forbids it to ask for anything.
 */
public final class Report {
    private Report() {}

    /** Reads the directory and writes both files into it. */
    public static void write(RunDirectory directory) {
        RecordedRun run = directory.read();
        directory.writeText(RunDirectory.REPORT, html(run));
        directory.writeText(RunDirectory.ACCURACY, accuracy(run));
    }

    /** The page. */
    public static String html(RecordedRun run) {
        return new Page(run).html();
    }

    /** Accuracy over rounds as an SVG document; where the target is no class, the loss. */
    public static String accuracy(RecordedRun run) {
        RunCharts charts = new RunCharts(run);
        LineChart accuracy = charts.accuracy();
        LineChart shown = accuracy.isEmpty()
                ? charts.all().stream()
                        .filter(chart -> chart.id().equals("loss"))
                        .findFirst()
                        .orElse(accuracy)
                : accuracy;
        return SvgLines.draw(shown.titled(run.name() + ": " + shown.title().toLowerCase(java.util.Locale.ROOT)));
    }
}
