package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.Client;
import dev.sotto.federation.Plan;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.RunResult.Ending;
import dev.sotto.learning.Evaluation;
import dev.sotto.learning.Loss;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What came of a run: the object that {@code sotto run --json} prints, kept in {@code result.json}.
 *
 * @param name what people call the run
 * @param rounds completed: those whose model was released
 * @param plannedRounds at most
 * @param accuracy the last one measured on central test data, else on held-out data
 * @param loss likewise
 * @param stopped why it ended before its last round: budget, diverged, failed, cancelled; empty if it did not
 * @param reason the ending in one line, where there is more to say
 * @param clients in the order of the roster
 * @param privacy the guarantee in short
 * @param model path of the model file; empty if no round was released, and so no model written
 * @param parameters how many the model has
 * @param seconds wall-clock time of the whole run
 * @param split how the data lay with the clients
 */
public record RunSummary(
        String name,
        int rounds,
        int plannedRounds,
        OptionalDouble accuracy,
        OptionalDouble loss,
        Optional<String> stopped,
        Optional<String> reason,
        List<ClientResult> clients,
        Guarantee privacy,
        Optional<String> model,
        int parameters,
        double seconds,
        DataSplit split) {

    /** What came of it for one client. */
    public record ClientResult(
            String id, OptionalInt examples, int steps, OptionalDouble epsilon, OptionalDouble delta) {
        static ClientResult of(Client client, ClientGuarantee guarantee, Disclosure disclosure) {
            int examples = client.profile().examples();
            return new ClientResult(
                    client.profile().id(),
                    disclosure.exampleCounts() ? OptionalInt.of(examples) : OptionalInt.empty(),
                    client.stepsTaken(),
                    guarantee == null ? OptionalDouble.empty() : guarantee.epsilon(),
                    guarantee == null ? OptionalDouble.empty() : OptionalDouble.of(guarantee.delta()));
        }
    }

    /** The guarantee in short. */
    public record Guarantee(
            String unit,
            OptionalDouble epsilon,
            OptionalDouble delta,
            Optional<String> accountant,
            Optional<String> relation,
            boolean isPrivate,
            boolean reproducible) {
        static Guarantee of(PrivacyStatement statement) {
            return new Guarantee(
                    statement.unit(),
                    statement.epsilon(),
                    statement.delta(),
                    statement.accountant(),
                    statement.relation(),
                    statement.isPrivate(),
                    statement.reproducible());
        }
    }

    public RunSummary {
        clients = List.copyOf(clients);
    }

    /**
     * Sums up a run.
     *
     * @param clients as they stand at the end
     * @param split stated as far as the plan's privacy allows
     * @param model path of the model file; empty if no round was released, and so no model written
     */
    public static RunSummary of(
            Plan plan,
            RunResult result,
            List<Client> clients,
            PrivacyStatement statement,
            DataSplit split,
            Optional<String> model,
            double seconds) {
        Disclosure disclosure = Disclosure.under(plan.privacy());
        Map<String, ClientGuarantee> guarantees = new HashMap<>();
        statement.clients().forEach(guarantee -> guarantees.put(guarantee.client(), guarantee));
        Optional<Evaluation> last = result.history().stream()
                .flatMap(record -> record.central().or(record::heldOut).stream())
                .reduce((earlier, later) -> later);
        boolean classes = plan.model().loss() == Loss.CROSS_ENTROPY;
        return new RunSummary(
                plan.name(),
                result.rounds(),
                plan.rounds(),
                classes ? measure(last.map(Evaluation::accuracy)) : OptionalDouble.empty(),
                measure(last.map(Evaluation::loss)),
                result.ending() == Ending.COMPLETED
                        ? Optional.empty()
                        : Optional.of(result.ending().name().toLowerCase(Locale.ROOT)),
                result.reason(),
                clients.stream()
                        .map(client -> ClientResult.of(
                                client, guarantees.get(client.profile().id()), disclosure))
                        .toList(),
                Guarantee.of(statement),
                model,
                result.parameters().length,
                seconds,
                split.disclosed(disclosure));
    }

    private static OptionalDouble measure(Optional<Double> value) {
        return value.isPresent() ? Json.finite(value.get()) : OptionalDouble.empty();
    }

    /** What {@code --json} prints. */
    public ObjectNode json() {
        ObjectNode node = Json.object().put("name", name).put("rounds", rounds).put("plannedRounds", plannedRounds);
        Json.put(node, "accuracy", accuracy);
        Json.put(node, "loss", loss);
        Json.put(node, "stopped", stopped);
        Json.put(node, "reason", reason);
        ArrayNode list = node.putArray("clients");
        for (ClientResult client : clients) {
            ObjectNode each = list.addObject().put("id", client.id());
            Json.put(each, "examples", client.examples());
            each.put("steps", client.steps());
            Json.put(each, "epsilon", client.epsilon());
            Json.put(each, "delta", client.delta());
        }
        ObjectNode guarantee = node.putObject("privacy").put("unit", privacy.unit());
        Json.put(guarantee, "epsilon", privacy.epsilon());
        Json.put(guarantee, "delta", privacy.delta());
        Json.put(guarantee, "accountant", privacy.accountant());
        Json.put(guarantee, "relation", privacy.relation());
        guarantee.put("private", privacy.isPrivate()).put("reproducible", privacy.reproducible());
        Json.put(node, "model", model);
        node.put("parameters", parameters);
        Json.put(node, "seconds", Json.finite(seconds));
        return node;
    }

    /** The file: what {@code --json} prints, and the split. */
    ObjectNode file() {
        ObjectNode node = json();
        node.set("split", split.json());
        return node;
    }

    static RunSummary parse(JsonNode node) {
        List<ClientResult> clients = new ArrayList<>();
        for (JsonNode client : node.path("clients")) {
            clients.add(new ClientResult(
                    client.path("id").asText(),
                    Json.integer(client, "examples"),
                    client.path("steps").asInt(),
                    Json.number(client, "epsilon"),
                    Json.number(client, "delta")));
        }
        JsonNode guarantee = node.path("privacy");
        return new RunSummary(
                node.path("name").asText(),
                node.path("rounds").asInt(),
                node.path("plannedRounds").asInt(),
                Json.number(node, "accuracy"),
                Json.number(node, "loss"),
                Json.text(node, "stopped"),
                Json.text(node, "reason"),
                clients,
                new Guarantee(
                        guarantee.path("unit").asText(),
                        Json.number(guarantee, "epsilon"),
                        Json.number(guarantee, "delta"),
                        Json.text(guarantee, "accountant"),
                        Json.text(guarantee, "relation"),
                        guarantee.path("private").asBoolean(),
                        guarantee.path("reproducible").asBoolean()),
                Json.text(node, "model"),
                node.path("parameters").asInt(),
                node.path("seconds").asDouble(),
                DataSplit.parse(node.path("split")));
    }
}
