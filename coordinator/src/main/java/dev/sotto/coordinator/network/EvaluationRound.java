package dev.sotto.coordinator.network;

import dev.sotto.coordinator.session.Reach.RoundRules;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.ClientReport.Refusal;
import dev.sotto.federation.Fleet;
import java.util.Optional;
import java.util.OptionalDouble;

/** Clients evaluate a model on what they held out. */
final class EvaluationRound extends OpenRound<Optional<Fleet.Evaluated>> {
    EvaluationRound(Ground ground, RoundRules rules, RoundOrder order) {
        super(ground, rules, order);
    }

    void evaluated(OpenTask task, Optional<Fleet.Evaluated> found) {
        settle(task, found, "it was answered before");
    }

    @Override
    Optional<Fleet.Evaluated> absent(ClientProfile client, OptionalDouble epsilon, Refusal refusal) {
        return Optional.empty();
    }

    @Override
    boolean enough() {
        return false;
    }

    @Override
    void heard(Optional<Fleet.Evaluated> outcome) {}
}
