package dev.sotto.coordinator.network;

import com.google.protobuf.ByteString;
import dev.sotto.coordinator.session.Reach;
import dev.sotto.coordinator.session.RefusalKind;
import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.ClientReport.Refusal;
import dev.sotto.federation.Fleet;
import dev.sotto.wire.Evaluations;
import dev.sotto.wire.v1.Answer;
import dev.sotto.wire.v1.Evaluated;
import dev.sotto.wire.v1.Hello;
import dev.sotto.wire.v1.Progress;
import dev.sotto.wire.v1.SessionOver;
import dev.sotto.wire.v1.TaskRefused;
import dev.sotto.wire.v1.ToNode;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Sessions and the nodes that are connected, brought together. Sessions' threads wait here; the network's threads do not.
 * After each connection a node is told again what it needs to know: offers it has not accepted, its open tasks, and the ends
 * it has missed.
 */
final class NetworkReach implements Reach {
    private static final int MOST_REMEMBERED = 1000;

    private final Ground ground;
    private final Refusals refusals;
    private final Seen seen;
    private final Map<String, Hosted> hosted = new ConcurrentHashMap<>();
    private final Map<String, String> endings = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    NetworkReach(Ground ground, Refusals refusals, Seen seen) {
        this.ground = ground;
        this.refusals = refusals;
        this.seen = seen;
    }

    Ground ground() {
        return ground;
    }

    @Override
    public Set<String> connected() {
        return ground.connections().clients();
    }

    @Override
    public List<Acceptance> gather(Offer offer, int wanted, int least, Duration timeout, Consumer<Answered> heard)
            throws InterruptedException {
        Gathering gathering = new Gathering(wanted, heard);
        ask(offer, gathering);
        return gathering.await(timeout);
    }

    @Override
    public List<Acceptance> gatherAgain(Offer offer, int wanted, Duration timeout, Consumer<Answered> heard)
            throws InterruptedException {
        Gathering gathering = new Gathering(wanted, offer.only().size(), heard);
        ask(offer, gathering);
        offer.only().stream()
                .filter(client -> ground.connections().of(client).isEmpty()
                        && ground.gate().signingKey(client).isEmpty())
                .forEach(client -> gathering.refuses(client, "it was revoked"));
        return gathering.await(timeout);
    }

    private void ask(Offer offer, Gathering gathering) {
        Hosted own = new Hosted(offer, Optional.of(gathering), Optional.empty());
        hosted.put(offer.session(), own);
        goesOn(offer.session());
        ground.connections().all().stream()
                .filter(connection -> own.asks(connection.client()))
                .forEach(connection -> connection.send(own.message()));
    }

    /** Whatever became of it before: nobody who connects is told that it is over. */
    private void goesOn(String session) {
        synchronized (endings) {
            endings.remove(session);
        }
    }

    @Override
    public Fleet fleet(Offer offer, List<Acceptance> roster, RoundRules rules) {
        NetworkFleet fleet = new NetworkFleet(ground, offer, roster, rules);
        Hosted own = new Hosted(offer, Optional.empty(), Optional.of(fleet));
        hosted.put(offer.session(), own);
        goesOn(offer.session());
        for (Connection connection : ground.connections().all()) {
            boolean has = connection.isReady(offer.session());
            if (fleet.has(connection.client()) && !has) {
                connection.send(own.message());
            } else if (!fleet.has(connection.client()) && has) {
                leave(connection, offer.session(), "it goes on without this client");
            }
        }
        return fleet;
    }

    @Override
    public void over(String session, String ending) {
        synchronized (endings) {
            endings.put(session, ending);
        }
        Optional<Hosted> own = Optional.ofNullable(hosted.remove(session));
        ground.connections().all().stream()
                .filter(connection -> connection.isReady(session)
                        || own.filter(each -> each.asks(connection.client())).isPresent())
                .forEach(connection -> leave(connection, session, ending));
    }

    /** The node forgets the session: should it go on after all, it must be offered again before there are tasks. */
    private static void leave(Connection connection, String session, String ending) {
        connection.notReady(session);
        connection.send(farewell(session, ending));
    }

    private static ToNode farewell(String session, String ending) {
        return ToNode.newBuilder()
                .setOver(SessionOver.newBuilder().setSession(session).setEnding(ending))
                .build();
    }

    private Optional<String> ending(String session) {
        synchronized (endings) {
            return Optional.ofNullable(endings.get(session));
        }
    }

    /** A node has connected and said which sessions it knows. */
    void entered(Connection connection, Hello hello) {
        Set<String> known = Set.copyOf(hello.getSessionsList());
        String client = connection.client();
        for (Hosted own : hosted.values()) {
            if (own.asks(client)
                    && known.contains(own.offer().session())
                    && own.fleet().isPresent()) {
                connection.ready(own.offer().session());
            }
        }
        connection.runs(hello.getVersion());
        ground.connections().enter(connection);
        seen.note(connection);
        for (String session : known) {
            ending(session).ifPresent(ending -> connection.send(farewell(session, ending)));
        }
        // After it has entered, so that what begins in between is neither missed nor, for long, unsaid.
        for (Hosted own : hosted.values()) {
            if (own.asks(client)) {
                if (connection.isReady(own.offer().session())) {
                    own.fleet().ifPresent(fleet -> fleet.ready(client));
                } else {
                    connection.send(own.message());
                }
            }
        }
    }

