package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.Client;
import dev.sotto.federation.Plan;
import dev.sotto.privacy.PrivacyUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * {@code privacy.json}: what a run guarantees, under which assumptions, and what it does not cover.
 *
 * @param unit whose presence is hidden: "example", "client", or "none"
 * @param relation which data sets are neighbours, such as {@code zero-out}; empty for none
 * @param epsilon for every example of every client; empty for none, or if no finite epsilon bounds what was done
 * @param delta that goes with it
 * @param overall why these two numbers follow from the clients'
 * @param accountant whose bound the overall epsilon is
 * @param arithmetic how noise was made and released; empty for none
 * @param clients what holds for each, in the order of the roster
 * @param assumptions what the guarantee rests on, a sentence each
 * @param notCovered what it does not speak of, a sentence each
 * @param provenance what made the numbers
 */
public record PrivacyStatement(
        String unit,
        Optional<String> relation,
        OptionalDouble epsilon,
        OptionalDouble delta,
        String overall,
        Optional<String> accountant,
        Optional<String> arithmetic,
        List<ClientGuarantee> clients,
        List<String> assumptions,
        List<String> notCovered,
        Provenance provenance) {
    /** The unit of a run that protects nothing. */
    public static final String NONE = "none";

    public PrivacyStatement {
        clients = List.copyOf(clients);
        assumptions = List.copyOf(assumptions);
        notCovered = List.copyOf(notCovered);
    }

    /** The statement of a run that is over, from what the clients' ledgers hold. */
    public static PrivacyStatement of(Plan plan, List<Client> clients, Provenance provenance) {
        List<ClientGuarantee> guarantees = new ArrayList<>();
        for (Client client : clients) {
            client.privacy().ifPresent(own -> guarantees.add(ClientGuarantee.of(client, own)));
        }
        if (plan.privacy().isEmpty() || guarantees.isEmpty()) {
            return none(provenance);
        }
        if (provenance.reproducible() != clients.stream().anyMatch(Client::reproducible)) {
            throw new IllegalArgumentException("the provenance says that randomness "
                    + (provenance.reproducible() ? "came from a seed" : "was secret")
                    + ", but the clients drew otherwise");
        }
        boolean bounded = guarantees.stream().allMatch(each -> each.epsilon().isPresent());
        OptionalDouble worst = guarantees.stream()
                .flatMapToDouble(each -> each.epsilon().stream())
                .max();
        DoubleStream deltas = guarantees.stream().mapToDouble(ClientGuarantee::delta);
        return new PrivacyStatement(
                PrivacyUnit.EXAMPLE.label(),
                Optional.of(plan.privacy().get().relation().label()),
                bounded ? worst : OptionalDouble.empty(),
                deltas.max(),
                Wording.OVERALL,
                winner(guarantees, worst),
                Optional.of(Wording.ARITHMETIC),
                guarantees,
                Wording.assumptions(
                        plan.privacy().get(),
                        provenance.reproducible(),
                        clients.stream().allMatch(Client::standardTraining)),
                Wording.notCovered(provenance.reproducible()),
                provenance);
    }

    /** The statement of a run without privacy. */
    public static PrivacyStatement none(Provenance provenance) {
        return new PrivacyStatement(
                NONE,
                Optional.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Wording.NOTHING,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(Wording.NOTHING_COVERED),
                provenance);
    }

    private static Optional<String> winner(List<ClientGuarantee> guarantees, OptionalDouble worst) {
        return guarantees.stream()
                .filter(each -> each.epsilon().equals(worst))
                .map(ClientGuarantee::accountant)
                .findFirst();
    }

    /** Whether the run states a guarantee; a seeded one states it for the same run with secret randomness. */
    public boolean accounted() {
        return !unit.equals(NONE);
    }

    /** Whether all randomness can be drawn again from a seed. */
    public boolean reproducible() {
        return provenance.reproducible();
    }

    /** Whether this run's own outputs are protected: accounted for, and with randomness that nobody can draw again. */
    public boolean isPrivate() {
        return accounted() && epsilon.isPresent() && !reproducible();
    }

    ObjectNode json() {
        ObjectNode node = Json.object();
        node.put("private", isPrivate()).put("reproducible", reproducible()).put("unit", unit);
        Json.put(node, "relation", relation);
        Json.put(node, "epsilon", epsilon);
        Json.put(node, "delta", delta);
        node.put("overall", overall);
        Json.put(node, "accountant", accountant);
        Json.put(node, "arithmetic", arithmetic);
        texts(node.putArray("assumptions"), assumptions);
        texts(node.putArray("notCovered"), notCovered);
        ArrayNode list = node.putArray("clients");
        clients.forEach(client -> list.add(client.json()));
        node.set("provenance", provenance.json());
        return node;
    }

    private static void texts(ArrayNode into, List<String> texts) {
        texts.forEach(into::add);
    }

    static PrivacyStatement parse(JsonNode node) {
        List<ClientGuarantee> clients = new ArrayList<>();
        node.path("clients").forEach(client -> clients.add(ClientGuarantee.parse(client)));
        return new PrivacyStatement(
                node.path("unit").asText(),
                Json.text(node, "relation"),
                Json.number(node, "epsilon"),
                Json.number(node, "delta"),
                node.path("overall").asText(),
                Json.text(node, "accountant"),
                Json.text(node, "arithmetic"),
                clients,
                texts(node.path("assumptions")),
                texts(node.path("notCovered")),
                Provenance.parse(node.path("provenance")));
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
