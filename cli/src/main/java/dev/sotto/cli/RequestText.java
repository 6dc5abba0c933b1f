package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.owner.Owner;
import dev.sotto.owner.ledger.Foreseen;
import dev.sotto.owner.request.ApprovalLimits;
import dev.sotto.owner.request.Asked;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import java.util.Optional;
import java.util.OptionalDouble;

/** Requests for people and for programs. */
final class RequestText {
    private RequestText() {}

    /** What was decided, as a sentence goes on. */
    static String state(Owner owner, Request request) {
        Decision decision = owner.requests().decision(request);
        if (!(decision instanceof Decision.Pending open)) {
            return decision.word();
        }
        return owner.requests().ending(request).isPresent()
                ? "its session was over before you decided"
                : "waiting for your decision"
                        + (open.lapsed().isPresent() ? "; your policy's approval of it no longer holds" : "");
    }

    /** Who and what, and what was decided. */
    static ObjectNode json(Owner owner, Request request) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        Decision decision = owner.requests().decision(request);
        node.put("id", request.id()).put("state", decision.word());
        node.put("reason", reason(decision).orElse(null));
        node.put("coordinator", request.key().coordinator())
                .put("session", request.key().session())
                .put("authority", request.authority())
                .put("client", request.client())
                .put("dataSet", request.dataSet())
                .put("package", request.packageDigest())
                .put("clients", request.clients())
                .put("arrived", request.arrived().toString());
        node.put(
                "lapsed",
                decision instanceof Decision.Pending open && open.lapsed().isPresent());
        approval(decision)
                .ifPresentOrElse(limits -> limits(limits, node.putObject("approval")), () -> node.putNull("approval"));
        node.put("ended", owner.requests().ending(request).orElse(null));
        return node;
    }

    private static Optional<String> reason(Decision decision) {
        if (decision instanceof Decision.Rejected rejected) {
            return Optional.of(rejected.reason());
        }
        return decision instanceof Decision.Revoked revoked ? Optional.of(revoked.reason()) : Optional.empty();
    }

    private static Optional<ApprovalLimits> approval(Decision decision) {
        if (decision instanceof Decision.Approved approved) {
            return Optional.of(approved.approval().limits());
        }
        return decision instanceof Decision.Expired expired
                ? Optional.of(expired.approval().limits())
                : Optional.empty();
    }

    static void limits(ApprovalLimits limits, ObjectNode into) {
        into.put("rounds", limits.rounds());
        into.put("epsilon", limits.epsilon().map(most -> most.value()).orElse(null));
        into.put("expires", limits.expires().toString());
    }

    /** What is asked, in numbers. */
    static void asked(Asked asked, ObjectNode into) {
        into.put("name", asked.agreed().plan().name())
                .put("model", asked.agreed().plan().model().name())
                .put("parameters", asked.parameters())
                .put("signer", asked.signer())
                .put("rounds", asked.rounds())
                .put("steps", asked.plannedSteps())
                .put("examples", asked.examples())
                .put("heldOut", asked.heldOut())
                .put("updateBytes", asked.updateBytes());
        ObjectNode privacy = into.putObject("privacy");
        boolean example = asked.agreed().privacy().isPresent();
        boolean client = asked.agreed().clientLevel().isPresent();
        privacy.put("unit", client ? "client" : example ? "example" : "none");
        put(privacy, "exampleEpsilon", example || client ? asked.exampleEpsilon() : OptionalDouble.empty());
        put(privacy, "clientEpsilon", asked.clientEpsilon());
        privacy.put("delta", example || client ? (Double) asked.agreed().delta().value() : null);
        privacy.put(
                "noise",
                example
                        ? "node"
                        : asked.agreed()
                                .clientLevel()
                                .map(own -> own.asked().noise().label())
                                .orElse("none"));
        Foreseen foreseen = asked.ledger();
        ObjectNode ledger = into.putObject("ledger");
        put(ledger, "now", foreseen.spent().now());
        put(ledger, "after", foreseen.spent().after());
        put(ledger, "countedNow", foreseen.counted().now());
        put(ledger, "countedAfter", foreseen.counted().after());
        ledger.put(
                "limit", foreseen.limit().map(limit -> limit.epsilon().value()).orElse(null));
        ledger.put("delta", foreseen.delta().value()).put("fits", foreseen.fits());
    }

    private static void put(ObjectNode node, String key, OptionalDouble value) {
        node.put(key, value.isPresent() ? (Double) value.getAsDouble() : null);
    }
}
