package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.Participant;
import dev.sotto.federation.Plan;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.RunResult.ClientLevelSpent;
import dev.sotto.privacy.PrivacyUnit;
import dev.sotto.privacy.event.DpEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * {@code privacy.json}: what a run guarantees, under which assumptions, and what it does not cover.
 *
 * @param levels a guarantee for each level that was asked for: examples, clients, or both
 * @param clients example-level privacy in full for each client, in the order of the roster; none beside client-level
 *     privacy, where it would tell who took part
 * @param clientLevel client-level privacy in full; empty without it
 * @param assumptions what the guarantees rest on, a sentence each
 * @param notCovered what they do not speak of, a sentence each
 * @param provenance what made the numbers
 */
public record PrivacyStatement(
        List<UnitGuarantee> levels,
        List<ClientGuarantee> clients,
        Optional<ClientLevelGuarantee> clientLevel,
        List<String> assumptions,
        List<String> notCovered,
        Provenance provenance) {
    /** The unit of a run that protects nothing. */
    public static final String NONE = "none";

    public PrivacyStatement {
        levels = List.copyOf(levels);
        clients = List.copyOf(clients);
        assumptions = List.copyOf(assumptions);
        notCovered = List.copyOf(notCovered);
    }

    /**
     * The statement of a run that is over, from what its ledgers hold.
     *
     * @param bound on what examples have spent, where clients are protected too
     */
    static PrivacyStatement of(
            Plan plan,
            RunResult result,
            List<? extends Participant> clients,
            Optional<ExampleLevelBound> bound,
            Provenance provenance) {
        if (!plan.isPrivate() || clients.isEmpty()) {
            return none(provenance);
        }
        if (provenance.reproducible() != clients.stream().anyMatch(Participant::reproducible)) {
            throw new IllegalArgumentException("the provenance says that randomness "
                    + (provenance.reproducible() ? "came from a seed" : "was secret")
                    + ", but the clients drew otherwise");
        }
        List<String> roster =
                clients.stream().map(client -> client.profile().id()).toList();
        Optional<ClientLevelGuarantee> clientLevel =
                result.clientLevel().map(spent -> ClientLevelGuarantee.of(result, spent, roster));
        List<ClientGuarantee> each = clientLevel.isPresent() ? List.of() : each(clients);
        List<UnitGuarantee> levels = new ArrayList<>();
        plan.privacy()
                .map(own -> bound.map(both -> both.guarantee(result)).orElseGet(() -> worst(own, each)))
                .ifPresent(levels::add);
        result.clientLevel()
                .map(spent -> guarantee(spent, clientLevel.orElseThrow()))
                .ifPresent(levels::add);
        Sentences sentences = new Sentences(
                plan.privacy(),
                clientLevel,
                plan.evaluation().privateMetrics().isPresent(),
                clients.stream().allMatch(Participant::standardTraining),
                provenance.reproducible());
        return new PrivacyStatement(
                levels, each, clientLevel, sentences.assumptions(), sentences.notCovered(), provenance);
    }

    private static List<ClientGuarantee> each(List<? extends Participant> clients) {
        List<ClientGuarantee> guarantees = new ArrayList<>();
        for (Participant client : clients) {
            client.privacy().ifPresent(own -> guarantees.add(ClientGuarantee.of(client, own)));
        }
        return guarantees;
    }

    private static UnitGuarantee worst(ExamplePrivacy asked, List<ClientGuarantee> clients) {
        boolean bounded = clients.stream().allMatch(each -> each.epsilon().isPresent());
        OptionalDouble worst = clients.stream()
                .flatMapToDouble(each -> each.epsilon().stream())
                .max();
        return new UnitGuarantee(
                PrivacyUnit.EXAMPLE.label(),
                asked.relation().label(),
                bounded ? worst : OptionalDouble.empty(),
                clients.stream().mapToDouble(ClientGuarantee::delta).max().orElseThrow(),
                clients.stream()
                        .filter(each -> each.epsilon().equals(worst))
                        .map(ClientGuarantee::accountant)
                        .findFirst(),
                Wording.OVERALL,
                Wording.ARITHMETIC,
                Optional.empty());
    }

    private static UnitGuarantee guarantee(ClientLevelSpent spent, ClientLevelGuarantee own) {
        return new UnitGuarantee(
                PrivacyUnit.CLIENT.label(),
                own.relation(),
                own.epsilon(),
                own.delta(),
                Optional.of(own.accountant()),
                ClientLevelWording.OVERALL,
                ClientLevelWording.arithmetic(own.mechanism()),
                Optional.of(DpEvents.toJson(spent.spent())));
    }

    /** The statement of a run without privacy. */
    public static PrivacyStatement none(Provenance provenance) {
        return new PrivacyStatement(
                List.of(), List.of(), Optional.empty(), List.of(), List.of(Wording.NOTHING_COVERED), provenance);
    }

    /** The level that the run's own figure is of: the clients', if they are protected. */
    private Optional<UnitGuarantee> headline() {
        return levels.stream().reduce((example, client) -> client);
    }

    /** The guarantee for a unit: "example" or "client". */
    public Optional<UnitGuarantee> level(PrivacyUnit unit) {
        return levels.stream()
                .filter(level -> level.unit().equals(unit.label()))
                .findFirst();
    }

    /** Example-level privacy in full for a client; empty where it is not stated client by client. */
    public Optional<ClientGuarantee> of(String client) {
        return clients.stream().filter(each -> each.client().equals(client)).findFirst();
    }

    /** Whose presence is hidden: "example", "client" (also where both are), or "none". */
    public String unit() {
        return headline().map(UnitGuarantee::unit).orElse(NONE);
    }

    /** Which data sets or federations are neighbours; empty for none. */
    public Optional<String> relation() {
        return headline().map(UnitGuarantee::relation);
    }

    /** For every unit; empty for none, or if no finite epsilon bounds what was done. */
    public OptionalDouble epsilon() {
        return headline().map(UnitGuarantee::epsilon).orElse(OptionalDouble.empty());
    }

    /** What goes with epsilon. */
    public OptionalDouble delta() {
        return headline().map(level -> OptionalDouble.of(level.delta())).orElse(OptionalDouble.empty());
    }

    /** Whose bound epsilon is. */
    public Optional<String> accountant() {
        return headline().flatMap(UnitGuarantee::accountant);
    }

    /** Why epsilon holds for every unit, or why nothing is guaranteed. */
    public String overall() {
        return headline().map(UnitGuarantee::overall).orElse(Wording.NOTHING);
    }

    /** Whether the run states a guarantee; a seeded one states it for the same run with secret randomness. */
    public boolean accounted() {
        return !levels.isEmpty();
    }

    /** Whether all randomness can be drawn again from a seed. */
    public boolean reproducible() {
        return provenance.reproducible();
    }

    /** Whether this run's own outputs are protected: accounted for, and with randomness that nobody can draw again. */
    public boolean isPrivate() {
        return epsilon().isPresent() && !reproducible();
    }

    ObjectNode json() {
        ObjectNode node = Json.object();
        node.put("private", isPrivate()).put("reproducible", reproducible()).put("unit", unit());
        Json.put(node, "relation", relation());
        Json.put(node, "epsilon", epsilon());
        Json.put(node, "delta", delta());
        node.put("overall", overall());
        Json.put(node, "accountant", accountant());
        Json.put(node, "arithmetic", headline().map(UnitGuarantee::arithmetic));
        ArrayNode units = node.putArray("levels");
        levels.forEach(level -> units.add(level.json()));
        texts(node.putArray("assumptions"), assumptions);
        texts(node.putArray("notCovered"), notCovered);
        ArrayNode list = node.putArray("clients");
        clients.forEach(client -> list.add(client.json()));
        node.set("clientLevel", clientLevel.map(ClientLevelGuarantee::json).orElse(null));
        node.set("provenance", provenance.json());
        return node;
    }

    private static void texts(ArrayNode into, List<String> texts) {
        texts.forEach(into::add);
    }

    static PrivacyStatement parse(JsonNode node) {
        List<UnitGuarantee> levels = new ArrayList<>();
        node.path("levels").forEach(level -> levels.add(UnitGuarantee.parse(level)));
        List<ClientGuarantee> clients = new ArrayList<>();
        node.path("clients").forEach(client -> clients.add(ClientGuarantee.parse(client)));
        return new PrivacyStatement(
                levels,
                clients,
                Optional.of(node.path("clientLevel")).filter(JsonNode::isObject).map(ClientLevelGuarantee::parse),
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
