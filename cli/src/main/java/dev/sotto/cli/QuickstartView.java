package dev.sotto.cli;

import dev.sotto.wire.v1.SessionClient;
import dev.sotto.wire.v1.SessionDetail;
import dev.sotto.wire.v1.SessionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A session as it happens: on a terminal a small table that is drawn over, elsewhere a line an event. */
final class QuickstartView implements AutoCloseable {
    private static final List<String> TOLD = List.of("running", "refused", "withheld", "committed");

    private final Console console;
    private final int rounds;
    private String now = "waiting for the nodes";
    private SessionDetail last = SessionDetail.getDefaultInstance();
    private int drawn;

    QuickstartView(Console console, int rounds) {
        this.console = console;
        this.rounds = rounds;
    }

    void happened(SessionEvent event) {
        if (!console.terminal()) {
            if (TOLD.contains(event.getKind())
                    || (event.getKind().equals("client") && event.getText().contains("no"))) {
                console.remark(event.getText());
            }
            return;
        }
        if (!event.getText().isEmpty()) {
            now = event.getText();
        }
        last = event.hasSession() ? event.getSession() : last;
        draw(last);
    }

    private void draw(SessionDetail session) {
        List<String> lines = new ArrayList<>();
        int done = rounds == 0 ? 0 : 30 * session.getRounds() / rounds;
        lines.add(String.format(
                Locale.ROOT,
                "round %d/%d [%s%s] %s",
                session.getRounds(),
                rounds,
                "=".repeat(done),
                " ".repeat(30 - done),
                session.hasAccuracy() ? "accuracy " + Console.percent(session.getAccuracy()) : ""));
        for (SessionClient client : session.getClientsList()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %-12s %8s examples  %6s steps  epsilon %s%s",
                    client.getId(),
                    client.getExamples() == 0 ? "-" : Console.number(client.getExamples(), 0),
                    client.getSteps() == 0 ? "-" : String.valueOf(client.getSteps()),
                    client.hasEpsilon() ? Console.epsilon(client.getEpsilon()) : "-",
                    client.getTenths() == 0 ? "" : "  " + 10 * client.getTenths() + "% of this round"));
        }
        lines.add("  " + now);
        StringBuilder text = new StringBuilder(drawn == 0 ? "" : "\u001b[" + drawn + "A");
        lines.forEach(line -> text.append("\u001b[2K").append(line).append('\n'));
        console.err().print(text);
        console.err().flush();
        drawn = lines.size();
    }

    @Override
    public void close() {
        drawn = 0;
    }
}
