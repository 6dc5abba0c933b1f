package dev.sotto.experiment.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.experiment.run.PrivacyStatement;
import dev.sotto.experiment.run.Provenance;
import dev.sotto.experiment.run.RecordedRun;
import dev.sotto.experiment.run.RunDirectory;
import java.util.List;

/** The page as a whole: what comes in which order. */
final class Page {
    private final RecordedRun run;
    private final List<LineChart> charts;
    private final Markup page = new Markup();

    Page(RecordedRun run) {
        this.run = run;
        this.charts = new RunCharts(run).all();
    }

    String html() {
        page.raw("<!doctype html>\n<!-- Plots: uPlot.\n" + Assets.plotLicense().replace("--", "- -") + "\n-->\n");
        page.open("html", "lang", "en");
        head();
        page.open("body");
        page.element("a", "Skip to the result", "class", "skip", "href", "#result");
        page.open("main");
        new Headline(run, page).write();
        progress();
        new ClientSection(run, page).write();
        new PrivacySection(run, page).write();
        experiment();
        page.close();
        footer();
        script(ChartData.script(charts), "type", "application/json", "id", "charts");
        script(Assets.plotScript());
        script(Assets.pageScript());
        return page.close().close() + "\n";
    }

    private void head() {
        page.open("head").empty("meta", "charset", "utf-8");
        page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.empty("meta", "name", "color-scheme", "content", "light dark");
        String scripts = Assets.hash(Assets.plotScript()) + " " + Assets.hash(Assets.pageScript());
        page.empty(
                "meta",
                "http-equiv",
                "Content-Security-Policy",
                "content",
                "default-src 'none'; style-src 'unsafe-inline'; script-src " + scripts);
        page.element("title", run.name() + " \u2013 Sotto");
        page.open("style").raw(Assets.plotStyle()).raw(Assets.pageStyle()).close();
        page.close();
    }

    private void script(String script, String... attributes) {
        page.open("script", attributes).raw(script).close();
    }

    private void progress() {
        if (charts.isEmpty()) {
            return;
        }
        page.open("section", "id", "progress").element("h2", "Over the rounds");
        page.open("div", "class", "charts");
        charts.forEach(this::chart);
        page.close().close();
    }

    private void chart(LineChart chart) {
        page.open("figure", "class", "chart");
        page.open("figcaption").element("h3", chart.title());
        if (!chart.note().isEmpty()) {
            page.element("p", chart.note());
        }
        page.close();
        page.open("div", "id", chart.id(), "class", "plot", "role", "group", "aria-label", chart.description());
        page.close();
        page.open("noscript").raw(SvgLines.draw(chart)).close();
        values(chart);
        page.close();
    }

    /** What the plot shows, as a table. */
    private void values(LineChart chart) {
        page.open("details").element("summary", "The numbers");
        page.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", chart.title());
        page.open("table").element("caption", chart.title(), "class", "unseen");
        page.open("thead").open("tr").element("th", "Round", "scope", "col");
        chart.series().forEach(line -> page.element("th", line.name(), "scope", "col"));
        page.close().close().open("tbody");
        for (int i = 0; i < chart.rounds().length; i++) {
            int at = i;
            page.open("tr").element("th", String.valueOf(chart.rounds()[i]), "scope", "row");
            chart.series().forEach(line -> page.element("td", chart.unit().format(line.values()[at])));
            page.close();
        }
        page.close().close().close().close();
    }

    private void experiment() {
        JsonNode experiment = run.experiment();
        if (experiment.isEmpty()) {
            return;
        }
        page.open("section", "id", "experiment").element("h2", "The experiment");
        page.element("p", "Every setting, those left at their defaults too: this file alone runs it again.");
        page.open("pre", "tabindex", "0", "aria-label", "the resolved experiment")
                .element("code", RunDirectory.yaml(experiment))
                .close();
        page.close();
    }

    private void footer() {
        page.open("footer");
        run.privacy().map(PrivacyStatement::provenance).ifPresent(this::provenance);
        page.element("p", "Written by Sotto: federated learning with differential privacy for the JVM.");
        page.close();
    }

    private void provenance(Provenance made) {
        String seed = made.reproducible() ? "seed " + made.seed().getAsLong() : "secret randomness";
        page.element(
                "p",
                String.join(
                        " \u00b7 ",
                        "Sotto " + made.sotto(),
                        "engine " + made.engine(),
                        made.kernel(),
                        "Java " + made.java(),
                        made.platform(),
                        seed));
    }
}
