package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.ClientProfile;
import dev.sotto.formats.config.ConfigException;
import java.nio.file.Path;
import java.util.List;

/**
 * Which run a checkpoint belongs to: only the same experiment on the same clients may go on with it.
 *
 * @param format of the checkpoint's files
 * @param experiment fully resolved
 * @param folder where the experiment's relative paths start
 * @param clients the roster
 * @param kernel what computed: a seeded run's bits are those of one kernel
 */
public record RunIdentity(
        int format, ObjectNode experiment, String folder, List<ClientProfile> clients, String kernel) {
    /** The format that is written. */
    static final int FORMAT = 1;

    /** The identity of a run that is about to begin. */
    public static RunIdentity of(ObjectNode experiment, String folder, List<ClientProfile> clients, String kernel) {
        return new RunIdentity(FORMAT, experiment, folder, List.copyOf(clients), kernel);
    }

    /**
     * Lets only the same run pass.
     *
     * @param where the run's directory, for messages
     * @throws ConfigException in one line, naming the first thing that differs
     */
    public void requireSame(Path where, RunIdentity now) {
        requireExperiment(where, now.experiment);
        if (!clients.equals(now.clients)) {
            throw new ConfigException("run directory " + where
                    + ": the clients' data is not what the run began with; run it anew in another directory");
        }
        if (experiment.hasNonNull("seed") && !kernel.equals(now.kernel)) {
            throw new ConfigException("run directory " + where + ": a seeded run that began on " + kernel
                    + " cannot go on with " + now.kernel + ": its bits would be those of neither");
        }
    }

    /**
     * Lets only the same experiment pass.
     *
     * @throws ConfigException in one line, naming the first key that differs
     */
    public void requireExperiment(Path where, JsonNode now) {
        Difference.of(experiment, now).ifPresent(difference -> {
            throw new ConfigException("run directory " + where + ": the experiment was changed since the run began: "
                    + difference + "; run it anew in another directory");
        });
    }
}
