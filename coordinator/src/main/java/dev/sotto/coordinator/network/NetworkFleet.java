package dev.sotto.coordinator.network;

import com.google.protobuf.ByteString;
import dev.sotto.coordinator.session.Reach.Acceptance;
import dev.sotto.coordinator.session.Reach.Offer;
import dev.sotto.coordinator.session.Reach.RoundRules;
import dev.sotto.coordinator.session.RefusalKind;
import dev.sotto.federation.Aggregate;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.ClientReport;
import dev.sotto.federation.ClientReport.Refusal;
import dev.sotto.federation.Fleet;
import dev.sotto.federation.RoundTask;
import dev.sotto.wire.v1.TaskKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A session's clients, each behind a connection that comes and goes. */
final class NetworkFleet implements Fleet {
    private final Ground ground;
    private final Offer offer;
    private final RoundRules rules;
    private final Map<String, ClientProfile> roster = new LinkedHashMap<>();
    /** Who takes no part until it accepts again: no round is to wait for them. */
    private final Map<String, Withdrawal> withdrawals = new ConcurrentHashMap<>();

    private volatile Optional<OpenRound<?>> current = Optional.empty();

    NetworkFleet(Ground ground, Offer offer, List<Acceptance> roster, RoundRules rules) {
        this.ground = ground;
        this.offer = offer;
        this.rules = new RoundRules(
                rules.timeout(), rules.enough(), rules.mostUpdateBytes(), new SafeObserver(rules.observer()));
        roster.forEach(each -> this.roster.put(each.profile().id(), each.profile()));
    }

    private record Withdrawal(RefusalKind kind, Refusal refusal) {}

    RoundRules rules() {
        return rules;
    }

    boolean has(String client) {
        return roster.containsKey(client);
    }

    /** Whether the round that is open names this model. */
    boolean names(ByteString sha256) {
        return current.map(round -> round.order().names(sha256)).orElse(false);
    }

    /** A client has connected, or has the package now: it gets its task. */
    void ready(String client) {
        withdrawals.remove(client);
        current.ifPresent(round -> round.send(client));
    }

    /** A client takes no part in the round that is open, nor in those after it. */
    void withdrawn(String client, RefusalKind kind, Refusal refusal) {
        withdrawals.put(client, new Withdrawal(kind, refusal));
        current.ifPresent(round -> round.withdrawn(client, kind, refusal));
    }

    void refused(String client, int round, RefusalKind kind, String reason) {
        rules.observer().refused(client, round, kind, reason);
    }

    @Override
    public List<ClientProfile> clients() {
        return List.copyOf(roster.values());
    }

    @Override
    public Collected run(RoundTask task, List<String> cohort, Aggregate empty, ClientObserver observer) {
        RoundOrder order = RoundOrder.of(task, offer.session(), TaskKind.TRAIN, ground.blobs());
        TrainingRound round = new TrainingRound(ground, rules, order, empty, observer);
        Map<String, ClientReport> reports = answers(round, cohort);
        round.merge();
        return new Collected(empty, cohort.stream().map(reports::get).toList());
    }

    @Override
    public Map<String, Evaluated> evaluate(RoundTask task, List<String> cohort) {
        RoundOrder order = RoundOrder.of(task, offer.session(), TaskKind.EVALUATE, ground.blobs());
        Map<String, Optional<Evaluated>> found = answers(new EvaluationRound(ground, rules, order), cohort);
        Map<String, Evaluated> ordered = new LinkedHashMap<>();
        cohort.forEach(client -> found.get(client).ifPresent(each -> ordered.put(client, each)));
        return ordered;
    }

    private <T> Map<String, T> answers(OpenRound<T> round, List<String> cohort) {
        current = Optional.of(round);
        try {
            round.ask(cohort.stream().map(roster::get).toList());
            withdrawals.forEach((client, why) -> round.withdrawn(client, why.kind(), why.refusal()));
            return round.await();
        } finally {
            current = Optional.empty();
        }
    }

    /** Nothing: connections are the coordinator's, and serve its other sessions too. */
    @Override
    public void close() {}
}
