package dev.sotto.experiment.packaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.DataContext;
import dev.sotto.experiment.DataContract;
import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.SessionTerms;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.learning.Initialization;
import dev.sotto.learning.ModelSpec;
import dev.sotto.privacy.random.Randomness;

/**
 * What a package is made from: all of it but the initial parameters.
 *
 * @param terms the experiment without data, seed and what it simulates, every default filled in and the model in full
 * @param contract what is asked of everybody's data
 * @param model that is trained
 */
public record SessionDraft(ObjectNode terms, DataContract contract, ModelSpec model) {
    /** The stream that initial parameters are drawn from, in simulations too. */
    private static final String STREAM = "initial-parameters";

    /**
     * From an experiment file. With a section {@code data} its data is loaded, and what it is like becomes the contract. With
     * a section {@code contract} in its place nothing is loaded: a coordinator needs no data.
     *
     * @param clients for how many it is validated where no data tells
     * @throws ConfigException naming file, key and what would be valid
     * @throws dev.sotto.data.DataException if the data cannot be had
     */
    public static SessionDraft of(ExperimentFile file, DataContext context, int clients) {
        JsonNode contract = file.tree().get("contract");
        if (contract == null) {
            return of(Experiment.load(file, context));
        }
        if (file.tree().has("data")) {
            throw new ConfigException(
                    file.name()
                            + ": contract: give contract (what clients' data is like) or data (from which it is found out), not both");
        }
        return of(file.name(), file.tree().deepCopy().without("contract"), contract, clients);
    }

    /**
     * From terms and a contract.
     *
     * @param file what messages call them
     * @param terms an experiment without {@code data} and {@code contract}
     * @param contract what clients' data is like
     * @param clients for how many it is validated
     * @throws ConfigException naming file, key and what would be valid
     */
    public static SessionDraft of(String file, ObjectNode terms, JsonNode contract, int clients) {
        ObjectNode seedless = terms.deepCopy().without("seed");
        SessionTerms read =
                SessionTerms.read(file, seedless, DataContract.read(file + ": contract", contract), clients);
        return new SessionDraft(read.resolved(), read.contract(), read.plan().model());
    }

    /** From an experiment that was loaded: the same plan, for other people's data. */
    public static SessionDraft of(Experiment experiment) {
        return new SessionDraft(
                SessionTerms.of(experiment),
                DataContract.of(experiment.dataSet().train()),
                experiment.plan().model());
    }

    /** Initial parameters; seeded, the same that a simulation with this seed begins with. */
    public float[] initial(Randomness randomness) {
        return Initialization.draw(model, randomness.stream(STREAM));
    }
}
