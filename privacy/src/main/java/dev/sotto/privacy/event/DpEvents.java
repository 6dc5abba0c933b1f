package dev.sotto.privacy.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Events as JSON: an object with a {@code type} and the record's components in camelCase. */
public final class DpEvents {
    private DpEvents() {}

    /** The event as JSON. */
    public static JsonNode toJson(DpEvent event) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (event instanceof Gaussian gaussian) {
            json.put("type", "gaussian").put("standardDeviation", gaussian.standardDeviation());
            json.put("clippingNorm", gaussian.clippingNorm());
            json.put("relation", gaussian.relation().label());
            json.put("clipPer", gaussian.clipPer().name().toLowerCase(java.util.Locale.ROOT));
        } else if (event instanceof PoissonSampled sampled) {
            json.put("type", "poissonSampled").put("rate", sampled.rate());
            json.set("event", toJson(sampled.event()));
        } else if (event instanceof SelfComposed repeated) {
            json.put("type", "selfComposed").put("count", repeated.count());
            json.set("event", toJson(repeated.event()));
        } else if (event instanceof Composed composed) {
            ArrayNode list = json.put("type", "composed").putArray("events");
            composed.events().forEach(part -> list.add(toJson(part)));
        } else {
            json.put("type", event instanceof NoOp ? "noOp" : "nonPrivate");
        }
        return json;
    }
}
