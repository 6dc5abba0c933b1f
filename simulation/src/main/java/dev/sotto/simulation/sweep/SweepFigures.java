package dev.sotto.simulation.sweep;

import dev.sotto.experiment.report.BandPlot;
import dev.sotto.experiment.report.BandPlot.Curve;
import dev.sotto.experiment.report.BandPlot.Level;
import dev.sotto.simulation.sweep.Combination.Spread;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/**
 * The figures of a sweep: accuracy against noise multiplier and against epsilon, where these differ between runs, else
 * against the first key that is varied. Other varied keys make a curve for each combination of their values.
 */
final class SweepFigures {
    private static final Set<String> PRICES = Set.of("noise-multiplier", "epsilon");

    private final SweepResult sweep;
    private final List<Combination> combinations;
    private final boolean classes;
    private final List<Axis> prices;

    private SweepFigures(SweepResult sweep) {
        this.sweep = sweep;
        this.combinations = sweep.combinations().stream()
                .filter(combination ->
                        combination.loss().isPresent() || combination.accuracy().isPresent())
                .toList();
        this.classes = combinations.stream()
                .anyMatch(combination -> combination.accuracy().isPresent());
        this.prices = sweep.grid().axes().stream()
                .filter(axis -> PRICES.contains(axis.lastPart()))
                .toList();
    }

    /** All of them; none if nothing was measured, or nothing varied. */
    static List<BandPlot> of(SweepResult sweep) {
        return new SweepFigures(sweep).all();
    }

    private List<BandPlot> all() {
        List<BandPlot> plots = new ArrayList<>();
        if (differs(Combination::noiseMultiplier)) {
            plots.add(plot("noise multiplier", List.of(), Combination::noiseMultiplier, acrossPrices()));
        }
        if (differs(Combination::epsilon)) {
            plots.add(plot("epsilon", List.of(), Combination::epsilon, acrossPrices()));
        }
        if (plots.isEmpty() && !sweep.grid().axes().isEmpty() && !combinations.isEmpty()) {
            plots.add(against(sweep.grid().axes().get(0)));
        }
        return plots;
    }

    private boolean differs(Function<Combination, OptionalDouble> x) {
        return combinations.stream()
                        .flatMapToDouble(combination -> x.apply(combination).stream())
                        .distinct()
                        .count()
                > 1;
    }

    /** Keys along which a curve runs: those that set the price of privacy, else the first. */
    private List<Axis> acrossPrices() {
        return prices.isEmpty() ? sweep.grid().axes().stream().limit(1).toList() : prices;
    }

    private BandPlot against(Axis axis) {
        boolean numbers =
                axis.values().stream().allMatch(value -> Axis.number(value).isPresent());
        return plot(
                sweep.grid().label(axis),
                numbers ? List.of() : axis.values(),
                combination -> {
                    String value = combination.settings().get(axis.key());
                    return OptionalDouble.of(
                            numbers
                                    ? Axis.number(value).orElseThrow()
                                    : axis.values().indexOf(value));
                },
                List.of(axis));
    }

    private BandPlot plot(
            String across, List<String> ticks, Function<Combination, OptionalDouble> x, List<Axis> along) {
        Map<String, List<Combination>> byName = new LinkedHashMap<>();
        combinations.forEach(combination -> byName.computeIfAbsent(name(combination, along), none -> new ArrayList<>())
                .add(combination));
        List<Curve> curves = new ArrayList<>();
        List<Level> levels = new ArrayList<>();
        for (Map.Entry<String, List<Combination>> each : byName.entrySet()) {
            List<Combination> placed = each.getValue().stream()
                    .filter(combination -> x.apply(combination).isPresent())
                    .sorted(Comparator.comparingDouble(
                            combination -> x.apply(combination).orElseThrow()))
                    .toList();
            each.getValue().stream()
                    .filter(combination -> x.apply(combination).isEmpty())
                    .findFirst()
                    .ifPresent(open -> levels.add(new Level(
                            each.getKey().isEmpty() ? "not private" : each.getKey() + ", not private",
                            spread(open).mean(),
                            curves.size())));
            curves.add(curve(each.getKey(), placed, x));
        }
        return new BandPlot(
                (classes ? "Accuracy" : "Loss") + " against " + across, across, classes, ticks, curves, levels);
    }

    private Curve curve(String name, List<Combination> placed, Function<Combination, OptionalDouble> x) {
        return new Curve(
                name,
                placed.stream().mapToDouble(each -> x.apply(each).orElseThrow()).toArray(),
                placed.stream().mapToDouble(each -> spread(each).mean()).toArray(),
                placed.stream().mapToDouble(each -> spread(each).low()).toArray(),
                placed.stream().mapToDouble(each -> spread(each).high()).toArray());
    }

    private Spread spread(Combination combination) {
        Optional<Spread> own = classes ? combination.accuracy() : combination.loss();
        return own.orElseThrow();
    }

    private String name(Combination combination, List<Axis> along) {
        List<String> parts = new ArrayList<>();
        for (Axis axis : sweep.grid().axes()) {
            if (!along.contains(axis)) {
                parts.add(
                        sweep.grid().label(axis) + " " + combination.settings().get(axis.key()));
            }
        }
        return String.join(", ", parts);
    }
}
