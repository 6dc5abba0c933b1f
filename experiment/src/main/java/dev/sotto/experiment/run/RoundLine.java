package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.HeldOutScores;
import dev.sotto.federation.RoundRecord;
import dev.sotto.federation.RoundRecord.ClientLevelRound;
import dev.sotto.learning.Evaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;

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
 * @param heldOutStddev of the noise in {@code heldOutAccuracy}; empty if there is none
 * @param epsilon spent so far: for every client under client-level privacy, else the largest of the clients'
 * @param exampleEpsilon beside client-level privacy, what has been spent at most on any example; empty if public numbers do
 *     not tell
 * @param clippingNorm that bounded the clients' updates; empty without client-level privacy
 * @param noiseStddev of the noise on each value of the updates' sum; empty without client-level privacy
 * @param updates how many were counted; empty if who took part is withheld
 * @param seconds training and aggregation, evaluation apart; empty if who took part is withheld, as it would tell how many
 * @param clients a line for each client asked; none if who took part is withheld
 */
public record RoundLine(
        int round,
        boolean released,
        OptionalDouble accuracy,
        OptionalDouble loss,
        Map<String, Double> metrics,
        OptionalDouble heldOutAccuracy,
        OptionalDouble heldOutLoss,
        OptionalDouble heldOutStddev,
        OptionalDouble epsilon,
        OptionalDouble exampleEpsilon,
        OptionalDouble clippingNorm,
        OptionalDouble noiseStddev,
        OptionalLong updates,
        OptionalDouble seconds,
        List<ClientLine> clients) {

    public RoundLine {
        clients = List.copyOf(clients);
    }

    /**
     * The line of a round.
     *
     * @param classes whether the target is a class, so that accuracy means something
     * @param disclosure what of the clients may be kept
     * @param examples what example-level privacy guarantees beside client-level privacy
     */
    static RoundLine of(
            RoundRecord record, boolean classes, Disclosure disclosure, Optional<ExampleLevelBound> examples) {
        Optional<ClientLevelRound> noised = record.clientLevel();
        boolean open = disclosure.participation();
        return new RoundLine(
                record.round(),
                record.released(),
                classes ? measure(record.central().map(Evaluation::accuracy)) : OptionalDouble.empty(),
                measure(record.central().map(Evaluation::loss)),
                record.metrics(),
                classes ? heldOut(record, HeldOutScores::accuracy) : OptionalDouble.empty(),
                heldOut(record, HeldOutScores::loss),
                heldOut(record, HeldOutScores::noiseStddev),
                // The largest that a client has spent would say in how many rounds it took part.
                open ? Json.finite(record.epsilon()) : spent(noised),
                examples.map(own -> own.epsilon(record.round())).orElse(OptionalDouble.empty()),
                measure(noised.map(ClientLevelRound::clippingNorm)),
                measure(noised.map(ClientLevelRound::noiseStddev)),
                open ? OptionalLong.of(record.updates()) : OptionalLong.empty(),
                open ? Json.finite(record.seconds()) : OptionalDouble.empty(),
                open
                        ? record.reports().stream()
                                .map(report -> ClientLine.of(report, disclosure))
                                .toList()
                        : List.of());
    }

    private static OptionalDouble heldOut(RoundRecord record, Function<HeldOutScores, OptionalDouble> score) {
        return record.heldOut().map(score).orElse(OptionalDouble.empty());
    }

    private static OptionalDouble spent(Optional<ClientLevelRound> noised) {
        return noised.map(round -> Json.finite(round.epsilon())).orElse(OptionalDouble.empty());
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
        Json.put(node, "heldOutStddev", heldOutStddev);
        Json.put(node, "epsilon", epsilon);
        Json.put(node, "exampleEpsilon", exampleEpsilon);
        Json.put(node, "clippingNorm", clippingNorm);
        Json.put(node, "noiseStddev", noiseStddev);
        Json.put(node, "updates", updates);
        Json.put(node, "seconds", seconds);
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
                Json.number(node, "heldOutStddev"),
                Json.number(node, "epsilon"),
                Json.number(node, "exampleEpsilon"),
                Json.number(node, "clippingNorm"),
                Json.number(node, "noiseStddev"),
                Json.whole(node, "updates"),
                Json.number(node, "seconds"),
                clients);
    }
}
