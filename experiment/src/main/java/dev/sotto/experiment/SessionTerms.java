package dev.sotto.experiment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.Participation;
import dev.sotto.federation.Plan;
import dev.sotto.federation.Strategy;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.Section;
import dev.sotto.learning.Engine;
import dev.sotto.learning.ModelSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the clients of a session agree to, worked out for how many they are. Coordinator and nodes read the same terms, so
 * that all of them derive the same plan. An experiment without its data, its seed and what it simulates.
 *
 * @param plan what is to be done
 * @param strategy how updates become the next model
 * @param engine what computes
 * @param contract what is asked of everybody's data
 * @param validationFraction share of its examples that a client holds out
 * @param resolved the terms with every default filled in
 */
public record SessionTerms(
        Plan plan,
        Strategy strategy,
        Engine engine,
        DataContract contract,
        double validationFraction,
        ObjectNode resolved) {
    private static final Map<String, String> NOT_TERMS = Map.of(
            "data", "each client brings its own data; terms say only what they ask of it",
            "simulate", "clients of a session are not simulated",
            "seed", "with a seed nothing would be private; a coordinator and its nodes are started with a test seed");

    /**
     * Reads and validates terms.
     *
     * @param file what messages call them
     * @param contract what is asked of everybody's data
     * @param clients how many there are; at least 1
     * @throws ConfigException naming file, key (or layer) and what would be valid
     */
    public static SessionTerms read(String file, ObjectNode terms, DataContract contract, int clients) {
        return attempt(file, terms, top -> {
            SharedSections shared = shared(top);
            Participation participation = shared.real(clients);
            Plan plan = shared.plan(shared.model(contract), participation, clients);
            return new SessionTerms(
                    plan, shared.strategy(), shared.engine(), contract, shared.validationFraction(), top.resolved());
        });
    }

    /** The terms of a session with the plan of an experiment: without its data, its seed, and what it simulates. */
    public static ObjectNode of(Experiment experiment) {
        ObjectNode terms = experiment.resolved().deepCopy();
        terms.remove(NOT_TERMS.keySet());
        if (terms.get("cohort") instanceof ObjectNode cohort) {
            cohort.remove(CohortReader.SIMULATED);
        }
        return terms;
    }

    /**
     * Validates what does not depend on the number of clients, and gives the model.
     *
     * @throws ConfigException as {@link #read}
     */
    public static ModelSpec model(String file, ObjectNode terms, DataContract contract) {
        return attempt(file, terms, top -> shared(top).model(contract));
    }

    private interface Reading<T> {
        T read(Section top);
    }

    private static <T> T attempt(String file, ObjectNode terms, Reading<T> reading) {
        Section top = Section.root(file, terms, Elsewhere.KEYS);
        for (String key : List.of("data", "simulate", "seed")) {
            if (terms.has(key)) {
                throw top.error(key, "it is not part of a session's terms: " + NOT_TERMS.get(key) + "; leave it out");
            }
        }
        try {
            return reading.read(top);
        } catch (IllegalArgumentException e) {
            // What a value itself refuses knows neither file nor key.
            throw e instanceof ConfigException && e.getMessage().startsWith(file + ":") ? e : top.error(e);
        }
    }

    private static SharedSections shared(Section top) {
        SharedSections shared = SharedSections.read(top, top.text("name", "session"));
        top.end();
        return shared;
    }

    /** Why a client cannot train under these terms although its data fulfils the contract; empty if it can. */
    public Optional<String> misfit(ClientProfile client) {
        return SharedSections.misfit(plan.training(), client.id(), client.examples());
    }
}
