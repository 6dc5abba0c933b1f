package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a run guarantees at one level: to each example, or to each client with everything it holds.
 *
 * @param unit whose presence is hidden: "example" or "client"
 * @param relation which data sets or federations are neighbours, such as {@code zero-out}
 * @param epsilon empty if no finite epsilon bounds what was done, or none can be told from public numbers alone
 * @param delta that goes with it
 * @param accountant whose bound the epsilon is; empty if none was asked
 * @param overall why these numbers hold for every unit
 * @param arithmetic how noise was made and released
 * @param event everything released, where one event covers every unit; empty where each client has its own
 */
public record UnitGuarantee(
        String unit,
        String relation,
        OptionalDouble epsilon,
        double delta,
        Optional<String> accountant,
        String overall,
        String arithmetic,
        Optional<JsonNode> event) {

    ObjectNode json() {
        ObjectNode node = Json.object().put("unit", unit).put("relation", relation);
        Json.put(node, "epsilon", epsilon);
        node.put("delta", delta);
        Json.put(node, "accountant", accountant);
        node.put("overall", overall).put("arithmetic", arithmetic);
        event.ifPresent(own -> node.set("event", own));
        return node;
    }

    static UnitGuarantee parse(JsonNode node) {
        return new UnitGuarantee(
                node.path("unit").asText(),
                node.path("relation").asText(),
                Json.number(node, "epsilon"),
                node.path("delta").asDouble(),
                Json.text(node, "accountant"),
                node.path("overall").asText(),
                node.path("arithmetic").asText(),
                Optional.of(node.path("event")).filter(JsonNode::isObject));
    }
}
