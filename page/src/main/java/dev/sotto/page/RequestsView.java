package dev.sotto.page;

import dev.sotto.experiment.report.Figures;
import dev.sotto.experiment.report.Markup;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.request.RequestBook;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** All requests: those that wait for the owner, those that may go on, and the others. */
final class RequestsView {
    private final RequestBook book;
    private final Place place;

    RequestsView(RequestBook book, Place place) {
        this.book = book;
        this.place = place;
    }

    /** What was decided on a request, and how its session ended, if it did. */
    private record Standing(Decision decision, Optional<String> ending) {
        boolean waits() {
            return decision instanceof Decision.Pending && ending.isEmpty();
        }

        boolean approved() {
            return decision instanceof Decision.Approved;
        }
    }

    private Map<Request, Standing> those(Predicate<Standing> which) {
        Map<Request, Standing> found = new LinkedHashMap<>();
        for (Request each : book.all()) {
            Standing standing = new Standing(book.decision(each), book.ending(each));
            if (which.test(standing)) {
                found.put(each, standing);
            }
        }
        return found;
    }

    /** What waits. */
    void begin(Markup page) {
        page.element("h1", "Requests");
        page.open("p", "id", "changed", "class", "notice", "role", "status", "hidden", "")
                .text("Something has changed since this page came. ")
                .element("a", "Show it as it is now", "href", place.path(""))
                .text(".")
                .close();
        Map<Request, Standing> waiting = those(Standing::waits);
        page.open("section", "aria-labelledby", "waiting").element("h2", "Waiting for you", "id", "waiting");
        if (waiting.isEmpty()) {
            page.element("p", "Nothing waits for your decision.", "class", "soft");
        } else {
            page.element(
                    "p",
                    Figures.counted(waiting.size(), "request") + (waiting.size() == 1 ? " waits" : " wait")
                            + ". No record is touched before you approve.");
        }
        cards(page, waiting);
        page.close();
    }

    /** What was decided on. */
    void decided(Markup page) {
        Map<Request, Standing> approved = those(Standing::approved);
        if (!approved.isEmpty()) {
            page.open("section", "aria-labelledby", "approved").element("h2", "What you approved", "id", "approved");
            cards(page, approved);
            page.close();
        }
        Map<Request, Standing> others = those(standing -> !standing.waits() && !standing.approved());
        if (!others.isEmpty()) {
            page.open("section", "aria-labelledby", "others").element("h2", "Other requests", "id", "others");
            cards(page, others);
            page.close();
        }
    }

    private void cards(Markup page, Map<Request, Standing> requests) {
        if (requests.isEmpty()) {
            return;
        }
        page.open("ul", "class", "cards");
        requests.forEach((request, standing) -> {
            page.open("li", "class", "card").open("h3");
            page.element("a", title(request), "href", place.path("requests/" + request.id()), "dir", "auto");
            page.close();
            page.open("p", "class", "soft").text("Asked on ");
            Say.time(page, request.arrived());
            page.text(", number ").element("code", request.shortId()).text(".").close();
            if (!standing.waits()) {
                page.element("p", RequestView.words(standing.decision(), standing.ending()), "dir", "auto");
            }
            page.close();
        });
        page.close();
    }

    static String title(Request request) {
        return Say.session(request.key()) + " asks to train on " + request.dataSet();
    }
}
