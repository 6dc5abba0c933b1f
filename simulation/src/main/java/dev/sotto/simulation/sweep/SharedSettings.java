package dev.sotto.simulation.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.run.RunDirectory;
import java.util.List;
import java.util.Optional;

/** What all runs of a sweep were done with alike, defaults included: without it figures of what differs say little. */
final class SharedSettings {
    private SharedSettings() {}

    /** As an experiment's file says it; empty if no run came to an end, or nothing is the same. */
    static Optional<String> yaml(SweepResult sweep) {
        List<ObjectNode> experiments = sweep.results().stream()
                .filter(result -> result.summary().isPresent())
                .map(result -> RunDirectory.open(result.directory()).read().experiment())
                .toList();
        return experiments.stream()
                .reduce(SharedSettings::shared)
                .filter(same -> !same.isEmpty())
                .map(RunDirectory::yaml);
    }

    /** Lists are one value: part of a list of layers is no model. */
    private static ObjectNode shared(ObjectNode one, ObjectNode other) {
        ObjectNode same = one.objectNode();
        one.properties().forEach(field -> {
            JsonNode theirs = other.get(field.getKey());
            if (field.getValue() instanceof ObjectNode own && theirs instanceof ObjectNode others) {
                ObjectNode within = shared(own, others);
                if (!within.isEmpty() || own.equals(others)) {
                    same.set(field.getKey(), within);
                }
            } else if (field.getValue().equals(theirs)) {
                same.set(field.getKey(), field.getValue());
            }
        });
        return same;
    }
}
