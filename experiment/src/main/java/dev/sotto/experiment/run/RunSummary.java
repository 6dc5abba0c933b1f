package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.Participant;
import dev.sotto.federation.Plan;
import dev.sotto.federation.RoundRecord;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.RunResult.Ending;
import dev.sotto.learning.Loss;
import dev.sotto.privacy.PrivacyUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

    /**
     * What came of it for one client.
     *
     * @param examples training examples; empty if that number is withheld
     * @param steps optimizer steps in all rounds; empty if who took part is withheld
     */
    public record ClientResult(
            String id, OptionalInt examples, OptionalInt steps, OptionalDouble epsilon, OptionalDouble delta) {
        static ClientResult of(Participant client, PrivacyStatement statement, Disclosure disclosure) {
            String id = client.profile().id();
            int examples = client.profile().examples();
            Optional<ClientGuarantee> own = statement.of(id);
            // Where clients are protected one figure is every client's.
            boolean alike = statement.clientLevel().isPresent();
            return new ClientResult(
                    id,
                    disclosure.exampleCounts() ? OptionalInt.of(examples) : OptionalInt.empty(),
                    disclosure.participation() ? OptionalInt.of(client.stepsTaken()) : OptionalInt.empty(),
                    alike
                            ? statement.epsilon()
                            : own.map(ClientGuarantee::epsilon).orElse(OptionalDouble.empty()),
                    alike
                            ? statement.delta()
                            : own.map(each -> OptionalDouble.of(each.delta())).orElse(OptionalDouble.empty()));
        }
    }

    /** The guarantee at one level in short. */
    public record Level(
            String unit, OptionalDouble epsilon, double delta, Optional<String> accountant, String relation) {
        static Level of(UnitGuarantee guarantee) {
            return new Level(
                    guarantee.unit(),
                    guarantee.epsilon(),
                    guarantee.delta(),
                    guarantee.accountant(),
                    guarantee.relation());
        }

        ObjectNode json() {
            ObjectNode node = Json.object().put("unit", unit);
            Json.put(node, "epsilon", epsilon);
            node.put("delta", delta);
            Json.put(node, "accountant", accountant);
            return node.put("relation", relation);
        }

        static Level parse(JsonNode node) {
            return new Level(
                    node.path("unit").asText(),
                    Json.number(node, "epsilon"),
                    node.path("delta").asDouble(),
                    Json.text(node, "accountant"),
                    node.path("relation").asText());
        }
    }

    /**
     * The guarantee in short. With both levels, unit, epsilon, delta, accountant and relation are those of the clients.
     *
     * @param epsilonKnowingCohorts for whoever learns who was drawn in each round; empty without client-level privacy
     * @param levels one for each level that was asked for
     */
    public record Guarantee(
            String unit,
            OptionalDouble epsilon,
            OptionalDouble delta,
            Optional<String> accountant,
            Optional<String> relation,
            boolean isPrivate,
            boolean reproducible,
            OptionalDouble epsilonKnowingCohorts,
            List<Level> levels) {
        static Guarantee of(PrivacyStatement statement) {
            return new Guarantee(
                    statement.unit(),
                    statement.epsilon(),
                    statement.delta(),
                    statement.accountant(),
                    statement.relation(),
                    statement.isPrivate(),
                    statement.reproducible(),
                    statement
                            .clientLevel()
                            .map(ClientLevelGuarantee::epsilonKnowingCohorts)
                            .orElse(OptionalDouble.empty()),
                    statement.levels().stream().map(Level::of).toList());
        }

        /** Whether that unit's protection was asked for. */
        public boolean protects(PrivacyUnit which) {
            return levels.stream().anyMatch(level -> level.unit().equals(which.label()));
        }

        ObjectNode json() {
            ObjectNode node = Json.object().put("unit", unit);
            Json.put(node, "epsilon", epsilon);
            Json.put(node, "delta", delta);
            Json.put(node, "accountant", accountant);
            Json.put(node, "relation", relation);
            node.put("private", isPrivate).put("reproducible", reproducible);
            Json.put(node, "epsilonKnowingCohorts", epsilonKnowingCohorts);
            ArrayNode list = node.putArray("levels");
            levels.forEach(level -> list.add(level.json()));
            return node;
        }

        static Guarantee parse(JsonNode node) {
            List<Level> levels = new ArrayList<>();
            node.path("levels").forEach(level -> levels.add(Level.parse(level)));
            return new Guarantee(
                    node.path("unit").asText(),
                    Json.number(node, "epsilon"),
                    Json.number(node, "delta"),
                    Json.text(node, "accountant"),
                    Json.text(node, "relation"),
                    node.path("private").asBoolean(),
                    node.path("reproducible").asBoolean(),
                    Json.number(node, "epsilonKnowingCohorts"),
                    levels);
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
            List<? extends Participant> clients,
            PrivacyStatement statement,
            DataSplit split,
            Optional<String> model,
            double seconds) {
        Disclosure disclosure = Disclosure.under(plan);
        Optional<RoundRecord> last = result.history().stream()
                .filter(record ->
                        record.central().isPresent() || record.heldOut().isPresent())
                .reduce((earlier, later) -> later);
        boolean classes = plan.model().loss() == Loss.CROSS_ENTROPY;
        return new RunSummary(
                plan.name(),
                result.rounds(),
                plan.rounds(),
                classes ? measure(last.map(RoundRecord::accuracy)) : OptionalDouble.empty(),
                measure(last.map(RoundRecord::loss)),
                result.ending() == Ending.COMPLETED
                        ? Optional.empty()
                        : Optional.of(result.ending().name().toLowerCase(Locale.ROOT)),
                result.reason(),
                clients.stream()
                        .map(client -> ClientResult.of(client, statement, disclosure))
                        .toList(),
                Guarantee.of(statement),
                model,
                result.parameters().length,
                seconds,
                split.disclosed(disclosure));
    }

    /** The same with the model elsewhere. */
    public RunSummary withModel(Optional<String> path) {
        return new RunSummary(
                name,
                rounds,
                plannedRounds,
                accuracy,
                loss,
                stopped,
                reason,
                clients,
                privacy,
                path,
                parameters,
                seconds,
                split);
    }

    private static OptionalDouble measure(Optional<OptionalDouble> value) {
        return value.map(Json::finite).orElse(OptionalDouble.empty());
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
            Json.put(each, "steps", client.steps());
            Json.put(each, "epsilon", client.epsilon());
            Json.put(each, "delta", client.delta());
        }
        node.set("privacy", privacy.json());
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
                    Json.integer(client, "steps"),
                    Json.number(client, "epsilon"),
                    Json.number(client, "delta")));
        }
        return new RunSummary(
                node.path("name").asText(),
                node.path("rounds").asInt(),
                node.path("plannedRounds").asInt(),
                Json.number(node, "accuracy"),
                Json.number(node, "loss"),
                Json.text(node, "stopped"),
                Json.text(node, "reason"),
                clients,
                Guarantee.parse(node.path("privacy")),
                Json.text(node, "model"),
                node.path("parameters").asInt(),
                node.path("seconds").asDouble(),
                DataSplit.parse(node.path("split")));
    }
}
