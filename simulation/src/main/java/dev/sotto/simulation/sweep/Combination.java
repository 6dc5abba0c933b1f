package dev.sotto.simulation.sweep;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/**
 * The repeats of one combination of values.
 *
 * @param settings value of each varied key
 * @param results its runs, those that broke off left out
 */
public record Combination(Map<String, String> settings, List<CellResult> results) {

    /** Mean, least and greatest of a measurement. */
    public record Spread(double mean, double low, double high) {}

    private Optional<Spread> spread(Function<CellResult, OptionalDouble> measure) {
        double[] values = results.stream()
                .flatMapToDouble(result -> measure.apply(result).stream())
                .toArray();
        return values.length == 0
                ? Optional.empty()
                : Optional.of(new Spread(
                        DoubleStream.of(values).average().orElseThrow(),
                        DoubleStream.of(values).min().orElseThrow(),
                        DoubleStream.of(values).max().orElseThrow()));
    }

    /** Over the repeats; empty if the target is no class, or nothing ran. */
    public Optional<Spread> accuracy() {
        return spread(CellResult::accuracy);
    }

    /** Over the repeats. */
    public Optional<Spread> loss() {
        return spread(CellResult::loss);
    }

    /** The largest of the repeats' epsilons, each run for itself; empty if any run has none. */
    public OptionalDouble epsilon() {
        return results.stream().anyMatch(result -> result.epsilon().isEmpty())
                ? OptionalDouble.empty()
                : results.stream()
                        .mapToDouble(result -> result.epsilon().orElseThrow())
                        .max();
    }

    /** Of the noise; 0 where none was added. Empty if nothing ran. */
    public OptionalDouble noiseMultiplier() {
        return results.stream()
                .flatMapToDouble(result -> result.noiseMultiplier().stream())
                .min();
    }
}
