package dev.sotto.simulation.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What came of a sweep.
 *
 * @param name of the experiment
 * @param grid what was varied
 * @param results of every run, in order
 * @param spent what all runs on the data cost together
 * @param seconds that this process took
 */
public record SweepResult(String name, Grid grid, List<CellResult> results, TuningCost spent, double seconds) {

    static SweepResult of(
            Grid grid, List<CellResult> results, boolean charged, SweepDirectory directory, double seconds) {
        String name = results.stream()
                .flatMap(result -> result.summary().stream())
                .map(summary -> summary.name())
                .findFirst()
                .orElseGet(() -> grid.file().name());
        return new SweepResult(name, grid, List.copyOf(results), TuningCost.of(directory.runs(), charged), seconds);
    }

    /** The repeats of each combination together, in order. */
    public List<Combination> combinations() {
        Map<Map<String, String>, List<CellResult>> found = new LinkedHashMap<>();
        for (CellResult result : results) {
            List<CellResult> own = found.computeIfAbsent(result.cell().settings(), none -> new ArrayList<>());
            if (result.summary().isPresent()) {
                own.add(result);
            }
        }
        List<Combination> combinations = new ArrayList<>();
        found.forEach((settings, own) -> combinations.add(new Combination(settings, own)));
        return combinations;
    }

    /** Runs that are not what was asked for. */
    public List<CellResult> failures() {
        return results.stream().filter(result -> result.failure().isPresent()).toList();
    }

    /** The run with the best accuracy, or the least loss where the target is no class; empty if nothing was measured. */
    public Optional<CellResult> best() {
        return results.stream()
                .filter(result -> score(result).isPresent())
                .max((one, other) ->
                        Double.compare(score(one).orElseThrow(), score(other).orElseThrow()));
    }

    private static OptionalDouble score(CellResult result) {
        if (result.accuracy().isPresent()) {
            return result.accuracy();
        }
        return result.loss().isPresent() ? OptionalDouble.of(-result.loss().getAsDouble()) : OptionalDouble.empty();
    }
}
