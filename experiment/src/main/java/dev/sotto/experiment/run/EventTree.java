package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.NoOp;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SelfComposed;

/** Events as trees of JSON objects. */
final class EventTree {
    private EventTree() {}

    static ObjectNode of(DpEvent event) {
        if (event instanceof Gaussian gaussian) {
            return Json.object()
                    .put("event", "gaussian")
                    .put("standardDeviation", gaussian.standardDeviation())
                    .put("clippingNorm", gaussian.clippingNorm())
                    .put("relation", gaussian.relation().label())
                    .put("clipPer", gaussian.clipPer().label());
        }
        if (event instanceof PoissonSampled sampled) {
            ObjectNode node = Json.object().put("event", "poisson-sampled").put("rate", sampled.rate());
            node.set("of", of(sampled.event()));
            return node;
        }
        if (event instanceof SelfComposed repeated) {
            ObjectNode node = Json.object().put("event", "self-composed").put("count", repeated.count());
            node.set("of", of(repeated.event()));
            return node;
        }
        if (event instanceof Composed composed) {
            ObjectNode node = Json.object().put("event", "composed");
            ArrayNode parts = node.putArray("of");
            composed.events().forEach(part -> parts.add(of(part)));
            return node;
        }
        return Json.object().put("event", event instanceof NoOp ? "no-op" : "non-private");
    }
}
