package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.ClientPrivacy;
import dev.sotto.federation.Participant;
import dev.sotto.privacy.ClipPer;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.ExampleLevelPlan;
import dev.sotto.privacy.accounting.Accountant;
import dev.sotto.privacy.accounting.EpsilonAnswer;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What holds for one client's data.
 *
 * @param client who
 * @param epsilon spent, from the events in the client's ledger, or as its ledger reports where that is more; empty if no
 *     finite epsilon bounds them
 * @param delta of the guarantee
 * @param limit target or limit; empty if none was set
 * @param hardLimit whether a round that would have passed the limit was refused
 * @param perExampleEpsilon where the batch gradient was clipped as a whole: what the same noise would have cost with each
 *     example's gradient clipped
 * @param accountant the accountant whose bound this is
 * @param order the Renyi order that gave it, if one did
 * @param explanation the accountant's words
 * @param mechanism what was done
 * @param steps optimizer steps taken, in all rounds
 * @param plannedSteps optimizer steps in all planned rounds
 * @param event everything reserved or released on its data, as the accountant read it
 */
public record ClientGuarantee(
        String client,
        OptionalDouble epsilon,
        double delta,
        OptionalDouble limit,
        boolean hardLimit,
        OptionalDouble perExampleEpsilon,
        String accountant,
        OptionalDouble order,
        String explanation,
        Mechanism mechanism,
        int steps,
        int plannedSteps,
        JsonNode event) {
    /** Two machines may add up the same events a little differently. */
    private static final double ROUNDING = 1e-9;

    static ClientGuarantee of(Participant client, ClientPrivacy privacy) {
        Accountant accountant = privacy.accountant().accountant();
        DpEvent spent = client.spent();
        EpsilonAnswer answer = accountant.epsilon(spent, privacy.delta());
        boolean reported = client.reportedEpsilon().orElse(0) > answer.orInfinity() * (1 + ROUNDING);
        Optional<Epsilon> limit = privacy.limit();
        return new ClientGuarantee(
                client.profile().id(),
                Json.finite(reported ? client.reportedEpsilon() : answer.epsilon()),
                privacy.delta().value(),
                limit.isPresent() ? OptionalDouble.of(limit.get().value()) : OptionalDouble.empty(),
                privacy.hardLimit(),
                perExample(client, privacy, accountant),
                answer.accountant(),
                reported ? OptionalDouble.empty() : answer.order(),
                reported ? Wording.REPORTED : answer.explanation(),
                Mechanism.of(privacy),
                client.stepsTaken(),
                privacy.plannedSteps(),
                DpEvents.toJson(spent));
    }

    private static OptionalDouble perExample(Participant client, ClientPrivacy privacy, Accountant accountant) {
        ExampleLevelPlan plan = privacy.plan();
        // Releases of its accuracy are of examples either way, so they would have to be told apart.
        if (plan.clipPer() != ClipPer.BATCH || privacy.accuracy().isPresent()) {
            return OptionalDouble.empty();
        }
        ExampleLevelPlan each = new ExampleLevelPlan(
                plan.relation(),
                plan.batchSize(),
                plan.rate(),
                plan.noise(),
                plan.clipping(),
                ClipPer.EXAMPLE,
                plan.noiseSchedule(),
                plan.clippingSchedule());
        return Json.finite(accountant
                .epsilon(each.events(0, client.stepsTaken()), privacy.delta())
                .epsilon());
    }

    /** Whether more was spent than the limit: possible only where it is not a hard one. */
    public boolean pastLimit() {
        return limit.isPresent() && !(epsilon.orElse(Double.POSITIVE_INFINITY) <= limit.getAsDouble());
    }

    ObjectNode json() {
        ObjectNode node = Json.object().put("id", client);
        Json.put(node, "epsilon", epsilon);
        node.put("delta", delta);
        Json.put(node, "limit", limit);
        node.put("hardLimit", hardLimit);
        Json.put(node, "perExampleEpsilon", perExampleEpsilon);
        node.put("accountant", accountant);
        Json.put(node, "order", order);
        node.put("explanation", explanation);
        node.setAll(mechanism.json());
        node.put("steps", steps).put("plannedSteps", plannedSteps);
        node.set("event", event);
        return node;
    }

    static ClientGuarantee parse(JsonNode node) {
        return new ClientGuarantee(
                node.path("id").asText(),
                Json.number(node, "epsilon"),
                node.path("delta").asDouble(),
                Json.number(node, "limit"),
                node.path("hardLimit").asBoolean(),
                Json.number(node, "perExampleEpsilon"),
                node.path("accountant").asText(),
                Json.number(node, "order"),
                node.path("explanation").asText(),
                Mechanism.parse(node),
                node.path("steps").asInt(),
                node.path("plannedSteps").asInt(),
                node.path("event"));
    }
}
