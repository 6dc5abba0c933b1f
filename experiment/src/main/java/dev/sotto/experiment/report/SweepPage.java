package dev.sotto.experiment.report;

import java.util.List;
import java.util.Optional;

/**
 * A page about many runs: figures, what they cost together, and a table. Self-contained, without scripts.
 *
 * @param title of the page
 * @param remarks a paragraph each, below the title
 * @param figures an SVG document written by {@link BandPlot}; empty for none
 * @param tables in order
 * @param settings that all runs share, as YAML; empty for none
 */
public record SweepPage(
        String title, List<String> remarks, String figures, List<Table> tables, Optional<String> settings) {

    /**
     * A table.
     *
     * @param caption above it
     * @param header names of the columns
     * @param rows a cell for each column
     * @param links for each row where its first cell leads, relative to the page; empty for no links
     */
    public record Table(String caption, List<String> header, List<List<String>> rows, List<String> links) {}

    /** The page as HTML. */
    public String html() {
        Markup page = new Markup();
        page.raw("<!doctype html>\n").open("html", "lang", "en").open("head").empty("meta", "charset", "utf-8");
        page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.empty("meta", "name", "color-scheme", "content", "light dark");
        page.empty(
                "meta",
                "http-equiv",
                "Content-Security-Policy",
                "content",
                "default-src 'none'; style-src 'unsafe-inline'");
        page.element("title", title + " \u2013 Sotto");
        page.open("style").raw(Assets.pageStyle()).close().close();
        page.open("body").open("main").open("header").element("h1", title).close();
        page.open("section");
        remarks.forEach(remark -> page.element("p", remark));
        if (!figures.isEmpty()) {
            page.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", "Figures");
            page.raw(figures).close();
        }
        page.close();
        tables.forEach(table -> write(table, page));
        settings.ifPresent(yaml -> page.open("section")
                .element("h2", "The same in all runs")
                .element("p", "Settings that no run changed, defaults included. What differs stands in the table.")
                .element("pre", yaml, "tabindex", "0")
                .close());
        page.close().open("footer");
        page.element("p", "Written by Sotto: federated learning with differential privacy for the JVM.");
        return page.close().close().close() + "\n";
    }

    private static void write(Table table, Markup page) {
        page.open("section").element("h2", table.caption());
        page.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", table.caption());
        page.open("table").element("caption", table.caption(), "class", "unseen");
        page.open("thead").open("tr");
        table.header().forEach(name -> page.element("th", name, "scope", "col"));
        page.close().close().open("tbody");
        for (int i = 0; i < table.rows().size(); i++) {
            page.open("tr");
            List<String> row = table.rows().get(i);
            page.open("th", "scope", "row");
            if (table.links().isEmpty()) {
                page.text(row.get(0));
            } else {
                page.element("a", row.get(0), "href", table.links().get(i));
            }
            page.close();
            row.stream().skip(1).forEach(cell -> page.element("td", cell));
            page.close();
        }
        page.close().close().close().close();
    }
}
