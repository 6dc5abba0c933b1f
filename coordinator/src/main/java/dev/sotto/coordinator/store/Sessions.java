package dev.sotto.coordinator.store;

import dev.sotto.coordinator.store.Transactions.Writing;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.FederationState;
import dev.sotto.federation.Interrupted;
import dev.sotto.federation.RoundRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Sessions and their rounds. Whoever runs a session says so with its {@link Lease}; if that is lost, nothing is written and
 * {@link LeaseLostException} is thrown. All else that does not fit the state is an {@link IllegalStateException} of one line.
 * What a method has written survives a crash. Thread-safe, also across processes.
 */
public final class Sessions {
    private static final String COORDINATOR = "coordinator";
    private static final int NAME = 200;
    private static final int REASON = 2_000;
    private static final Set<SessionState> GOING_ON =
            Set.of(SessionState.GATHERING, SessionState.RUNNING, SessionState.STOPPING);
    private static final String SELECT = """
            SELECT s.*,
                (SELECT COUNT(*) FROM rounds r WHERE r.session = s.id) AS committed,
                (SELECT m.sha256 FROM models m WHERE m.id = COALESCE(
                    (SELECT r.model FROM rounds r WHERE r.session = s.id ORDER BY r.round DESC LIMIT 1), s.initial))
                    AS model
            FROM sessions s
            """;

    private final Transactions transactions;
    private final Rounds rounds;

    Sessions(Transactions transactions, Models models, StateFolder states) {
        this.transactions = transactions;
        this.rounds = new Rounds(transactions, models, states);
    }

    /**
     * A session to be.
     *
     * @param packageDigest of a package that is among the blobs
     * @param initial digest of a model that {@link Models} knows
     */
    public record Draft(
            String name, byte[] packageDigest, String settings, int rounds, byte[] initial, OptionalLong seed) {}

    /** Notes that a session begins to gather clients, and says its id. */
    public String create(Draft draft, String actor) {
        String id = SessionIds.next();
        transactions.write(writing -> {
            Model initial = Models.find(writing.handle(), draft.initial())
                    .orElseThrow(() -> new IllegalStateException("there is no model " + Sha256.hex(draft.initial())));
            writing.handle()
                    .createUpdate(
                            "INSERT INTO sessions (id, name, package, settings, rounds, initial, state, seed, created)"
                                    + " VALUES (:id, :name, :package, :settings, :rounds, :initial, 'gathering', :seed, :now)")
                    .bind("id", id)
                    .bind("name", OneLine.of(draft.name(), NAME))
                    .bind("package", Sha256.hex(draft.packageDigest()))
                    .bind("settings", draft.settings())
                    .bind("rounds", draft.rounds())
                    .bind("initial", initial.number())
                    .bind("seed", Nullable.of(draft.seed()))
                    .bind("now", writing.now())
                    .execute();
            AuditLog.append(writing, actor, "session created", id, "package " + Sha256.hex(draft.packageDigest()));
            return null;
        });
        return id;
    }

    /** A session; empty if there is none of that id. */
    public Optional<Session> find(String id) {
        return transactions.read(handle -> find(handle, id));
    }

    static Optional<Session> find(Handle handle, String id) {
        return handle.createQuery(SELECT + "WHERE s.id = :id")
                .bind("id", id)
                .map((row, context) -> session(row))
                .findOne();
    }

    private static Session get(Writing writing, String id) {
        return find(writing.handle(), id).orElseThrow(() -> new IllegalStateException("there is no session " + id));
    }

    /** All sessions, the latest first. */
    public List<Session> list() {
        return transactions.read(handle -> handle.createQuery(SELECT + "ORDER BY s.created DESC, s.id")
                .map((row, context) -> session(row))
                .list());
    }

    /** Ids of the sessions that are not over, the oldest first. */
    public List<String> unfinished() {
        return transactions.read(
                handle -> handle.createQuery("SELECT id FROM sessions WHERE ended IS NULL ORDER BY created, id")
                        .mapTo(String.class)
                        .list());
    }

