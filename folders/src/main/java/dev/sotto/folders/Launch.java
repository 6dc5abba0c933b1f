package dev.sotto.folders;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.formats.config.ConfigException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A project that somebody wants to be run: what an aggregator makes a signed package and requests from.
 *
 * @param project its name, which is that of its folders
 * @param participants who is asked, in the order in which they are shown
 * @param draft terms, contract and model
 * @param initial parameters in the layout of the draft's model; owned by the receiver
 * @param rules how long it waits, and for whom
 * @param testData section {@code data} of an experiment whose test examples the aggregator evaluates on; empty for none
 * @param shown files that are copied to participants as they are, for people to read: their {@code fl_config.json}, the
 *     architecture, the weights. Nothing reads them there; the package is what counts
 */
public record Launch(
        String project,
        List<Email> participants,
        SessionDraft draft,
        float[] initial,
        LaunchRules rules,
        Optional<ObjectNode> testData,
        List<Path> shown) {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

    /** Checks all of it; a {@link ConfigException} says in one line what is wrong. */
    public Launch {
        requireName(project);
        participants = List.copyOf(participants);
        shown = List.copyOf(shown);
        if (participants.isEmpty()) {
            throw new ConfigException("project " + project + ": participants is empty; name at least one datasite");
        }
        Set<String> ids = new HashSet<>();
        for (Email each : participants) {
            if (!ids.add(each.clientId())) {
                throw new ConfigException("project " + project + ": participants: " + each
                        + " is there twice, or cannot be told from another; give each once");
            }
        }
        if (rules.minClients() > participants.size()) {
            throw new ConfigException("project " + project + ": min-clients is " + rules.minClients() + ", but only "
                    + participants.size() + " participants are named");
        }
    }

    /** Whether it can name a project. */
    public static boolean isName(String project) {
        return project.matches(NAME);
    }

    /** Refuses what cannot name a project. */
    public static String requireName(String project) {
        if (!isName(project)) {
            throw new ConfigException("'" + project.replaceAll("\\p{Cntrl}", "?")
                    + "' cannot name a project: letters, digits, '.', '_' and '-', at most 100");
        }
        return project;
    }
}
