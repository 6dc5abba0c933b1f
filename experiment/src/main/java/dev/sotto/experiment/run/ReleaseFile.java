package dev.sotto.experiment.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.FileTrouble;
import dev.sotto.privacy.PrivacyUnit;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A file that says what was released: a run's {@code privacy.json}, an event, or a list of events.
 *
 * @param path where it is
 * @param run whether it is a run's; else it names no unit and is charged to everybody
 * @param roster the run's clients; empty if it protects nothing
 * @param examples what was done to each client's examples, where the run says it client by client
 * @param everyExample what was done to every example at most, where it does not; empty without example-level privacy
 * @param clients what was done to every client; empty without client-level privacy
 * @param unnamed events that name no unit
 * @param exampleDelta of example-level privacy
 * @param clientDelta of client-level privacy
 * @param seeded whether anybody with the seed can draw its randomness again
 */
record ReleaseFile(
        Path path,
        boolean run,
        Set<String> roster,
        Map<String, DpEvent> examples,
        Optional<DpEvent> everyExample,
        Optional<DpEvent> clients,
        List<DpEvent> unnamed,
        OptionalDouble exampleDelta,
        OptionalDouble clientDelta,
        boolean seeded) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whether it protects examples. */
    boolean examplesProtected() {
        return !examples.isEmpty() || everyExample.isPresent();
    }

    /**
     * Reads a file.
     *
     * @throws ConfigException naming the file and what is wrong with it
     */
    static ReleaseFile read(Path file) {
        JsonNode tree = tree(file);
        return tree.path("clients").isArray() ? run(file, tree) : events(file, tree);
    }

    private static ReleaseFile run(Path file, JsonNode tree) {
        Set<String> roster = new LinkedHashSet<>();
        Map<String, DpEvent> examples = new LinkedHashMap<>();
        double delta = 0;
        for (JsonNode client : tree.path("clients")) {
            roster.add(client.path("id").asText());
            examples.put(client.path("id").asText(), event(file, client.path("event")));
            delta = Math.max(delta, client.path("delta").asDouble(0));
        }
        tree.path("clientLevel").path("clients").forEach(id -> roster.add(id.asText()));
        JsonNode example = level(tree, PrivacyUnit.EXAMPLE);
        JsonNode client = level(tree, PrivacyUnit.CLIENT);
        return new ReleaseFile(
                file,
                true,
                roster,
                examples,
                common(file, example),
                common(file, client),
                List.of(),
                delta > 0 ? OptionalDouble.of(delta) : Json.number(example, "delta"),
                Json.number(client, "delta"),
                tree.path("reproducible").asBoolean());
    }

    private static JsonNode level(JsonNode tree, PrivacyUnit unit) {
        for (JsonNode level : tree.path("levels")) {
            if (level.path("unit").asText().equals(unit.label())) {
                return level;
            }
        }
        return Json.object();
    }

    private static Optional<DpEvent> common(Path file, JsonNode level) {
        return level.has("event") ? Optional.of(event(file, level.path("event"))) : Optional.empty();
    }

    private static ReleaseFile events(Path file, JsonNode tree) {
        JsonNode events = tree.isArray() ? tree : tree.path("events");
        boolean several = events.isArray() && !tree.has("type");
        List<DpEvent> unnamed = new ArrayList<>();
        for (JsonNode event : several ? events : List.of(tree)) {
            unnamed.add(event(file, event));
        }
        return new ReleaseFile(
                file,
                false,
                Set.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                unnamed,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                false);
    }

    private static JsonNode tree(Path file) {
        try {
            JsonNode tree = JSON.readTree(Files.readString(file));
            if (tree == null || !tree.isContainerNode()) {
                throw new ConfigException(file + ": expected an event, a list of events or a run's privacy.json");
            }
            return tree;
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": there is no such file");
        } catch (JsonProcessingException e) {
            throw new ConfigException(file + ": not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new ConfigException(FileTrouble.reading(file, e));
        }
    }

    private static DpEvent event(Path file, JsonNode event) {
        try {
            return DpEvents.fromJson(event);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(file + ": " + e.getMessage());
        }
    }
}
