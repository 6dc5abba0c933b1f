package dev.sotto.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.DataSet;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Data sets in memory, shared by experiments that differ in other things: how examples are dealt out is no matter. Thread-safe.
 */
public final class LoadedData {
    private static final List<String> DEALING = List.of("clients", "partition");

    private final Map<Key, DataSet> sets = new HashMap<>();

    private record Key(JsonNode data, Path folder) {}

    /** The data set of a resolved section {@code data}; loaded if no experiment before had the same. */
    synchronized DataSet get(JsonNode data, Path folder, Supplier<DataSet> source) {
        JsonNode undealt =
                data instanceof ObjectNode section ? section.deepCopy().without(DEALING) : data;
        Key key = new Key(undealt, folder.toAbsolutePath());
        // Not computeIfAbsent: loading may fail, and may load others.
        if (!sets.containsKey(key)) {
            sets.put(key, source.get());
        }
        return sets.get(key);
    }
}
