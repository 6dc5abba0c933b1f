package dev.sotto.simulation.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.run.Difference;
import dev.sotto.experiment.run.RunDirectory;
import dev.sotto.experiment.run.WholeFile;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.FileTrouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directory of a sweep: its definition, a run's directory for each cell, and what came of it all.
 *
 * @param path made when the sweep begins
 */
public record SweepDirectory(Path path) {
    /** What is varied, so that the sweep can go on. */
    public static final String DEFINITION = "definition.json";
    /** All results, for scripts. */
    public static final String RESULT = "sweep.json";
    /** A line a run. */
    public static final String TABLE = "sweep.csv";
    /** The figures. */
    public static final String FIGURE = "sweep.svg";
    /** The page. */
    public static final String PAGE = "sweep.html";

    private static final String CELLS = "cells";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where a cell's run is. */
    public Path cell(Cell cell) {
        return path.resolve(CELLS).resolve(cell.name());
    }

    /** Directories of all runs that were ever begun here, also of cells that are no longer in the grid. */
    List<Path> runs() {
        Path cells = path.resolve(CELLS);
        if (!Files.isDirectory(cells)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(cells)) {
            return all.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(FileTrouble.reading(cells, e), e);
        }
    }

    /**
     * Writes the definition down. A sweep of the same experiment that is there already goes on, and may have grown.
     *
     * @throws ConfigException if the directory holds something else
     */
    void begin(Grid grid) {
        if (Files.exists(path.resolve(RunDirectory.HISTORY))) {
            throw refused("holds a run; give another directory");
        }
        if (Files.exists(path.resolve(DEFINITION))) {
            Difference.of(definition().path("experiment"), grid.file().tree()).ifPresent(difference -> {
                throw refused("holds a sweep of another experiment: " + difference + "; give another directory");
            });
        }
        try {
            Files.createDirectories(path.resolve(CELLS));
        } catch (IOException e) {
            throw refused("cannot be written to: " + e.getMessage());
        }
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", grid.file().name());
        node.put("folder", grid.file().folder().toAbsolutePath().toString());
        node.set("experiment", grid.file().tree());
        ArrayNode vary = node.putArray("vary");
        for (Axis axis : grid.axes()) {
            ArrayNode values = vary.addObject().put("key", axis.key()).putArray("values");
            axis.values().forEach(values::add);
        }
        node.put("repeats", grid.repeats());
        write(DEFINITION, node.toPrettyString() + "\n");
    }

    /**
     * The sweep that was begun here.
     *
     * @throws ConfigException if none was
     */
    public Grid grid() {
        if (!Files.exists(path.resolve(DEFINITION))) {
            throw refused("no sweep was begun here: it has no " + DEFINITION);
        }
        JsonNode node = definition();
        List<Axis> axes = new ArrayList<>();
        for (JsonNode axis : node.path("vary")) {
            List<String> values = new ArrayList<>();
            axis.path("values").forEach(value -> values.add(value.asText()));
            axes.add(new Axis(axis.path("key").asText(), values));
        }
        if (!(node.path("experiment") instanceof ObjectNode tree)) {
            throw refused(DEFINITION + " is damaged; begin the sweep anew in another directory");
        }
        Path folder = Path.of(node.path("folder").asText());
        return new Grid(
                ExperimentFile.of(node.path("name").asText(), folder, tree),
                axes,
                node.path("repeats").asInt(1));
    }

    private JsonNode definition() {
        try {
            return JSON.readTree(Files.readString(path.resolve(DEFINITION)));
        } catch (JsonProcessingException e) {
            throw refused(DEFINITION + " is damaged; begin the sweep anew in another directory");
        } catch (IOException e) {
            throw refused(DEFINITION + " cannot be read: " + e.getMessage());
        }
    }

    void write(String name, String text) {
        try {
            WholeFile.write(path.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(FileTrouble.writing(path.resolve(name), e), e);
        }
    }

    private ConfigException refused(String reason) {
        return new ConfigException("sweep directory " + path + ": " + reason);
    }
}
