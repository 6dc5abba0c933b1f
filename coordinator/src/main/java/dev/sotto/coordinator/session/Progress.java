package dev.sotto.coordinator.session;

import dev.sotto.coordinator.session.Reach.Acceptance;
import dev.sotto.federation.ClientPrivacy;
import dev.sotto.federation.ClientReport;
import dev.sotto.federation.Plan;
import dev.sotto.federation.RoundRecord;
import dev.sotto.learning.Loss;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.PrivacyUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Adds rounds up to how a session stands. One thread at a time. */
final class Progress {
    private final boolean classes;
    private final boolean protectsClients;
    private final boolean sizes;
    private final String unit;
    private final OptionalDouble delta;
    private final Map<String, Standing.Member> members = new LinkedHashMap<>();
    private int rounds;
    private OptionalDouble accuracy = OptionalDouble.empty();
    private OptionalDouble loss = OptionalDouble.empty();
    private OptionalDouble epsilon = OptionalDouble.empty();

    Progress(Plan plan, List<Acceptance> roster) {
        this.classes = plan.model().loss() == Loss.CROSS_ENTROPY;
        this.protectsClients = plan.clientLevel().isPresent();
        this.sizes = sizesAreTold(plan);
        this.unit = protectsClients
                ? PrivacyUnit.CLIENT.label()
                : plan.privacy().isPresent() ? PrivacyUnit.EXAMPLE.label() : "none";
        if (!protectsClients) {
            Map<Integer, OptionalDouble> deltas = new HashMap<>();
            roster.forEach(client -> members.put(
                    client.profile().id(),
                    new Standing.Member(
                            sizes ? client.profile().examples() : 0,
                            0,
                            OptionalDouble.empty(),
                            deltas.computeIfAbsent(client.profile().examples(), count -> delta(plan, count)))));
        }
        this.delta = plan.clientLevel()
                .map(own -> OptionalDouble.of(own.delta().value()))
                .orElseGet(() -> members.values().stream()
                        .flatMapToDouble(member -> member.delta().stream())
                        .max());
    }

    /** Whether how many examples a client has is public. */
    static boolean sizesAreTold(Plan plan) {
        return plan.privacy()
                .map(own -> own.relation() != NeighbouringRelation.ADD_OR_REMOVE_ONE)
                .orElse(true);
    }

    private static OptionalDouble delta(Plan plan, int examples) {
        return plan.clientPrivacy(examples)
                .map(ClientPrivacy::delta)
                .map(own -> OptionalDouble.of(own.value()))
                .orElse(OptionalDouble.empty());
    }

    void goOn(List<RoundRecord> history) {
        history.forEach(this::add);
    }

    void add(RoundRecord record) {
        rounds++;
        if (record.accuracy().isPresent() && classes) {
            accuracy = finite(record.accuracy());
        }
        if (record.loss().isPresent()) {
            loss = finite(record.loss());
        }
        OptionalDouble spent = protectsClients
                ? record.clientLevel()
                        .map(RoundRecord.ClientLevelRound::epsilon)
                        .orElse(OptionalDouble.empty())
                : record.epsilon();
        if (spent.isPresent()) {
            epsilon = finite(spent);
        }
        record.reports().forEach(this::add);
    }

    private void add(ClientReport report) {
        members.computeIfPresent(
                report.client(),
                (id, member) -> new Standing.Member(
                        member.examples(),
                        member.steps() + report.steps(),
                        report.epsilon().isPresent() ? finite(report.epsilon()) : member.epsilon(),
                        member.delta()));
    }

    private static OptionalDouble finite(OptionalDouble value) {
        return Double.isFinite(value.orElse(Double.NaN)) ? value : OptionalDouble.empty();
    }

    Standing standing() {
        return new Standing(rounds, accuracy, loss, epsilon, delta, unit, members);
    }
}
