package dev.sotto.coordinator.store;

import dev.sotto.coordinator.store.Model.Origin;
import dev.sotto.coordinator.store.Transactions.Writing;
import dev.sotto.federation.FederationState;
import dev.sotto.federation.Interrupted;
import dev.sotto.federation.Interrupted.Begun;
import dev.sotto.federation.RoundRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The rounds of sessions: each is begun, perhaps several times, and then committed, once. Files are written before the
 * transaction that names them, and removed after the one that does not any more.
 */
final class Rounds {
    private final Transactions transactions;
    private final Models models;
    private final StateFolder states;

    Rounds(Transactions transactions, Models models, StateFolder states) {
        this.transactions = transactions;
        this.models = models;
        this.states = states;
    }

    private record State(int round, long epoch, byte[] sha256) {}

    void ready(Lease lease, FederationState state) {
        if (transactions.read(handle -> state(handle, lease.session())).isPresent()) {
            return;
        }
        byte[] sha256 = states.put(lease, state);
        transactions.write(writing -> {
            requireRunning(writing, lease);
            name(writing, lease, state.round(), sha256);
            AuditLog.append(writing, "coordinator", "session ready", lease.session(), "");
            return null;
        });
        states.keepOnly(lease, sha256);
    }

    void begin(Lease lease, int round, List<String> cohort) {
        transactions.write(writing -> {
            requireRunning(writing, lease);
            requireNext(writing.handle(), lease.session(), round);
            int attempt = writing.handle()
                            .createQuery(
                                    "SELECT COUNT(*) FROM round_attempts WHERE session = :session AND round = :round")
                            .bind("session", lease.session())
                            .bind("round", round)
                            .mapTo(Integer.class)
                            .one()
                    + 1;
            writing.handle()
                    .execute(
                            "INSERT INTO round_attempts (session, round, attempt, cohort, begun) VALUES (?, ?, ?, ?, ?)",
                            lease.session(),
                            round,
                            attempt,
                            String.join(" ", cohort),
                            writing.now());
            AuditLog.append(
                    writing, "coordinator", "round begun", lease.session(), "round " + round + ", attempt " + attempt);
            return null;
        });
    }

    void commit(Lease lease, RoundRecord record, FederationState state, String standing) {
        if (record.round() != state.round()) {
            throw new IllegalArgumentException(
                    "record of round " + record.round() + " with the state after round " + state.round());
        }
        byte[] model = models.put(state.parameters());
        byte[] secret = states.put(lease, state);
        boolean fresh = transactions.write(writing -> {
            requireRunning(writing, lease);
            if (already(writing.handle(), lease.session(), record, model)) {
                return false;
            }
            requireNext(writing.handle(), lease.session(), record.round());
            requireBegun(writing.handle(), lease.session(), record.round());
            write(writing, lease, record, model, (long) Float.BYTES * state.parameters().length, standing);
            name(writing, lease, record.round(), secret);
            return true;
        });
        if (fresh) {
            states.keepOnly(lease, secret);
        }
    }

    private static void write(
            Writing writing, Lease lease, RoundRecord record, byte[] model, long size, String standing) {
        String session = lease.session();
        long parent = current(writing.handle(), session);
        boolean moved = !Arrays.equals(Models.of(writing.handle(), parent).sha256(), model);
        long number = moved
                ? Models.insert(writing, model, parent, session, record.round(), size, record.accuracy(), Origin.ROUND)
                : parent;
        writing.handle()
                .execute(
                        "INSERT INTO rounds (session, round, record, model, committed) VALUES (?, ?, ?, ?, ?)",
                        session,
                        record.round(),
                        StoredJson.write(record),
                        number,
                        writing.now());
        writing.handle().execute("UPDATE sessions SET standing = ? WHERE id = ?", standing, session);
        SessionLog.event(writing, session, "committed", "round " + record.round());
        AuditLog.append(
                writing,
                "coordinator",
                "round committed",
                session,
                "round " + record.round() + ", model " + Sha256.hex(model));
    }

    /** Whether just that is committed already: whoever tells of a round twice has not heard that it was heard. */
    private static boolean already(Handle handle, String session, RoundRecord record, byte[] model) {
        return handle.createQuery("SELECT r.record, m.sha256 FROM rounds r JOIN models m ON m.id = r.model"
                        + " WHERE r.session = :session AND r.round = :round")
                .bind("session", session)
                .bind("round", record.round())
                .map((row, context) -> {
                    if (row.getString("record").equals(StoredJson.write(record))
                            && row.getString("sha256").equals(Sha256.hex(model))) {
                        return true;
                    }
                    throw new IllegalStateException("round " + record.round() + " of session " + session
                            + " is committed already, with another result");
                })
                .findOne()
                .orElse(false);
    }

