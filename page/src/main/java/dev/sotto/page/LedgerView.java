package dev.sotto.page;

import dev.sotto.experiment.report.Figures;
import dev.sotto.experiment.report.Markup;
import dev.sotto.experiment.report.SpendingPlot;
import dev.sotto.owner.ledger.OwnerLedger;
import dev.sotto.owner.ledger.SessionKey;
import dev.sotto.owner.ledger.Spending;
import dev.sotto.owner.ledger.Spending.Point;
import dev.sotto.owner.ledger.Standing;
import dev.sotto.owner.ledger.Standing.OfSession;
import dev.sotto.owner.ledger.TotalLimit;
import dev.sotto.owner.ledger.Verification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/** What was spent on each data set: a picture, its numbers, and who spent them. */
final class LedgerView {
    /** More lines than this are told apart by nobody. */
    private static final int MOST_SESSIONS = 5;

    private static final int WIDE = 720;
    private static final String BY = "By";
    private static final String SESSION = "Session";
    private static final Set<String> NAMES = Set.of(BY, SESSION);
    private static final int NARROW = 280;

    private final OwnerLedger ledger;

    LedgerView(OwnerLedger ledger) {
        this.ledger = ledger;
    }

    void write(Markup page) {
        page.element("h1", "Ledger");
        page.element(
                "p",
                "Epsilon bounds how much anybody can learn about a single record from all that has left this machine. It"
                        + " only grows: what is spent on a data set stays spent, whoever asked. The smaller, the better"
                        + " protected.",
                "class",
                "lead");
        List<Standing> standings = ledger.standings();
        if (standings.isEmpty()) {
            page.element("p", "No data set is declared yet, and nothing was spent.");
        }
        for (int i = 0; i < standings.size(); i++) {
            dataSet(page, standings.get(i), ledger.spending(standings.get(i).dataSet()), "set-" + i);
        }
        chain(page);
    }

    private static void dataSet(Markup page, Standing standing, Spending spending, String id) {
        page.open("section", "aria-labelledby", id).element("h2", standing.dataSet(), "id", id, "dir", "auto");
        page.element("p", words(standing), "class", "lead");
        List<String> others = standing.sharing().stream()
                .filter(each -> !each.equals(standing.dataSet()))
                .toList();
        if (!others.isEmpty()) {
            page.element(
                    "p",
                    "Shares records with " + String.join(", ", others)
                            + ": what is spent on any of them is spent on all.");
        }
        if (spending.points().isEmpty()) {
            page.element("p", "Nothing was spent on it so far.", "class", "soft");
        } else {
            picture(page, standing, spending);
            sessions(page, standing);
        }
        page.close();
    }

    private static String words(Standing standing) {
        String spent = "Epsilon " + Say.epsilon(standing.enforced());
        return standing.limit()
                .map(limit -> spent + " is counted against your limit of "
                        + Figures.number(limit.epsilon().value()) + left(standing, limit) + ".")
                .orElse(spent + " is spent. You have set no limit for all sessions together.");
    }

    private static String left(Standing standing, TotalLimit limit) {
        OptionalDouble spent = standing.enforced();
        if (spent.isEmpty() || spent.getAsDouble() >= limit.epsilon().value()) {
            return ": nothing is left, and every session is refused";
        }
        return "";
    }

    private static void picture(Markup page, Standing standing, Spending spending) {
        List<SessionKey> shown = standing.sessions().stream()
                .sorted(Comparator.comparingDouble(each -> -each.epsilon().orElse(Double.POSITIVE_INFINITY)))
                .limit(MOST_SESSIONS)
                .map(OfSession::key)
                .toList();
        List<SpendingPlot.Line> lines = new ArrayList<>();
        lines.add(line("All together, as counted", spending.points(), true));
        for (SessionKey key : shown) {
            List<Point> own = spending.points().stream()
                    .filter(point -> point.session().equals(key))
                    .toList();
            lines.add(line(Say.session(key), own, false));
        }
        SpendingPlot plot = new SpendingPlot(
                "Epsilon spent on " + standing.dataSet() + " over time",
                spending.declared(),
                Instant.now(),
                Say.ZONE,
                lines,
                standing.limit()
                        .map(limit -> OptionalDouble.of(limit.epsilon().value()))
                        .orElse(OptionalDouble.empty()));
        page.open("figure", "class", "card");
        page.open("figcaption").element("h3", "Over time");
        page.element(
                "p",
                "At delta " + Figures.delta(standing.delta().value())
                        + ". The heavy line is what counts against your limit. It is counted with more care than each session"
                        + " by itself, so that it holds whatever comes next: the lines do not add up to it.");
        page.close();
        page.open("div", "class", "wide").raw(plot.svg(WIDE, 320)).close();
        page.open("div", "class", "narrow").raw(plot.svg(NARROW, 240)).close();
        legend(page, lines, standing.sessions().size() - shown.size());
        numbers(page, standing.dataSet(), spending.points());
        page.close();
    }

