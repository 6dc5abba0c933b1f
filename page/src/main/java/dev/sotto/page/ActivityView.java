package dev.sotto.page;

import dev.sotto.experiment.report.Markup;
import dev.sotto.owner.desk.Activity;
import dev.sotto.owner.desk.Activity.Current;
import dev.sotto.owner.desk.Activity.Kind;
import java.util.List;
import java.util.stream.Collectors;

/** What trains now. The page's script asks for it again each second; without scripts it is as it was when the page came. */
final class ActivityView {
    private final Activity activity;
    private final Place place;

    ActivityView(Activity activity, Place place) {
        this.activity = activity;
        this.place = place;
    }

    /** The part of a page. */
    void section(Markup page, String state) {
        page.open("section", "aria-labelledby", "now-title").element("h2", "Training now", "id", "now-title");
        fragment(page, state);
        // Told apart from what is seen: a voice that counts every step is no help.
        page.element("p", "", "id", "said", "class", "unseen", "aria-live", "polite");
        page.element(
                "p",
                "The page has lost touch with the program that it belongs to; what it shows may be old.",
                "id",
                "lost",
                "class",
                "notice",
                "role",
                "status",
                "hidden",
                "");
        page.close();
    }

    /** What changes. */
    void fragment(Markup page, String state) {
        List<Current> works = activity.now();
        String said = works.stream().map(ActivityView::roughly).collect(Collectors.joining(" "));
        page.open(
                "div",
                "id",
                "activity",
                "data-from",
                place.path("activity"),
                "data-state",
                state,
                "data-said",
                said.isEmpty() ? "Nothing trains at the moment." : said);
        if (works.isEmpty()) {
            page.element("p", "Nothing trains at the moment." + before(), "class", "soft");
        }
        works.forEach(work -> work(page, work));
        page.close();
    }

    private String before() {
        return activity.last()
                .map(ended -> " The last to end was round " + ended.what().round() + " of "
                        + ended.what().rounds() + " of " + ended.what().key() + ", on " + Say.minute(ended.at()) + ".")
                .orElse("");
    }

    private static void work(Markup page, Current work) {
        page.open("article", "class", "card work");
        page.element("h3", Say.session(work.key()), "dir", "auto");
        page.open("p")
                .text((work.kind() == Kind.TRAINING ? "Trains on " : "Tries the model on what is held out of ")
                        + work.dataSet() + ": round " + work.round() + " of " + work.rounds()
                        + (work.steps() > 0 ? ", step " + work.step() + " of " + work.steps() : "") + ", since ")
                .element(
                        "time",
                        Say.clock(work.since()),
                        "datetime",
                        work.since().toString())
                .text(".")
                .close();
        String label = "Steps of round " + work.round();
        if (work.steps() > 0) {
            page.open("progress", "max", "" + work.steps(), "value", "" + work.step(), "aria-label", label)
                    .close();
        } else {
            page.open("progress", "aria-label", label).close();
        }
        page.close();
    }

    /** In quarters: what is worth a word. */
    private static String roughly(Current work) {
        String done =
                switch (work.steps() == 0 ? 0 : 4 * work.step() / work.steps()) {
                    case 0 -> "has begun";
                    case 1 -> "is a quarter done";
                    case 2 -> "is half done";
                    case 3 -> "is three quarters done";
                    default -> "is done";
                };
        return Say.session(work.key()) + ": "
                + (work.kind() == Kind.TRAINING ? "round " : "the evaluation of round ") + work.round() + " of "
                + work.rounds() + " " + done + ".";
    }
}
