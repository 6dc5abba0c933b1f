package dev.sotto.cli;

import dev.sotto.experiment.report.Figures;
import dev.sotto.wire.v1.SessionClient;
import dev.sotto.wire.v1.SessionDetail;
import java.util.List;
import java.util.Locale;

/** Sessions as people read them. */
final class SessionText {
    private SessionText() {}

    static String list(List<SessionDetail> sessions) {
        StringBuilder text = new StringBuilder(line("session", "name", "state", "rounds", "accuracy", "epsilon"));
        for (SessionDetail session : sessions) {
            text.append('\n')
                    .append(line(
                            session.getId(),
                            session.getName(),
                            session.getState(),
                            session.getRounds() + "/" + session.getPlannedRounds(),
                            session.hasAccuracy() ? Console.percent(session.getAccuracy()) : "-",
                            session.hasEpsilon() ? Console.epsilon(session.getEpsilon()) : "-"));
        }
        return sessions.isEmpty() ? "no sessions yet; 'sotto session start' begins one" : text.toString();
    }

    private static String line(String id, String name, String state, String rounds, String accuracy, String epsilon) {
        return String.format(Locale.ROOT, "%-14s %-24s %-10s %8s %9s %9s", id, name, state, rounds, accuracy, epsilon);
    }

    /** All of one session. */
    static String show(SessionDetail session) {
        StringBuilder text = new StringBuilder();
        text.append(session.getId())
                .append(": ")
                .append(session.getName())
                .append(", ")
                .append(session.getState());
        if (!session.getReason().isEmpty()) {
            text.append(": ").append(session.getReason());
        }
        text.append("\nrounds   ").append(session.getRounds()).append(" of ").append(session.getPlannedRounds());
        if (session.hasAccuracy()) {
            text.append("   accuracy ").append(Console.percent(session.getAccuracy()));
        }
        if (session.hasLoss()) {
            text.append("   loss ").append(Console.number(session.getLoss(), 4));
        }
        text.append(next(session));
        text.append("\nprivacy  ").append(privacy(session));
        text.append("\npackage  ").append(Answers.hex(session.getPackage()));
        if (!session.getModel().isEmpty()) {
            text.append("\nmodel    ").append(Answers.hex(session.getModel()));
        }
        text.append("\nstarted  ").append(Answers.time(session.getCreatedMillis()));
        if (session.getEndedMillis() > 0) {
            text.append("\nended    ").append(Answers.time(session.getEndedMillis()));
        }
        if (session.getClientsCount() > 0) {
            text.append("\n\n").append(row("client", "state", "examples", "steps", "epsilon", "delta"));
            session.getClientsList().forEach(client -> text.append('\n').append(row(client)));
        }
        return text.toString();
    }

    /** What to do about a session that did not come to what was asked; empty where there is nothing to do. */
    private static String next(SessionDetail session) {
        int withheld = session.getRounds() - released(session);
        if (session.getState().equals("failed") || session.getState().equals("stopped")) {
            return "\nnext     "
                    + (session.getState().equals("failed") ? "once that is mended: " : "it can go on: ")
                    + "sotto session resume " + session.getId();
        }
        if (!session.getState().equals("completed") || withheld <= 0) {
            return "";
        }
        return "\nwithheld " + withheld + " of " + Figures.counted(session.getRounds(), "round")
                + ": fewer updates came in time than --min-clients asks for"
                + "\nnext     give rounds longer (--round-timeout) or ask for fewer (--min-clients):"
                + "\n         sotto session start ... --from-model " + Answers.brief(session.getModel());
    }

    private static int released(SessionDetail session) {
        return session.getResultJson().isEmpty()
                ? session.getRounds()
                : Answers.parse(session.getResultJson()).path("rounds").asInt(session.getRounds());
    }

    private static String privacy(SessionDetail session) {
        if (session.getUnit().isEmpty()) {
            return "nothing spent yet";
        }
        if (session.getUnit().equals("none")) {
            return "none";
        }
        return "each " + session.getUnit() + ": "
                + (session.hasEpsilon()
                        ? "epsilon " + Console.epsilon(session.getEpsilon()) + " so far"
                        : "nothing spent yet")
                + (session.hasDelta() ? ", delta " + Console.delta(session.getDelta()) : "");
    }

    private static String row(SessionClient client) {
        return row(
                        client.getId(),
                        client.getState(),
                        client.getExamples() == 0 ? "-" : Console.number(client.getExamples(), 0),
                        client.getSteps() == 0 ? "-" : String.valueOf(client.getSteps()),
                        client.hasEpsilon() ? Console.epsilon(client.getEpsilon()) : "-",
                        client.hasDelta() ? Console.delta(client.getDelta()) : "-")
                + (client.getTenths() == 0 ? "" : "  " + 10 * client.getTenths() + "% of this round")
                + (client.getReason().isEmpty() ? "" : "  " + client.getReason());
    }

    private static String row(String id, String state, String examples, String steps, String epsilon, String delta) {
        return String.format(Locale.ROOT, "%-20s %-10s %10s %8s %10s %10s", id, state, examples, steps, epsilon, delta);
    }
}
