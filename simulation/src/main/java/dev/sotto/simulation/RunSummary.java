package dev.sotto.simulation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.Experiment;
import dev.sotto.federation.Client;
import dev.sotto.federation.ClientPrivacy;
import dev.sotto.federation.RoundRecord;
import dev.sotto.federation.RunResult.Ending;
import dev.sotto.learning.Evaluation;
import dev.sotto.privacy.PrivacyUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A run in a few numbers.
 *
 * @param rounds rounds whose model was released
 * @param evaluation the last one, on central test data or else on what clients held out
 * @param stopped why it ended early; empty if it did not
 * @param clients what each did and spent
 * @param epsilon the largest of the clients': an example is with one client only
 * @param delta the largest of the clients'
 * @param model where the model was written; empty if nowhere
 * @param seconds wall-clock time of the whole run, loading apart
 */
public record RunSummary(
        String name,
        int rounds,
        Optional<Evaluation> evaluation,
        boolean classes,
        Optional<String> stopped,
        List<ClientSummary> clients,
        OptionalDouble epsilon,
        OptionalDouble delta,
        Optional<ClientPrivacy> privacy,
        Optional<String> model,
        double seconds) {

    /** One client's part. */
    public record ClientSummary(String id, int examples, int steps, OptionalDouble epsilon, OptionalDouble delta) {
        static ClientSummary of(Client client) {
            return new ClientSummary(
                    client.profile().id(),
                    client.profile().examples(),
                    client.stepsTaken(),
                    client.epsilon(),
                    client.privacy()
                            .map(own -> OptionalDouble.of(own.delta().value()))
                            .orElse(OptionalDouble.empty()));
        }
    }

    /** Sums up a run. */
    public static RunSummary of(
            Experiment experiment, Simulation.Outcome outcome, Optional<String> model, double seconds) {
        List<ClientSummary> clients =
                outcome.clients().stream().map(ClientSummary::of).toList();
        List<RoundRecord> history = outcome.result().history();
        Optional<Evaluation> last = history.stream()
                .map(record -> record.central().or(record::heldOut).orElse(null))
                .filter(Objects::nonNull)
                .reduce((earlier, later) -> later);
        Ending ending = outcome.result().ending();
        return new RunSummary(
                experiment.plan().name(),
                outcome.result().rounds(),
                last,
                experiment.split().classNames().size() > 0,
                ending == Ending.COMPLETED
                        ? Optional.empty()
                        : Optional.of(ending.name().toLowerCase(Locale.ROOT)),
                clients,
                clients.stream().flatMapToDouble(c -> c.epsilon().stream()).max(),
                clients.stream().flatMapToDouble(c -> c.delta().stream()).max(),
                outcome.clients().stream().flatMap(c -> c.privacy().stream()).findFirst(),
                model,
                seconds);
    }

    /** As {@code run --json} prints it. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", name).put("rounds", rounds);
        put(json, "accuracy", classes ? evaluation.map(Evaluation::accuracy) : Optional.empty());
        put(json, "loss", evaluation.map(Evaluation::loss));
        json.put("stopped", stopped.orElse(null));
        ArrayNode list = json.putArray("clients");
        for (ClientSummary client : clients) {
            ObjectNode one = list.addObject();
            one.put("id", client.id()).put("examples", client.examples()).put("steps", client.steps());
            put(one, "epsilon", client.epsilon());
            put(one, "delta", client.delta());
        }
        ObjectNode guarantee = json.putObject("privacy");
        guarantee.put("unit", privacy.isPresent() ? PrivacyUnit.EXAMPLE.label() : "none");
        put(guarantee, "epsilon", epsilon);
        put(guarantee, "delta", delta);
        guarantee.put("accountant", privacy.map(own -> own.accountant().label()).orElse(null));
        guarantee.put(
                "relation", privacy.map(own -> own.plan().relation().label()).orElse(null));
        json.put("model", model.orElse(null));
        json.put("seconds", Math.round(seconds * 1000) / 1000.0);
        return json;
    }

    private static void put(ObjectNode json, String key, OptionalDouble value) {
        put(json, key, value.isPresent() ? Optional.of(value.getAsDouble()) : Optional.empty());
    }

    /** Null for what does not exist or is not finite: JSON has no infinity. */
    private static void put(ObjectNode json, String key, Optional<Double> value) {
        json.put(key, value.filter(Double::isFinite).orElse(null));
    }
}
