package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.RoundRecord;
import dev.sotto.learning.Evaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A line of {@code history.jsonl}: what is remembered of a round.
 *
 * @param round from 1
 * @param released whether the model moved
 * @param accuracy on central test data, in [0, 1]; empty if not evaluated or if the target is no class
 * @param loss mean loss on central test data
 * @param metrics further metrics on central test data; NaN where one is not finite
 * @param heldOutAccuracy on what clients held out
 * @param heldOutLoss on what clients held out
 * @param epsilon the largest of the clients', spent so far
 * @param updates how many were counted
 * @param seconds training and aggregation, evaluation apart
 * @param clients a line for each client asked
 */
public record RoundLine(
        int round,
        boolean released,
        OptionalDouble accuracy,
        OptionalDouble loss,
        Map<String, Double> metrics,
        OptionalDouble heldOutAccuracy,
        OptionalDouble heldOutLoss,
        OptionalDouble epsilon,
        long updates,
        double seconds,
        List<ClientLine> clients) {

    public RoundLine {
        clients = List.copyOf(clients);
    }

    /**
     * The line of a round.
     *
     * @param classes whether the target is a class, so that accuracy means something
     * @param disclosure what of the clients may be kept
     */
    static RoundLine of(RoundRecord record, boolean classes, Disclosure disclosure) {
        return new RoundLine(
                record.round(),
                record.released(),
                classes ? measure(record.central().map(Evaluation::accuracy)) : OptionalDouble.empty(),
                measure(record.central().map(Evaluation::loss)),
                record.metrics(),
                classes ? measure(record.heldOut().map(Evaluation::accuracy)) : OptionalDouble.empty(),
                measure(record.heldOut().map(Evaluation::loss)),
                Json.finite(record.epsilon()),
                record.updates(),
                record.seconds(),
                record.reports().stream()
                        .map(report -> ClientLine.of(report, disclosure))
                        .toList());
    }

    private static OptionalDouble measure(Optional<Double> value) {
        return value.isPresent() ? Json.finite(value.get()) : OptionalDouble.empty();
    }

    ObjectNode json() {
        ObjectNode node = Json.object().put("round", round).put("released", released);
        Json.put(node, "accuracy", accuracy);
        Json.put(node, "loss", loss);
        Json.put(node, "metrics", metrics);
        Json.put(node, "heldOutAccuracy", heldOutAccuracy);
        Json.put(node, "heldOutLoss", heldOutLoss);
        Json.put(node, "epsilon", epsilon);
        node.put("updates", updates);
        Json.put(node, "seconds", Json.finite(seconds));
        ArrayNode list = node.putArray("clients");
        clients.forEach(client -> list.add(client.json()));
        return node;
    }

    static RoundLine parse(JsonNode node) {
        List<ClientLine> clients = new ArrayList<>();
        node.path("clients").forEach(client -> clients.add(ClientLine.parse(client)));
        return new RoundLine(
                node.path("round").asInt(),
                node.path("released").asBoolean(),
                Json.number(node, "accuracy"),
                Json.number(node, "loss"),
                Json.numbers(node, "metrics"),
                Json.number(node, "heldOutAccuracy"),
                Json.number(node, "heldOutLoss"),
                Json.number(node, "epsilon"),
                node.path("updates").asLong(),
                node.path("seconds").asDouble(),
                clients);
    }
}
