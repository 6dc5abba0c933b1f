package dev.sotto.experiment.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.ClientProfile;
import dev.sotto.formats.config.ConfigException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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
        difference("", plain(experiment), plain(now)).ifPresent(difference -> {
            throw new ConfigException("run directory " + where + ": the experiment was changed since the run began: "
                    + difference + "; run it anew in another directory");
        });
    }

    /** As it reads back from a file: how wide a number was in memory makes no difference. */
    private static JsonNode plain(JsonNode tree) {
        try {
            return Json.parse(tree.toString());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> difference(String path, JsonNode then, JsonNode now) {
        if (then.isObject() && now.isObject()) {
            Set<String> keys = new LinkedHashSet<>(names(then));
            keys.addAll(names(now));
            return keys.stream()
                    .flatMap(key ->
                            difference(path.isEmpty() ? key : path + "." + key, then.path(key), now.path(key)).stream())
                    .findFirst();
        }
        return then.equals(now)
                ? Optional.empty()
                : Optional.of(path + " was " + words(then) + " and is " + words(now));
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        for (Iterator<String> each = node.fieldNames(); each.hasNext(); ) {
            names.add(each.next());
        }
        return names;
    }

    private static String words(JsonNode value) {
        return value.isMissingNode() ? "not set" : value.toString();
    }
}
