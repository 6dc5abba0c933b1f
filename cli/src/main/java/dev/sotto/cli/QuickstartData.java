package dev.sotto.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.experiment.CentralTestData;
import dev.sotto.experiment.DataContract;
import dev.sotto.formats.config.ConfigException;
import java.util.List;
import java.util.Optional;

/**
 * What a quickstart trains on: images of 3x32x32 that every process loads for itself, each client its own range of them.
 *
 * @param section as an experiment has it
 * @param origin in words
 * @param contract what it is like
 */
record QuickstartData(ObjectNode section, String origin, DataContract contract) {
    private static final int GENERATED = 50_000;
    private static final int GENERATED_TEST = 5_000;

    /** The data of that name; CIFAR-10 or else generated images, if none is named. */
    static QuickstartData choose(Optional<String> name, Optional<Integer> examples, List<Integer> proportions) {
        String wanted = name.orElse("cifar10");
        if (!List.of("cifar10", "generated").contains(wanted)) {
            throw new ConfigException("--data " + wanted + ": it must be cifar10 or generated");
        }
        if (wanted.equals("cifar10") && examples.isPresent() && name.isPresent()) {
            throw new ConfigException("--examples " + examples.get() + ": it goes with generated images");
        }
        if (wanted.equals("cifar10") && examples.isEmpty()) {
            try {
                // Looking is free; a demonstration does not download 170 MB unasked.
                return of(cifar(proportions), DataContext.ofSystem().withOffline(name.isEmpty()));
            } catch (DataException e) {
                if (name.isPresent()) {
                    throw e;
                }
            }
        }
        int count = examples.orElse(GENERATED);
        if (count < proportions.size() * 100 || count > 10_000_000) {
            throw new ConfigException("--examples " + count + ": it must be at least 100 for each client");
        }
        return of(generated(count, proportions), DataContext.ofSystem());
    }

    private static QuickstartData of(ObjectNode section, DataContext context) {
        DataSet loaded = CentralTestData.load("quickstart", section, context);
        return new QuickstartData(section, loaded.origin(), DataContract.of(loaded.train()));
    }

    private static ObjectNode cifar(List<Integer> proportions) {
        ObjectNode section = Answers.object().put("source", "cifar10").put("scaling", "symmetric");
        return dealt(section, proportions);
    }

    private static ObjectNode generated(int count, List<Integer> proportions) {
        ObjectNode section = Answers.object()
                .put("source", "generated")
                .put("kind", "images")
                .put("train", count)
                .put("test", Math.max(100, Math.min(GENERATED_TEST, count / 10)));
        return dealt(section, proportions);
    }

    private static ObjectNode dealt(ObjectNode section, List<Integer> proportions) {
        section.put("clients", proportions.size());
        ArrayNode ranges = section.putObject("partition").putArray("proportions");
        proportions.forEach(ranges::add);
        return section;
    }

    /** The part of one client. */
    JsonNode part(int client) {
        return section.deepCopy().put("client", client);
    }
}
