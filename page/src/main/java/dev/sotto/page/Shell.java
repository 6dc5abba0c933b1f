package dev.sotto.page;

import dev.sotto.experiment.report.Markup;
import java.util.Optional;
import java.util.function.Consumer;

/** What all pages share: head, way around, and the frame that their content stands in. */
final class Shell {
    private final Place place;
    private final String owner;

    /**
     * For an owner.
     *
     * @param owner what the page calls its owner
     */
    Shell(Place place, String owner) {
        this.place = place;
        this.owner = owner;
    }

    /** The pages that can be chosen. */
    enum Tab {
        REQUESTS("", "Requests"),
        LEDGER("ledger", "Ledger"),
        DECISIONS("decisions", "Decisions");

        private final String path;
        private final String title;

        Tab(String path, String title) {
            this.path = path;
            this.title = title;
        }
    }

    Place place() {
        return place;
    }

    /** A page for somebody who came in. */
    String page(Door.Visit visit, Tab tab, String title, Consumer<Markup> content) {
        return html(Optional.of(visit), Optional.of(tab), title, content);
    }

    /** A page for anybody, with a message alone. */
    String message(String title, String message) {
        return html(Optional.empty(), Optional.empty(), title, page -> {
            page.element("h1", title);
            page.element("p", message, "class", "lead");
        });
    }

    private String html(Optional<Door.Visit> visit, Optional<Tab> tab, String title, Consumer<Markup> content) {
        Markup page = new Markup();
        page.raw("<!doctype html>\n").open("html", "lang", "en");
        head(page, title);
        page.open("body");
        page.element("a", "Skip to the content", "class", "skip", "href", "#content");
        header(page, visit, tab);
        page.open("main", "id", "content", "tabindex", "-1");
        content.accept(page);
        page.close();
        page.open("footer")
                .element(
                        "p",
                        "Sotto. This page is served on this machine alone, and loads nothing from elsewhere. Times are"
                                + " those of " + Say.ZONE + ".")
                .close();
        return page.close().close() + "\n";
    }

    private void head(Markup page, String title) {
        page.open("head").empty("meta", "charset", "utf-8");
        page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        page.empty("meta", "name", "color-scheme", "content", "light dark");
        page.element("title", title + " \u2013 Sotto");
        page.empty("link", "rel", "icon", "type", "image/svg+xml", "href", place.path("icon.svg"));
        page.empty("link", "rel", "stylesheet", "href", place.path("page.css"));
        page.open("script", "src", place.path("page.js"), "defer", "").close();
        page.close();
    }

    private void header(Markup page, Optional<Door.Visit> visit, Optional<Tab> tab) {
        page.open("header", "class", "top");
        page.open("p", "class", "kicker").text("Owner\u2019s page");
        // Whose it is, strangers need not know.
        visit.ifPresent(own -> page.element("span", owner, "class", "who", "dir", "auto"));
        page.close();
        visit.ifPresent(own -> {
            page.open("nav", "aria-label", "Pages").open("ul");
            for (Tab each : Tab.values()) {
                boolean here = tab.filter(each::equals).isPresent();
                String[] attributes = here
                        ? new String[] {"href", place.path(each.path), "aria-current", "page"}
                        : new String[] {"href", place.path(each.path)};
                page.open("li").element("a", each.title, attributes).close();
            }
            page.close().close();
            form(page, own, "leave", "class", "leave");
            page.element("button", "Log out", "class", "quiet").close();
        });
        page.close();
    }

    /** Opens a form that is sent to one of the page's own paths. */
    void form(Markup page, Door.Visit visit, String to, String... attributes) {
        String[] all = new String[4 + attributes.length];
        System.arraycopy(new String[] {"method", "post", "action", place.path(to)}, 0, all, 0, 4);
        System.arraycopy(attributes, 0, all, 4, attributes.length);
        page.open("form", all);
        page.empty("input", "type", "hidden", "name", Guard.PROOF, "value", visit.proof());
    }
}
