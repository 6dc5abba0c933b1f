package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.ClientReport;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * One client's part in a round, as the history keeps it.
 *
 * @param id who
 * @param examples its training examples; empty if that number is withheld
 * @param steps optimizer steps taken in this round; 0 if it refused
 * @param updateNorm L2 norm of its update; empty if it refused
 * @param epsilon spent on its data so far; empty without example-level privacy, or if no finite epsilon bounds it
 * @param refused {@code budget}, {@code failed}, {@code diverged} or {@code dropped} if it took no part
 * @param message the refusal's one line
 * @param metrics its measurements; NaN where one is not finite
 */
public record ClientLine(
        String id,
        OptionalInt examples,
        int steps,
        OptionalDouble updateNorm,
        OptionalDouble epsilon,
        Optional<String> refused,
        Optional<String> message,
        Map<String, Double> metrics) {

    static ClientLine of(ClientReport report, Disclosure disclosure) {
        return new ClientLine(
                report.client(),
                disclosure.exampleCounts() ? OptionalInt.of(report.examples()) : OptionalInt.empty(),
                report.steps(),
                Json.finite(report.updateNorm()),
                Json.finite(report.epsilon()),
                report.refusal().map(refusal -> refusal.reason().name().toLowerCase(Locale.ROOT)),
                report.refusal().map(ClientReport.Refusal::message),
                report.metrics());
    }

    ObjectNode json() {
        ObjectNode node = Json.object().put("id", id);
        Json.put(node, "examples", examples);
        node.put("steps", steps);
        Json.put(node, "updateNorm", updateNorm);
        Json.put(node, "epsilon", epsilon);
        Json.put(node, "refused", refused);
        Json.put(node, "message", message);
        Json.put(node, "metrics", metrics);
        return node;
    }

    static ClientLine parse(JsonNode node) {
        return new ClientLine(
                node.path("id").asText(),
                Json.integer(node, "examples"),
                node.path("steps").asInt(),
                Json.number(node, "updateNorm"),
                Json.number(node, "epsilon"),
                Json.text(node, "refused"),
                Json.text(node, "message"),
                Json.numbers(node, "metrics"));
    }
}