    void left(Connection connection) {
        if (ground.connections().leave(connection)) {
            seen.note(connection);
        }
    }

    /** A node answers an offer. */
    void answered(Connection connection, Answer answer) {
        String session = answer.getSession();
        String client = connection.client();
        Optional<Hosted> own = Optional.ofNullable(hosted.get(session)).filter(each -> each.asks(client));
        if (own.isEmpty()) {
            if (answer.hasAccepted()) {
                connection.send(farewell(session, ending(session).orElse("it goes on without this client")));
            }
            return;
        }
        Optional<Gathering> gathering = own.get().gathering();
        switch (answer.getDecisionCase()) {
            case ACCEPTED -> {
                try {
                    Acceptance acceptance = Answers.acceptance(client, answer.getAccepted());
                    connection.ready(session);
                    gathering.ifPresent(each -> each.accepts(acceptance));
                    own.get().fleet().ifPresent(fleet -> fleet.ready(client));
                } catch (IllegalArgumentException e) {
                    refusals.note(client, "answer.refused", "session " + session, e.getMessage());
                    gathering.ifPresent(each -> each.refuses(client, e.getMessage()));
                }
            }
            case REFUSED -> {
                Refusal refusal = Answers.refusal(answer.getRefused());
                gathering.ifPresent(each -> each.refuses(client, refusal.message()));
                own.get()
                        .fleet()
                        .ifPresent(fleet -> fleet.withdrawn(client, Answers.kind(answer.getRefused()), refusal));
            }
            default -> gathering.ifPresent(each -> each.waits(client));
        }
    }

    /** A node takes no part in a task. */
    void refused(String client, TaskRefused refused) {
        open(client, refused.getTask()).ifPresent(task -> {
            OptionalDouble epsilon = OptionalDouble.empty();
            try {
                epsilon = refused.hasEpsilon() ? Evaluations.epsilon(refused.getEpsilon()) : epsilon;
            } catch (IllegalArgumentException e) {
                refusals.note(
                        client, "answer.refused", "session " + task.round().session(), e.getMessage());
            }
            Refusal refusal = Answers.refusal(refused.getRefusal());
            task.round()
                    .failed(
                            task,
                            Answers.kind(refused.getRefusal()),
                            refusal,
                            epsilon,
                            Answers.passes(refused.getRefusal()));
        });
    }

    /** A node has evaluated. */
    void evaluated(String client, Evaluated evaluated) {
        open(client, evaluated.getTask()).ifPresent(task -> {
            if (task.round() instanceof EvaluationRound round) {
                try {
                    round.evaluated(task, Evaluations.from(evaluated));
                } catch (IllegalArgumentException e) {
                    refusals.note(client, "answer.refused", "session " + round.session(), e.getMessage());
                    round.failed(task, RefusalKind.CLAIMS, new Refusal(Reason.FAILED, e.getMessage()));
                }
            }
        });
    }

    /** A node has come so far with a task. */
    void progressed(String client, Progress progress) {
        int tenths = progress.getTenths();
        if (tenths >= 1 && tenths <= 10) {
            open(client, progress.getTask()).ifPresent(task -> task.round().progressed(task, tenths));
        }
    }

    private Optional<OpenTask> open(String client, String task) {
        return ground.book().open(task).filter(each -> each.client().id().equals(client));
    }

    /** Hands a client's line to its session. */
    void log(String session, String client, String line) {
        fleetOf(session, client).ifPresent(fleet -> fleet.rules().observer().log(client, line));
    }

    /** Tells a session that something of a client's was refused. */
    void refused(String session, String client, int round, RefusalKind kind, String reason) {
        fleetOf(session, client)
                .ifPresentOrElse(fleet -> fleet.refused(client, round, kind, reason), () -> ground.meter()
                        .refused(kind));
    }

    private Optional<NetworkFleet> fleetOf(String session, String client) {
        return Optional.ofNullable(hosted.get(session)).flatMap(Hosted::fleet).filter(fleet -> fleet.has(client));
    }

    /** A client was revoked: nothing waits for it any more. */
    void revoked(String client) {
        // First: a round that asks it from now on finds it gone, and asks the gate; one that has asked it hears of it
        // below.
        ground.connections().forget(client).ifPresent(seen::note);
        for (Hosted own : hosted.values()) {
            if (own.asks(client)) {
                own.gathering().ifPresent(each -> each.refuses(client, "it was revoked"));
                own.fleet()
                        .ifPresent(each -> each.withdrawn(
                                client,
                                RefusalKind.REVOKED,
                                new Refusal(Reason.FAILED, "client " + client + " was revoked")));
            }
        }
    }

    /** Whether something that a client is asked names that blob. */
    boolean mayRead(String client, ByteString sha256) {
        return hosted.values().stream().anyMatch(own -> own.asks(client) && own.names(sha256));
    }
}
