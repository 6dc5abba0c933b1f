package dev.sotto.experiment.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.privacy.event.NonPrivate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What several releases on the same data come to. Events of the same client in several runs compose, and events that name no
 * client are charged to each; clients hold different examples, so the whole costs what the most expensive client's data has
 * seen.
 *
 * @param clients what was done to each client's data; one entry named {@code all} if no client is named
 * @param delta the largest that the files state; empty if none does
 * @param seeded the files of runs whose randomness anybody with the seed can draw again
 */
public record Composition(Map<String, DpEvent> clients, OptionalDouble delta, List<Path> seeded) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EVERYONE = "all";

    /**
     * Reads files: a run's {@code privacy.json}, an event, or a list of events.
     *
     * @throws ConfigException naming the file and what is wrong with it
     */
    public static Composition read(List<Path> files) {
        Map<String, List<DpEvent>> found = new LinkedHashMap<>();
        List<DpEvent> everyone = new ArrayList<>();
        List<Path> seeded = new ArrayList<>();
        double delta = 0;
        Set<String> roster = Set.of();
        for (Path file : files) {
            JsonNode tree = tree(file);
            if (tree.path("clients").isArray()) {
                if (tree.path("clients").isEmpty()) {
                    // A run without privacy: composed with anything, no epsilon is left.
                    everyone.add(new NonPrivate());
                }
                if (tree.path("reproducible").asBoolean()) {
                    seeded.add(file);
                }
                Set<String> ids = new LinkedHashSet<>();
                tree.path("clients").forEach(client -> ids.add(client.path("id").asText()));
                roster = roster.isEmpty() ? ids : roster;
                if (!ids.isEmpty() && !ids.equals(roster)) {
                    throw new ConfigException(
                            file + ": its clients are not those of the other runs, so which data is the "
                                    + "same is not known; compose runs with the same clients");
                }
                for (JsonNode client : tree.path("clients")) {
                    found.computeIfAbsent(client.path("id").asText(), id -> new ArrayList<>())
                            .add(event(file, client.path("event")));
                    delta = Math.max(delta, client.path("delta").asDouble(0));
                }
            } else {
                JsonNode events = tree.isArray() ? tree : tree.path("events");
                boolean several = events.isArray() && !tree.has("type");
                for (JsonNode event : several ? events : List.of(tree)) {
                    everyone.add(event(file, event));
                }
            }
        }
        if (found.isEmpty() && everyone.isEmpty()) {
            throw new ConfigException(files.get(0) + ": it holds no events");
        }
        if (found.isEmpty()) {
            found.put(EVERYONE, new ArrayList<>());
        }
        found.values().forEach(events -> events.addAll(everyone));
        Map<String, DpEvent> composed = new LinkedHashMap<>();
        found.forEach((client, events) -> composed.put(client, composed(client, events)));
        return new Composition(composed, delta > 0 ? OptionalDouble.of(delta) : OptionalDouble.empty(), seeded);
    }

    private static DpEvent composed(String client, List<DpEvent> events) {
        try {
            return new Composed(events);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    client.equals(EVERYONE) ? e.getMessage() : "client " + client + ": " + e.getMessage());
        }
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
