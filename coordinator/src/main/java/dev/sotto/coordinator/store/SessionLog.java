package dev.sotto.coordinator.store;

import dev.sotto.coordinator.store.Transactions.Writing;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What happened in sessions, and what clients said while they worked. Thread-safe. */
public final class SessionLog {
    private static final int WORD = 100;
    private static final int LINE = 2_000;
    /** Lines that are kept for a client in a session: a node that talks without end fills no disk. */
    static final int MOST_LINES = 10_000;

    private final Transactions transactions;

    SessionLog(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Something that happened in a session.
     *
     * @param number within the session, from 1
     * @param kind one word
     * @param text one line
     */
    public record Event(long number, Instant time, String kind, String text) {}

    /**
     * What a client said.
     *
     * @param number of the client's lines in a session, from 1
     * @param line one line
     */
    public record Line(Instant time, String client, long number, String line) {}

    /** Notes that something happened. */
    public void event(String session, String kind, String text) {
        transactions.write(writing -> {
            event(writing, session, kind, text);
            return null;
        });
    }

    static void event(Writing writing, String session, String kind, String text) {
        writing.handle()
                .createUpdate(
                        "INSERT INTO events (session, number, millis, kind, text) VALUES (:session,"
                                + " (SELECT COALESCE(MAX(number), 0) + 1 FROM events WHERE session = :session), :now, :kind, :text)")
                .bind("session", session)
                .bind("now", writing.now())
                .bind("kind", OneLine.of(kind, WORD))
                .bind("text", OneLine.of(text, LINE))
                .execute();
    }

    /** Events after a number, oldest first; those after 0 are all. */
    public List<Event> events(String session, long after, int most) {
        return transactions.read(handle -> handle.createQuery("SELECT * FROM events"
                        + " WHERE session = :session AND number > :after ORDER BY number LIMIT :most")
                .bind("session", session)
                .bind("after", after)
                .bind("most", most)
                .map((row, context) -> new Event(
                        row.getLong("number"),
                        Instant.ofEpochMilli(row.getLong("millis")),
                        row.getString("kind"),
                        row.getString("text")))
                .list());
    }

    /** Keeps what a client said, and lets go of what it said long ago where it says too much. */
    public void say(String session, String client, List<String> lines) {
        if (lines.isEmpty()) {
            return;
        }
        transactions.write(writing -> {
            long last = writing.handle()
                    .createQuery("SELECT COALESCE(MAX(number), 0) FROM client_logs"
                            + " WHERE session = :session AND client = :client")
                    .bind("session", session)
                    .bind("client", client)
                    .mapTo(Long.class)
                    .one();
            for (String line : lines.subList(Math.max(0, lines.size() - MOST_LINES), lines.size())) {
                writing.handle()
                        .execute(
                                "INSERT INTO client_logs (session, client, number, millis, line) VALUES (?, ?, ?, ?, ?)",
                                session,
                                client,
                                ++last,
                                writing.now(),
                                OneLine.of(line, LINE));
            }
            return writing.handle()
                    .execute(
                            "DELETE FROM client_logs WHERE session = ? AND client = ? AND number <= ?",
                            session,
                            client,
                            last - MOST_LINES);
        });
    }

    /**
     * What clients said in a session, in the order of time.
     *
     * @param client whose lines; empty for everybody's
     * @param since the first moment whose lines are wanted
     * @param after the line that those wanted come after; empty to begin with the first
     * @param most lines
     */
    public List<Line> lines(String session, Optional<String> client, Instant since, Optional<Line> after, int most) {
        return transactions.read(handle -> handle.createQuery("SELECT * FROM client_logs WHERE session = :session"
                        + " AND (:all = 1 OR client = :only) AND millis >= :since"
                        + " AND (millis, client, number) > (:millis, :client, :number)"
                        + " ORDER BY millis, client, number LIMIT :most")
                .bind("session", session)
                .bind("all", client.isEmpty() ? 1 : 0)
                .bind("only", client.orElse(""))
                .bind("since", since.toEpochMilli())
                .bind("millis", after.map(line -> line.time().toEpochMilli()).orElse(-1L))
                .bind("client", after.map(Line::client).orElse(""))
                .bind("number", after.map(Line::number).orElse(0L))
                .bind("most", most)
                .map((row, context) -> new Line(
                        Instant.ofEpochMilli(row.getLong("millis")),
                        row.getString("client"),
                        row.getLong("number"),
                        row.getString("line")))
                .list());
    }
}
