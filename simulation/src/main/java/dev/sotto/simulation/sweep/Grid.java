package dev.sotto.simulation.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.formats.config.ConfigException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Which runs a sweep is made of: every combination of the axes' values, each so many times.
 *
 * @param file the experiment that is varied
 * @param axes the last of them changes fastest
 * @param repeats runs of each combination; a seeded experiment's seed grows by one from each to the next
 */
public record Grid(ExperimentFile file, List<Axis> axes, int repeats) {
    private static final String SEED = "seed";
    private static final int LONGEST = 120;

    /** Checks that there is something to vary; a {@link ConfigException} says in one line what is wrong. */
    public Grid {
        axes = List.copyOf(axes);
        if (repeats < 1) {
            throw new ConfigException("--repeats " + repeats + ": it must be at least 1");
        }
        if (axes.isEmpty() && repeats == 1) {
            throw new ConfigException("nothing varies: give --vary key.path=v1,v2,..., or --repeats K");
        }
        List<String> keys = axes.stream().map(Axis::key).toList();
        for (String key : keys) {
            if (keys.indexOf(key) != keys.lastIndexOf(key)) {
                throw new ConfigException("--vary " + key + ": it is given twice; list all its values in one");
            }
        }
        if (keys.contains(SEED) && repeats > 1) {
            throw new ConfigException("--vary seed: not with --repeats, which takes the next seed for each run");
        }
    }

    /** All runs: combinations in order, and the repeats of each one after the other. */
    public List<Cell> cells() {
        List<Map<String, String>> combinations = new ArrayList<>(List.of(Map.of()));
        for (Axis axis : axes) {
            List<Map<String, String>> longer = new ArrayList<>();
            for (Map<String, String> shorter : combinations) {
                for (String value : axis.values()) {
                    Map<String, String> next = new LinkedHashMap<>(shorter);
                    next.put(axis.key(), value);
                    longer.add(next);
                }
            }
            combinations = longer;
        }
        Map<String, Integer> names = new HashMap<>();
        List<Cell> cells = new ArrayList<>();
        for (Map<String, String> settings : combinations) {
            for (int repeat = 1; repeat <= repeats; repeat++) {
                String name = name(settings, repeat);
                int before = names.merge(name, 1, Integer::sum);
                cells.add(new Cell(before == 1 ? name : name + "_" + before, settings, repeat, file(settings, repeat)));
            }
        }
        return List.copyOf(cells);
    }

    private ExperimentFile file(Map<String, String> settings, int repeat) {
        List<String> laid = new ArrayList<>();
        settings.forEach((key, value) -> laid.add(key + "=" + value));
        ExperimentFile varied = file.with("--vary", laid);
        return seed(varied)
                .filter(seed -> repeat > 1)
                .map(seed -> varied.with("--repeats", List.of("seed=" + (seed + repeat - 1))))
                .orElse(varied);
    }

    private static Optional<Long> seed(ExperimentFile file) {
        JsonNode seed = file.tree().path(SEED);
        return seed.canConvertToLong() ? Optional.of(seed.longValue()) : Optional.empty();
    }

    /** What people call an axis: the end of its key, or all of it where two ends are the same. */
    public String label(Axis axis) {
        long same = axes.stream()
                .filter(other -> other.lastPart().equals(axis.lastPart()))
                .count();
        return same == 1 ? axis.lastPart() : axis.key();
    }

    /** A number that is the same for the same sweep, and most likely another for another. */
    public int fingerprint() {
        CRC32 sum = new CRC32();
        sum.update((file.tree() + " " + axes + " " + repeats).getBytes(StandardCharsets.UTF_8));
        return (int) sum.getValue();
    }

    private String name(Map<String, String> settings, int repeat) {
        List<String> parts = new ArrayList<>();
        axes.forEach(axis -> parts.add(label(axis) + "-" + settings.get(axis.key())));
        if (repeats > 1 || axes.isEmpty()) {
            parts.add("run-" + repeat);
        }
        String name = String.join("_", parts).replaceAll("[^A-Za-z0-9._+-]+", "-");
        return name.length() <= LONGEST
                ? name
                : name.substring(0, LONGEST) + "-" + Integer.toHexString(settings.hashCode());
    }
}
