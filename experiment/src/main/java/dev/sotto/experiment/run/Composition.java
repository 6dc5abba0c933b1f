package dev.sotto.experiment.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What several releases on the same data come to. Events of the same client in several runs compose; clients hold different
 * examples, so the whole costs what the most expensive client's data has seen.
 *
 * @param clients what was done to each client's data; one entry named {@code all} for events that name no client
 * @param delta the largest that the files state; empty if none does
 */
public record Composition(Map<String, DpEvent> clients, OptionalDouble delta) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads files: a run's {@code privacy.json}, an event, or a list of events.
     *
     * @throws ConfigException naming the file and what is wrong with it
     */
    public static Composition read(List<Path> files) {
        Map<String, List<DpEvent>> found = new LinkedHashMap<>();
        double delta = 0;
        for (Path file : files) {
            JsonNode tree = tree(file);
            if (tree.path("clients").isArray()) {
                for (JsonNode client : tree.path("clients")) {
                    add(found, client.path("id").asText(), event(file, client.path("event")));
                    delta = Math.max(delta, client.path("delta").asDouble(0));
                }
            } else {
                JsonNode events = tree.isArray() ? tree : tree.path("events");
                boolean several = events.isArray() && !tree.has("type");
                for (JsonNode event : several ? events : List.of(tree)) {
                    add(found, "all", event(file, event));
                }
            }
        }
        if (found.isEmpty()) {
            throw new ConfigException(files.get(0) + ": it holds no events; the run was not private");
        }
        Map<String, DpEvent> composed = new LinkedHashMap<>();
        found.forEach((client, events) -> composed.put(client, new Composed(events)));
        return new Composition(composed, delta > 0 ? OptionalDouble.of(delta) : OptionalDouble.empty());
    }

    private static void add(Map<String, List<DpEvent>> found, String client, DpEvent event) {
        found.computeIfAbsent(client, id -> new ArrayList<>()).add(event);
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
            throw new ConfigException(file + ": it cannot be read: " + e.getMessage());
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