    private static void requireRunning(Writing writing, Lease lease) {
        Leases.require(writing, lease);
        SessionState now =
                Sessions.find(writing.handle(), lease.session()).orElseThrow().state();
        // A round that was on when somebody asked the session to stop comes to its end.
        if (now != SessionState.RUNNING && now != SessionState.STOPPING) {
            throw new IllegalStateException("session " + lease.session() + " is " + now.word() + " and runs no rounds");
        }
    }

    private static void requireNext(Handle handle, String session, int round) {
        int last = handle.createQuery("SELECT COALESCE(MAX(round), 0) FROM rounds WHERE session = :session")
                .bind("session", session)
                .mapTo(Integer.class)
                .one();
        if (round != last + 1) {
            throw new IllegalStateException(
                    "round " + round + " of session " + session + " is not its next, which is " + (last + 1));
        }
    }

    private static void requireBegun(Handle handle, String session, int round) {
        int attempts = handle.createQuery(
                        "SELECT COUNT(*) FROM round_attempts WHERE session = :session AND round = :round")
                .bind("session", session)
                .bind("round", round)
                .mapTo(Integer.class)
                .one();
        if (attempts == 0) {
            throw new IllegalStateException("round " + round + " of session " + session + " was never begun");
        }
    }

    /** Number of the model after the last committed round. */
    private static long current(Handle handle, String session) {
        return handle.createQuery("SELECT COALESCE((SELECT model FROM rounds WHERE session = :session"
                        + " ORDER BY round DESC LIMIT 1), (SELECT initial FROM sessions WHERE id = :session))")
                .bind("session", session)
                .mapTo(Long.class)
                .one();
    }

    private static void name(Writing writing, Lease lease, int round, byte[] sha256) {
        writing.handle()
                .createUpdate("INSERT INTO states (session, round, epoch, sha256)"
                        + " VALUES (:session, :round, :epoch, :sha256) ON CONFLICT (session)"
                        + " DO UPDATE SET round = :round, epoch = :epoch, sha256 = :sha256")
                .bind("session", lease.session())
                .bind("round", round)
                .bind("epoch", lease.epoch())
                .bind("sha256", Sha256.hex(sha256))
                .execute();
    }

    private static Optional<State> state(Handle handle, String session) {
        return handle.createQuery("SELECT * FROM states WHERE session = :session")
                .bind("session", session)
                .map((row, context) ->
                        new State(row.getInt("round"), row.getLong("epoch"), Sha256.parse(row.getString("sha256"))))
                .findOne();
    }

    static List<RoundRecord> records(Handle handle, String session) {
        return handle.createQuery("SELECT record FROM rounds WHERE session = :session ORDER BY round")
                .bind("session", session)
                .map((row, context) -> StoredJson.read(row.getString("record"), RoundRecord.class))
                .list();
    }

    private record Found(State state, byte[] model, List<RoundRecord> history, List<Begun> begun) {}

    Optional<Interrupted> interrupted(String session) {
        Optional<Found> found = transactions.read(handle -> state(handle, session)
                .map(state -> new Found(
                        state,
                        Models.of(handle, current(handle, session)).sha256(),
                        records(handle, session),
                        begun(handle, session, state.round()))));
        return found.map(there -> {
            State state = there.state();
            float[] parameters = models.parameters(there.model());
            return new Interrupted(
                    states.read(session, state.epoch(), state.sha256(), parameters), there.history(), there.begun());
        });
    }

    private static List<Begun> begun(Handle handle, String session, int after) {
        return handle.createQuery("SELECT round, cohort FROM round_attempts WHERE session = :session AND round > :after"
                        + " ORDER BY round, attempt")
                .bind("session", session)
                .bind("after", after)
                .map((row, context) -> new Begun(row.getInt("round"), cohort(row.getString("cohort"))))
                .list();
    }

    private static List<String> cohort(String ids) {
        return ids.isEmpty() ? List.of() : List.of(ids.split(" ", -1));
    }

    void forget(Lease lease) {
        transactions.write(writing -> {
            Leases.require(writing, lease);
            Session session = Sessions.find(writing.handle(), lease.session()).orElseThrow();
            if (!session.state().over() || session.state().resumable()) {
                throw new IllegalStateException("session " + session.id() + " is "
                        + session.state().word() + " and may need its state to go on");
            }
            return writing.handle().execute("DELETE FROM states WHERE session = ?", lease.session());
        });
        states.forget(lease.session());
    }
}
