package dev.sotto.page;

import dev.sotto.experiment.report.Markup;
import dev.sotto.owner.request.Decided;
import dev.sotto.owner.request.RequestBook;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Every decision that was ever made, newest first, each checked against its signature and the chain. */
final class DecisionsView {
    private final RequestBook book;
    private final Place place;

    DecisionsView(RequestBook book, Place place) {
        this.book = book;
        this.place = place;
    }

    void write(Markup page) {
        List<Decided> history = new ArrayList<>(book.history());
        Collections.reverse(history);
        page.element("h1", "Decisions");
        page.element(
                "p",
                "Each is signed with your key over everything that was asked, and chained to the one before: none can be"
                        + " changed unseen, or taken out from between others. Keep a copy of the newest link elsewhere: it"
                        + " alone tells whether newer ones were taken out.",
                "class",
                "lead");
        if (history.isEmpty()) {
            page.element("p", "Nothing was decided so far.", "class", "soft");
            return;
        }
        boolean broken = history.stream().anyMatch(each -> each.broken().isPresent());
        page.element(
                "p",
                broken
                        ? "Some of them are not what you signed: they are marked, and hold nothing open."
                        : "All signatures and links were checked just now, and hold.",
                "class",
                broken ? "wrong" : "done",
                "role",
                broken ? "alert" : "note");
        page.open("ol", "class", "cards", "reversed", "");
        history.forEach(each -> decided(page, each));
        page.close();
    }

    private void decided(Markup page, Decided each) {
        page.open("li", "class", "card").open("h2", "class", "line");
        page.text(each.number() + ". "
                + RequestView.sentence(each.kind().label() + (each.automatic() ? " by your policy" : "")));
        page.close();
        page.open("p")
                .element(
                        "a",
                        RequestsView.title(each.request()),
                        "href",
                        place.path("requests/" + each.request().id()),
                        "dir",
                        "auto");
        page.close();
        each.limits().ifPresent(limits -> page.element("p", RequestView.sentence(RequestView.words(limits))));
        if (!each.reason().isEmpty()) {
            page.element("p", "\u201c" + each.reason() + "\u201d", "dir", "auto");
        }
        each.broken().ifPresent(reason -> page.element("p", RequestView.sentence(reason), "class", "error"));
        page.open("p", "class", "soft");
        Say.time(page, each.at());
        page.text(", signed by ").element("code", abbreviated(each.signer()));
        page.text(", link ").element("code", abbreviated(each.hash())).text(".").close();
        page.close();
    }

    private static String abbreviated(String digest) {
        return digest.substring(0, Math.min(16, digest.length()));
    }
}
