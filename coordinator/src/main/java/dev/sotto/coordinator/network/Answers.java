package dev.sotto.coordinator.network;

import dev.sotto.coordinator.session.Reach.Acceptance;
import dev.sotto.coordinator.session.RefusalKind;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.ClientReport;
import dev.sotto.wire.Evaluations;
import dev.sotto.wire.v1.Accepted;
import dev.sotto.wire.v1.Reason;
import dev.sotto.wire.v1.Refusal;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** What nodes say, held to what can be. */
final class Answers {
    private Answers() {}

    /** An acceptance; an {@link IllegalArgumentException} says in one line what cannot be. */
    static Acceptance acceptance(String client, Accepted accepted) {
        if (accepted.getHeldOut() < 0) {
            throw new IllegalArgumentException(
                    "it claims to hold out " + Integer.toUnsignedString(accepted.getHeldOut()) + " examples");
        }
        double delta = accepted.getDelta();
        if (accepted.hasDelta() && !(delta >= 0 && delta <= 1)) {
            throw new IllegalArgumentException("it claims a delta of " + delta);
        }
        return new Acceptance(
                new ClientProfile(client, accepted.getExamples()),
                accepted.getHeldOut() == 0 ? OptionalInt.empty() : OptionalInt.of(accepted.getHeldOut()),
                accepted.hasEpsilon() ? Evaluations.epsilon(accepted.getEpsilon()) : OptionalDouble.empty(),
                accepted.hasDelta() ? OptionalDouble.of(delta) : OptionalDouble.empty(),
                accepted.getSeeded());
    }

    /** A refusal as the federation knows it. */
    static ClientReport.Refusal refusal(Refusal refusal) {
        ClientReport.Reason reason =
                switch (refusal.getReason()) {
                    case BUDGET -> ClientReport.Reason.BUDGET;
                    case DIVERGED -> ClientReport.Reason.DIVERGED;
                    default -> ClientReport.Reason.FAILED;
                };
        String message = Refusals.line(refusal.getMessage());
        return new ClientReport.Refusal(
                reason, message.isEmpty() ? refusal.getReason().name() : message);
    }

    /** Whose refusal it is. */
    static RefusalKind kind(Refusal refusal) {
        return refusal.getReason() == Reason.POLICY ? RefusalKind.OWNER : RefusalKind.CLIENT;
    }

    /** Whether what hinders the client may pass, so that asking again makes sense. */
    static boolean passes(Refusal refusal) {
        return refusal.getReason() == Reason.FAILED || refusal.getReason() == Reason.BUSY;
    }
}