    /** Notes what a client said to the offer, in place of what it said before. */
    public void answered(Lease lease, Answer answer) {
        transactions.write(writing -> {
            Leases.require(writing, lease);
            writing.handle()
                    .createUpdate("INSERT INTO participants (session, client, state, reason)"
                            + " VALUES (:session, :client, :state, :reason)"
                            + " ON CONFLICT (session, client) DO UPDATE SET state = :state, reason = :reason")
                    .bind("session", lease.session())
                    .bind("client", answer.client())
                    .bind("state", answer.decision().word())
                    .bind("reason", OneLine.of(answer.reason(), REASON))
                    .execute();
            AuditLog.append(
                    writing, answer.client(), "offer " + answer.decision().word(), lease.session(), answer.reason());
            return null;
        });
    }

    /** What clients said last, sorted by id. */
    public List<Answer> answers(String session) {
        return transactions.read(handle -> handle.createQuery(
                        "SELECT client, state, reason FROM participants WHERE session = :session ORDER BY client")
                .bind("session", session)
                .map((row, context) -> new Answer(
                        row.getString("client"),
                        Answer.Decision.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                        row.getString("reason")))
                .list());
    }

    /** Fixes who takes part: the session runs from now on. */
    public void run(Lease lease, Collection<Participant> roster) {
        transactions.write(writing -> {
            Leases.require(writing, lease);
            change(writing, lease.session(), Set.of(SessionState.GATHERING), SessionState.RUNNING, "");
            for (Participant each : roster) {
                writing.handle()
                        .createUpdate("INSERT INTO roster (session, client, examples, held_out, epsilon, delta, seeded)"
                                + " VALUES (:session, :client, :examples, :heldOut, :epsilon, :delta, :seeded)")
                        .bind("session", lease.session())
                        .bind("client", each.profile().id())
                        .bind("examples", each.profile().examples())
                        .bind("heldOut", Nullable.of(each.heldOut()))
                        .bind("epsilon", Nullable.of(each.epsilon()))
                        .bind("delta", Nullable.of(each.delta()))
                        .bind("seeded", each.seeded() ? 1 : 0)
                        .execute();
            }
            AuditLog.append(writing, COORDINATOR, "session running", lease.session(), roster.size() + " clients");
            return null;
        });
    }

    /** Who takes part, sorted by id; nobody while the session gathers. */
    public List<Participant> roster(String session) {
        return transactions
                .read(handle -> handle.createQuery("SELECT * FROM roster WHERE session = :session")
                        .bind("session", session)
                        .map((row, context) -> new Participant(
                                new ClientProfile(row.getString("client"), row.getInt("examples")),
                                Nullable.integer(row, "held_out"),
                                Nullable.real(row, "epsilon"),
                                Nullable.real(row, "delta"),
                                row.getInt("seeded") == 1))
                        .list())
                .stream()
                // Not by the database: what comes first is a matter of its locale, and the order is part of the
                // algorithm.
                .sorted(Comparator.comparing(each -> each.profile().id()))
                .toList();
    }

    /** Keeps the state that rounds begin from; nothing happens if there is one, which then holds. */
    public void ready(Lease lease, FederationState state) {
        rounds.ready(lease, state);
    }

    /**
     * Notes that a round begins, or begins again after an interruption: data may be touched from now on.
     *
     * @param cohort who is asked; empty where that is a secret
     */
    public void beginRound(Lease lease, int round, List<String> cohort) {
        rounds.begin(lease, round, cohort);
    }

    /**
     * Commits a round that was begun, all of it or nothing: record, model, state, event and audit line. Doing so once more
     * with the same changes nothing.
     *
     * @param standing anything that the runner wants to keep with it
     * @throws IllegalStateException if the round was committed with another result, or is not the next
     */
    public void commitRound(Lease lease, RoundRecord record, FederationState state, String standing) {
        rounds.commit(lease, record, state, standing);
    }

