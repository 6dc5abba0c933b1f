package dev.sotto.coordinator.session;

import dev.sotto.coordinator.session.Reach.Acceptance;
import dev.sotto.coordinator.session.Reach.Answered;
import dev.sotto.coordinator.store.Answer;
import dev.sotto.coordinator.store.Database;
import dev.sotto.coordinator.store.Lease;
import dev.sotto.coordinator.store.Participant;
import dev.sotto.coordinator.store.Session;
import dev.sotto.coordinator.store.SessionState;
import dev.sotto.coordinator.store.Sessions;
import dev.sotto.federation.FederationState;
import dev.sotto.federation.RoundRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Sessions in the database, in the terms of those who run and show them. Thread-safe. */
final class SessionRecords {
    private static final String SYSTEM = "coordinator";

    private final Database database;

    SessionRecords(Database database) {
        this.database = database;
    }

    Database database() {
        return database;
    }

    String create(String actor, SessionPackages.Prepared prepared, SessionSettings settings) {
        return database.sessions()
                .create(
                        new Sessions.Draft(
                                prepared.name(),
                                prepared.digest(),
                                SettingsJson.write(settings),
                                prepared.rounds(),
                                prepared.initial(),
                                settings.seed()),
                        actor);
    }

    Optional<SavedSession> find(String id) {
        return database.sessions().find(id).map(this::saved);
    }

    SavedSession load(String id) {
        return find(id).orElseThrow(() -> new IllegalStateException("there is no session " + id));
    }

    private SavedSession saved(Session session) {
        List<Acceptance> roster = database.sessions().roster(session.id()).stream()
                .map(each ->
                        new Acceptance(each.profile(), each.heldOut(), each.epsilon(), each.delta(), each.seeded()))
                .toList();
        return new SavedSession(
                session.id(),
                session.name(),
                session.state(),
                text(session.reason()),
                session.packageDigest(),
                session.plannedRounds(),
                SettingsJson.read(session.settings(), session.seed()),
                roster,
                database.sessions().interrupted(session.id()),
                session.created(),
                session.ended());
    }

    private static Optional<String> text(String text) {
        return Optional.of(text).filter(some -> !some.isEmpty());
    }

    List<String> unfinished() {
        return database.sessions().unfinished();
    }

    /** Whether somebody, perhaps at another process, wants the session to stop. */
    boolean stopping(String id) {
        return database.sessions()
                .find(id)
                .map(session -> session.state() == SessionState.STOPPING)
                .orElse(false);
    }

    void answered(Lease lease, Answered answer) {
        database.sessions().answered(lease, new Answer(answer.client(), answer.decision(), answer.reason()));
    }

    List<Answer> answers(String id) {
        return database.sessions().answers(id);
    }

    void running(Lease lease, List<Acceptance> roster) {
        database.sessions()
                .run(
                        lease,
                        roster.stream()
                                .map(each -> new Participant(
                                        each.profile(), each.heldOut(), each.epsilon(), each.delta(), each.seeded()))
                                .toList());
    }

    void ready(Lease lease, FederationState state) {
        database.sessions().ready(lease, state);
    }

    List<RoundRecord> history(String id) {
        return database.sessions().rounds(id);
    }

    void begins(Lease lease, int round, List<String> cohort) {
        database.sessions().beginRound(lease, round, cohort);
    }

    void finished(Lease lease, RoundRecord record, FederationState state, Standing standing) {
        database.sessions().commitRound(lease, record, state, Exact.text(standing));
    }

    /** The last thing that is said of a session; what a run prints as JSON, if there is anything to print, goes with it. */
    void ended(Lease lease, SessionState state, Optional<String> reason, Optional<String> result) {
        result.ifPresent(json -> database.sessions().result(lease, json));
        database.sessions().end(lease, state, reason.orElse(""));
    }

    void stop(String actor, String id, String reason) {
        database.sessions().stop(id, reason, actor);
    }

    void resume(String actor, String id) {
        database.sessions().resume(id, actor);
    }

    void refused(String id, String client, int round, String reason) {
        database.audit().append(client, "update refused", id, "round " + round + ": " + reason);
    }

    void log(String id, String client, String line) {
        database.log().say(id, client, List.of(line));
    }

    /** Notes something that happened. */
    void event(String id, String kind, String text) {
        database.log().event(id, kind, text);
    }

    /** The system's own doings, such as that it goes on with a session. */
    void audit(String action, String id, String detail) {
        database.audit().append(SYSTEM, action, id, detail);
    }

    List<SessionView> views() {
        return database.sessions().list().stream().map(this::view).toList();
    }

    Optional<SessionView> view(String id) {
        return database.sessions().find(id).map(this::view);
    }

    private SessionView view(Session session) {
        Standing standing =
                session.standing().isEmpty() ? Standing.NONE : Exact.parse(session.standing(), Standing.class);
        return new SessionView(
                session.id(),
                session.name(),
                session.state(),
                text(session.reason()),
                session.rounds(),
                session.plannedRounds(),
                standing.accuracy(),
                standing.loss(),
                standing.epsilon(),
                standing.delta(),
                standing.unit(),
                session.packageDigest(),
                session.model(),
                session.created(),
                session.ended(),
                members(session.id(), standing.members()),
                text(session.result()));
    }

    private List<SessionView.Member> members(String id, Map<String, Standing.Member> standing) {
        List<SessionView.Member> members = new ArrayList<>();
        for (Answer answer : answers(id)) {
            Standing.Member own = standing.getOrDefault(
                    answer.client(), new Standing.Member(0, 0, OptionalDouble.empty(), OptionalDouble.empty()));
            members.add(new SessionView.Member(
                    answer.client(),
                    own.examples(),
                    own.steps(),
                    own.epsilon(),
                    own.delta(),
                    answer.decision().word(),
                    answer.reason(),
                    0));
        }
        return members;
    }
}