    private static SpendingPlot.Line line(String name, List<Point> points, boolean counted) {
        return new SpendingPlot.Line(
                name,
                points.stream().map(Point::at).toList(),
                points.stream()
                        .map(counted ? Point::counted : Point::own)
                        .mapToDouble(value -> value.orElse(Double.POSITIVE_INFINITY))
                        .toArray());
    }

    private static void legend(Markup page, List<SpendingPlot.Line> lines, int more) {
        page.open("ul", "class", "legend");
        for (int i = 0; i < lines.size(); i++) {
            page.open("li").open("svg", "class", "lines swatch", "viewBox", "0 0 30 8", "aria-hidden", "true");
            String kind = (i == 0 ? "line whole " : "line ") + SpendingPlot.colour(i);
            page.empty("path", "class", kind, "stroke-dasharray", SpendingPlot.dashes(i), "d", "M1 4h28");
            page.close().element("span", lines.get(i).name(), "dir", "auto").close();
        }
        if (more > 0) {
            page.element("li", "and " + Figures.counted(more, "session") + " that spent less: see the table");
        }
        page.close();
    }

    private static void numbers(Markup page, String dataSet, List<Point> points) {
        page.open("details").element("summary", "The numbers of the picture");
        region(page, "The numbers of the picture of " + dataSet);
        page.open("table").element("caption", "Epsilon spent on " + dataSet + " over time", "class", "unseen");
        head(page, "When", BY, "Its own epsilon", "All together, as counted");
        page.open("tbody");
        for (Point point : points) {
            page.open("tr").open("th", "scope", "row");
            Say.time(page, point.at());
            page.close().element("td", Say.session(point.session()), "class", "words", "dir", "auto");
            page.element("td", Say.epsilon(point.own()))
                    .element("td", Say.epsilon(point.counted()))
                    .close();
        }
        page.close().close().close().close();
    }

    private static void sessions(Markup page, Standing standing) {
        page.element("h3", "Who spent it");
        region(page, "Sessions that spent on " + standing.dataSet());
        page.open("table").element("caption", "Sessions that spent on " + standing.dataSet(), "class", "unseen");
        head(page, SESSION, "Epsilon by itself", "Booked", "Released");
        page.open("tbody");
        for (OfSession session : standing.sessions()) {
            page.open("tr").open("th", "scope", "row", "class", "words", "dir", "auto");
            page.text(Say.session(session.key()));
            if (session.reproducible()) {
                page.element("span", "from a test seed: nothing of it was private", "class", "note");
            }
            page.close().element("td", Say.epsilon(session.epsilon()));
            page.element("td", Figures.count(session.reserved()))
                    .element("td", Figures.count(session.committed()))
                    .close();
        }
        page.close().close().close();
        page.element(
                "p",
                "A round is booked before data is touched, and stays booked whether or not its update was released.",
                "class",
                "aside");
    }

    private static void region(Markup page, String label) {
        page.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", label);
    }

    private static void head(Markup page, String... titles) {
        page.open("thead").open("tr");
        for (String title : titles) {
            page.element("th", title, "scope", "col", "class", NAMES.contains(title) ? "words" : "number");
        }
        page.close().close();
    }

    private void chain(Markup page) {
        Verification found = ledger.verify();
        page.open("section", "aria-labelledby", "chain").element("h2", "Is it all there?", "id", "chain");
        if (found.broken().isPresent()) {
            page.element(
                    "p",
                    "No. Line " + found.broken().get().line() + " of the ledger is wrong: "
                            + found.broken().get().reason() + ". What stands above cannot be relied on.",
                    "class",
                    "notice",
                    "role",
                    "alert");
        } else {
            page.element(
                    "p",
                    "All " + Figures.counted(found.lines(), "line")
                            + " of the ledger are as they were written. Only their"
                            + " end cannot be vouched for: keep the last line\u2019s digest elsewhere and compare it.");
            page.open("p", "class", "digest").element("code", found.last()).close();
        }
        page.close();
    }
}