    /** The committed rounds, in their order. */
    public List<RoundRecord> rounds(String session) {
        return transactions.read(handle -> Rounds.records(handle, session));
    }

    /**
     * What a session goes on from; empty before its first round was ready.
     *
     * @throws DamagedException if a file that the database names is not there or not as it was written
     */
    public Optional<Interrupted> interrupted(String session) {
        return rounds.interrupted(session);
    }

    /** Notes that somebody wants a session to stop; nothing happens if it is stopping already. */
    public void stop(String session, String reason, String actor) {
        transactions.write(writing -> {
            if (get(writing, session).state() != SessionState.STOPPING) {
                change(writing, session, GOING_ON, SessionState.STOPPING, reason);
                AuditLog.append(writing, actor, "session stopping", session, reason);
            }
            return null;
        });
    }

    /**
     * Notes that a session is over. Its secret state stays, for {@link #resume} and reports, until {@link #forget}.
     *
     * @param state one that is over
     */
    public void end(Lease lease, SessionState state, String reason) {
        if (!state.over()) {
            throw new IllegalArgumentException("a session does not end by " + state.word());
        }
        transactions.write(writing -> {
            Leases.require(writing, lease);
            change(writing, lease.session(), GOING_ON, state, reason);
            AuditLog.append(writing, COORDINATOR, "session " + state.word(), lease.session(), reason);
            return null;
        });
    }

    /** Keeps what its runner has to say about a session that is over. */
    public void result(Lease lease, String result) {
        transactions.write(writing -> {
            Leases.require(writing, lease);
            return writing.handle().execute("UPDATE sessions SET result = ? WHERE id = ?", result, lease.session());
        });
    }

    /** Has a session that was stopped or has failed go on from where it was. */
    public void resume(String session, String actor) {
        transactions.write(writing -> {
            Session now = get(writing, session);
            boolean ran = writing.handle()
                            .createQuery("SELECT COUNT(*) FROM roster WHERE session = :session")
                            .bind("session", session)
                            .mapTo(Integer.class)
                            .one()
                    > 0;
            if (!now.state().resumable()) {
                throw new IllegalStateException("session " + session + " is "
                        + now.state().word() + "; only one that was stopped or has failed can go on");
            }
            SessionState next = ran ? SessionState.RUNNING : SessionState.GATHERING;
            change(writing, session, Set.of(now.state()), next, "");
            AuditLog.append(writing, actor, "session resumed", session, "");
            return null;
        });
    }

    /** Removes the secret state of a session that can never go on, and whose report is written. */
    public void forget(Lease lease) {
        rounds.forget(lease);
    }

    private static void change(
            Writing writing, String session, Set<SessionState> from, SessionState to, String reason) {
        SessionState now = get(writing, session).state();
        if (!from.contains(now)) {
            throw new IllegalStateException("session " + session + " is " + now.word() + " and cannot be " + to.word());
        }
        writing.handle()
                .createUpdate("UPDATE sessions SET state = :state, reason = :reason, ended = :ended WHERE id = :id")
                .bind("state", to.word())
                .bind("reason", OneLine.of(reason, REASON))
                .bind("ended", to.over() ? writing.now() : null)
                .bind("id", session)
                .execute();
        SessionLog.event(writing, session, to.word(), reason);
    }

    private static Session session(ResultSet row) throws SQLException {
        return new Session(
                row.getString("id"),
                row.getString("name"),
                Sha256.parse(row.getString("package")),
                row.getString("settings"),
                row.getInt("rounds"),
                row.getInt("committed"),
                SessionState.of(row.getString("state")).orElseThrow(),
                row.getString("reason"),
                Nullable.wide(row, "seed"),
                Sha256.parse(row.getString("model")),
                row.getString("standing"),
                row.getString("result"),
                Instant.ofEpochMilli(row.getLong("created")),
                Nullable.time(row, "ended"));
    }
}
