package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.RunResult.ClientLevelSpent;
import dev.sotto.federation.clientlevel.ClientLevelPlan;
import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.accounting.Accountant;
import dev.sotto.privacy.accounting.EpsilonAnswer;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What client-level privacy did and what it cost. One figure holds for every client, and nothing here depends on who took
 * part.
 *
 * @param epsilon spent, for those who never learn the cohorts; empty if no finite epsilon bounds it
 * @param epsilonKnowingCohorts the same for whoever learns who was drawn in each round, as the coordinator does
 * @param delta of both
 * @param relation which federations are neighbours, such as {@code add-or-remove-one}
 * @param limit target or limit; empty if none was set
 * @param hardLimit whether a round that would have passed the limit was refused
 * @param accountant the accountant whose bound epsilon is
 * @param order the Renyi order that gave it, if one did
 * @param explanation the accountant's words
 * @param mechanism what was done
 * @param plannedRounds at most
 * @param releasedRounds whose model was released
 * @param population names of the clients that could be asked
 */
public record ClientLevelGuarantee(
        OptionalDouble epsilon,
        OptionalDouble epsilonKnowingCohorts,
        double delta,
        String relation,
        OptionalDouble limit,
        boolean hardLimit,
        String accountant,
        OptionalDouble order,
        String explanation,
        UpdateMechanism mechanism,
        int plannedRounds,
        int releasedRounds,
        List<String> population) {

    public ClientLevelGuarantee {
        population = List.copyOf(population);
    }

    static ClientLevelGuarantee of(RunResult result, ClientLevelSpent spent, List<String> population) {
        ClientLevelPlan plan = spent.plan();
        ClientLevelPrivacy asked = plan.asked();
        EpsilonAnswer answer = asked.accountant().accountant().epsilon(spent.spent(), asked.delta());
        return new ClientLevelGuarantee(
                Json.finite(answer.epsilon()),
                knowingCohorts(plan, spent.spent()),
                asked.delta().value(),
                plan.relation().label(),
                asked.epsilon().map(Epsilon::value).map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                asked.hardLimit(),
                answer.accountant(),
                answer.order(),
                answer.explanation(),
                UpdateMechanism.of(plan),
                plan.rounds(),
                result.rounds(),
                population);
    }

    /** Epsilon of an event under a plan for whoever learns who was drawn in each round. */
    public static OptionalDouble knowingCohorts(ClientLevelPlan plan, DpEvent event) {
        Accountant accountant = plan.asked().accountant().accountant();
        return Json.finite(accountant
                .epsilon(DpEvents.withoutSampling(event), plan.asked().delta())
                .epsilon());
    }

    /** Whether more was spent than the limit: possible only where it is not a hard one. */
    public boolean pastLimit() {
        return limit.isPresent() && !(epsilon.orElse(Double.POSITIVE_INFINITY) <= limit.getAsDouble());
    }

    ObjectNode json() {
        ObjectNode node = Json.object();
        Json.put(node, "epsilon", epsilon);
        Json.put(node, "epsilonKnowingCohorts", epsilonKnowingCohorts);
        node.put("delta", delta).put("relation", relation);
        Json.put(node, "limit", limit);
        node.put("hardLimit", hardLimit);
        node.put("accountant", accountant);
        Json.put(node, "order", order);
        node.put("explanation", explanation);
        node.setAll(mechanism.json());
        node.put("plannedRounds", plannedRounds).put("releasedRounds", releasedRounds);
        ArrayNode names = node.putArray("clients");
        population.forEach(names::add);
        return node;
    }

    static ClientLevelGuarantee parse(JsonNode node) {
        List<String> population = new ArrayList<>();
        node.path("clients").forEach(name -> population.add(name.asText()));
        return new ClientLevelGuarantee(
                Json.number(node, "epsilon"),
                Json.number(node, "epsilonKnowingCohorts"),
                node.path("delta").asDouble(),
                node.path("relation").asText(),
                Json.number(node, "limit"),
                node.path("hardLimit").asBoolean(),
                node.path("accountant").asText(),
                Json.number(node, "order"),
                node.path("explanation").asText(),
                UpdateMechanism.parse(node),
                node.path("plannedRounds").asInt(),
                node.path("releasedRounds").asInt(),
                population);
    }
}
