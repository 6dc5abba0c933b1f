package dev.sotto.experiment.report;

import java.util.OptionalDouble;

/** A table of what a guarantee comes to for whom: part of the protection may be that something stays secret. */
final class Audiences {
    private final double delta;
    private final Markup page;

    Audiences(double delta, Markup page) {
        this.delta = delta;
        this.page = page;
    }

    Audiences begin(String unit) {
        page.open("table", "class", "audiences");
        page.element("caption", "What each " + unit + " is promised, by who is looking", "class", "unseen");
        page.open("thead").open("tr").element("th", "Who is looking", "scope", "col");
        page.element("th", "Epsilon", "scope", "col").element("th", "Delta", "scope", "col");
        page.close().close().open("tbody");
        return this;
    }

    Audiences row(String who, OptionalDouble epsilon) {
        page.open("tr").element("th", who, "scope", "row", "class", "words");
        page.element("td", Figures.epsilon(epsilon)).element("td", Figures.delta(delta));
        page.close();
        return this;
    }

    void end() {
        page.close().close();
    }
}
