package dev.sotto.experiment.report;

import dev.sotto.experiment.run.ClientLine;
import dev.sotto.experiment.run.DataSplit;
import dev.sotto.experiment.run.PrivacyStatement;
import dev.sotto.experiment.run.RecordedRun;
import dev.sotto.experiment.run.RoundLine;
import dev.sotto.experiment.run.RunSummary;
import dev.sotto.experiment.run.RunSummary.ClientResult;
import dev.sotto.privacy.PrivacyUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Who took part: how the data lay with the clients, and a table of what came of it for each. */
final class ClientSection {
    static final int ROWS = 200;

    private final RecordedRun run;
    private final Markup page;

    ClientSection(RecordedRun run, Markup page) {
        this.run = run;
        this.page = page;
    }

    void write() {
        run.result().ifPresent(this::write);
    }

    private void write(RunSummary result) {
        page.open("section", "id", "clients").element("h2", "The clients");
        if (result.privacy().protects(PrivacyUnit.CLIENT)) {
            untold(result);
        } else {
            split(result.split());
            table(result);
        }
        page.close();
    }

    private void untold(RunSummary result) {
        page.element(
                "p",
                Figures.counted(result.clients().size(), "client")
                        + " could be asked. Who took part in which round, what any"
                        + " of them sent, and how many examples of which kind it holds is written nowhere, here or in the"
                        + " other files of the run: each client is protected as a whole, and part of that protection is"
                        + " that nobody learns when it took part.");
    }

    private void split(DataSplit split) {
        SplitBars bars = new SplitBars(split);
        if (bars.isEmpty()) {
            page.element(
                    "p", "The number of examples of each client is not stated: under this relation it is protected.");
            return;
        }
        page.open("figure", "class", "split").open("figcaption").element("h3", "Examples per client");
        page.element("p", bars.caption(), "class", "caption");
        page.close();
        bars.draw(page);
        if (run.privacy().filter(PrivacyStatement::accounted).isPresent()) {
            page.element("p", "Class counts are withheld: the guarantee does not cover them.", "class", "aside");
        }
        page.close();
    }

    /** What the history tells of one client. */
    private record Part(int rounds, OptionalDouble lastNorm, String refusal) {}

    private void table(RunSummary result) {
        Map<String, Part> parts = parts();
        boolean refused =
                parts.values().stream().anyMatch(part -> !part.refusal().isEmpty());
        boolean accounted =
                result.clients().stream().anyMatch(client -> client.delta().isPresent());
        page.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", "Clients");
        page.open("table")
                .element("caption", "The clients", "class", "unseen")
                .open("thead")
                .open("tr");
        List<String> columns = new ArrayList<>(List.of("Client", "Examples", "Rounds", "Steps", "Last update norm"));
        columns.addAll(accounted ? List.of("Epsilon", "Delta") : List.of());
        columns.forEach(column -> page.element("th", column, "scope", "col"));
        if (refused) {
            page.element("th", "Refused", "scope", "col", "class", "words");
        }
        page.close().close().open("tbody");
        result.clients().stream()
                .sorted(Comparator.comparing(ClientResult::id, NaturalOrder.INSTANCE))
                .limit(ROWS)
                .forEach(client -> row(
                        client,
                        parts.getOrDefault(client.id(), new Part(0, OptionalDouble.empty(), "")),
                        accounted,
                        refused));
        page.close().close().close();
        if (result.clients().size() > ROWS) {
            page.element("p", "And " + Figures.counted(result.clients().size() - ROWS, "more client") + ".");
        }
    }

    private void row(ClientResult client, Part part, boolean accounted, boolean refused) {
        page.open("tr").element("th", client.id(), "scope", "row");
        page.element("td", Figures.count(client.examples()));
        page.element("td", String.valueOf(part.rounds())).element("td", Figures.count(client.steps()));
        page.element("td", Figures.measured(part.lastNorm()));
        if (accounted) {
            page.element("td", Figures.epsilon(client.epsilon()));
            page.element(
                    "td",
                    client.delta().isPresent() ? Figures.delta(client.delta().getAsDouble()) : Figures.NONE);
        }
        if (refused) {
            page.element("td", part.refusal(), "class", "words");
        }
        page.close();
    }

    private Map<String, Part> parts() {
        Map<String, Part> parts = new HashMap<>();
        for (RoundLine round : run.history()) {
            for (ClientLine client : round.clients()) {
                parts.merge(client.id(), part(round, client), ClientSection::then);
            }
        }
        return parts;
    }

    private static Part part(RoundLine round, ClientLine client) {
        String refusal = client.refused()
                .map(reason -> "round " + round.round() + ", " + reason
                        + client.message().map(message -> ": " + message).orElse(""))
                .orElse("");
        return new Part(client.refused().isPresent() ? 0 : 1, client.updateNorm(), refusal);
    }

    private static Part then(Part before, Part after) {
        return new Part(
                before.rounds() + after.rounds(),
                after.lastNorm().isPresent() ? after.lastNorm() : before.lastNorm(),
                after.refusal().isEmpty() ? before.refusal() : after.refusal());
    }
}
