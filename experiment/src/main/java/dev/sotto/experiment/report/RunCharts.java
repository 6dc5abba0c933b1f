package dev.sotto.experiment.report;

import dev.sotto.experiment.report.LineChart.Unit;
import dev.sotto.experiment.report.Series.Stroke;
import dev.sotto.experiment.run.ClientLine;
import dev.sotto.experiment.run.PrivacyStatement;
import dev.sotto.experiment.run.RecordedRun;
import dev.sotto.experiment.run.RoundLine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/** Which lines a run's report shows, from its history. */
final class RunCharts {
    /** Up to so many clients have a line each; more are shown as their median and range. */
    static final int LINES = 12;

    private final RecordedRun run;
    private final List<RoundLine> history;
    private final int[] rounds;

    RunCharts(RecordedRun run) {
        this.run = run;
        this.history = run.history();
        this.rounds = history.stream().mapToInt(RoundLine::round).toArray();
    }

    /** All that have something to show. */
    List<LineChart> all() {
        List<LineChart> charts = new ArrayList<>(List.of(accuracy(), loss(), epsilon(), updateNorms(), clippingNorm()));
        charts.addAll(metrics());
        return charts.stream().filter(chart -> !chart.isEmpty()).toList();
    }

    LineChart accuracy() {
        List<Series> series = List.of(
                over("test data", RoundLine::accuracy), over("held out at clients", RoundLine::heldOutAccuracy));
        double[] noise = history.stream()
                .flatMapToDouble(line -> line.heldOutStddev().stream())
                .toArray();
        String note = noise.length == 0
                ? ""
                : "What clients held out is measured with noise of standard deviation "
                        + Figures.percent(noise[noise.length - 1]) + ", so that no client's score is told.";
        return new LineChart("accuracy", "Accuracy", rounds, series, Unit.SHARE, note);
    }

    private LineChart loss() {
        List<Series> series = List.of(
                over("test data", RoundLine::loss),
                over("held out at clients", RoundLine::heldOutLoss),
                over(
                        "training, median over clients",
                        line -> median(line.clients().stream()
                                .mapToDouble(client -> client.metrics().getOrDefault("trainingLoss", Double.NaN)))));
        return new LineChart("loss", "Loss", rounds, series, Unit.NUMBER, "");
    }

    private LineChart epsilon() {
        return clientLevel() ? epsilonOfAll() : epsilonOfEach();
    }

    /** Whether clients are protected; a run that was cut short tells it by its history alone. */
    private boolean clientLevel() {
        return history.stream().anyMatch(line -> line.clippingNorm().isPresent());
    }

    private LineChart epsilonOfAll() {
        List<Series> series = new ArrayList<>();
        series.add(over("each client", RoundLine::epsilon));
        series.add(over("each example", RoundLine::exampleEpsilon));
        run.privacy().flatMap(PrivacyStatement::clientLevel).ifPresent(own -> own.limit()
                .ifPresent(limit -> series.add(Series.limit("limit for a client", limit, rounds.length))));
        String note = "Spent so far, for those who never learn which clients a round drew.";
        return new LineChart("epsilon", "Epsilon", rounds, series, Unit.EPSILON, note);
    }

    private LineChart clippingNorm() {
        Series norm = over("clipping norm", RoundLine::clippingNorm);
        boolean moves = DoubleStream.of(norm.values()).distinct().count() > 1;
        String note =
                "What bounded each client's update in the round: it follows a noised count of the updates within it.";
        return new LineChart(
                "clipping-norm", "Clipping norm", rounds, moves ? List.of(norm) : List.of(), Unit.AMOUNT, note);
    }

    private LineChart epsilonOfEach() {
        Map<String, double[]> spent = perClient(ClientLine::epsilon);
        spent.values().forEach(RunCharts::carryForward);
        List<Series> series = new ArrayList<>(clients(spent, "most", "least"));
        limit().ifPresent(limit -> series.add(Series.limit("limit", limit, rounds.length)));
        String note =
                "Spent so far on each client's data, at its delta; rounds in which a client took no part cost it nothing.";
        return new LineChart(
                "epsilon", "Epsilon per client", rounds, spent.isEmpty() ? List.of() : series, Unit.EPSILON, note);
    }

    private OptionalDouble limit() {
        double[] limits = run.privacy().map(PrivacyStatement::clients).orElse(List.of()).stream()
                .flatMapToDouble(client -> client.limit().stream())
                .distinct()
                .toArray();
        return limits.length == 1 ? OptionalDouble.of(limits[0]) : OptionalDouble.empty();
    }

    private LineChart updateNorms() {
        Map<String, double[]> norms = perClient(ClientLine::updateNorm);
        String note = "L2 norm of what each client sent: how far it moved the model in the round.";
        return new LineChart(
                "update-norms", "Update norms", rounds, clients(norms, "largest", "smallest"), Unit.AMOUNT, note);
    }

    private List<LineChart> metrics() {
        Map<String, Series> byName = new TreeMap<>();
        history.forEach(line -> line.metrics()
                .keySet()
                .forEach(name -> byName.computeIfAbsent(
                        name,
                        key -> over("test data", of -> measure(of.metrics().get(key))))));
        List<LineChart> charts = new ArrayList<>();
        byName.forEach((name, series) ->
                charts.add(new LineChart("metric-" + charts.size(), name, rounds, List.of(series), Unit.NUMBER, "")));
        return charts;
    }

    private static OptionalDouble measure(Double value) {
        return value == null || value.isNaN() ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private Series over(String name, Function<RoundLine, OptionalDouble> measure) {
        return Series.solid(
                name,
                history.stream()
                        .mapToDouble(line -> measure.apply(line).orElse(Double.NaN))
                        .toArray());
    }

    private Map<String, double[]> perClient(Function<ClientLine, OptionalDouble> measure) {
        Map<String, double[]> values = new TreeMap<>(NaturalOrder.INSTANCE);
        for (int i = 0; i < history.size(); i++) {
            for (ClientLine client : history.get(i).clients()) {
                OptionalDouble value = measure.apply(client);
                if (value.isPresent()) {
                    values.computeIfAbsent(client.id(), id -> absent())[i] = value.getAsDouble();
                }
            }
        }
        return values;
    }

    private double[] absent() {
        double[] values = new double[rounds.length];
        Arrays.fill(values, Double.NaN);
        return values;
    }

    private static void carryForward(double[] values) {
        for (int i = 1; i < values.length; i++) {
            values[i] = Double.isNaN(values[i]) ? values[i - 1] : values[i];
        }
    }

    /** A line for each, one line if all are alike, or median and range if there are many. */
    private List<Series> clients(Map<String, double[]> values, String greatest, String least) {
        if (values.size() > 1 && values.values().stream().allMatch(line -> alike(line, first(values)))) {
            return List.of(Series.solid("each of " + Figures.counted(values.size(), "client"), first(values)));
        }
        if (values.size() <= LINES) {
            List<Series> series = new ArrayList<>();
            values.forEach((id, line) ->
                    series.add(new Series(id, line, series.size() < Series.COLOURS ? Stroke.SOLID : Stroke.DASHED)));
            return series;
        }
        Map<String, Function<double[], OptionalDouble>> folds = new LinkedHashMap<>();
        folds.put("median over clients", all -> median(DoubleStream.of(all)));
        folds.put(greatest, all -> DoubleStream.of(all).max());
        folds.put(least, all -> DoubleStream.of(all).min());
        List<Series> series = new ArrayList<>();
        folds.forEach((name, fold) ->
                series.add(new Series(name, folded(values, fold), series.isEmpty() ? Stroke.SOLID : Stroke.BAND)));
        return series;
    }

    private double[] folded(Map<String, double[]> values, Function<double[], OptionalDouble> fold) {
        double[] folded = absent();
        for (int i = 0; i < folded.length; i++) {
            int at = i;
            double[] present = values.values().stream()
                    .mapToDouble(line -> line[at])
                    .filter(value -> !Double.isNaN(value))
                    .toArray();
            folded[i] = fold.apply(present).orElse(Double.NaN);
        }
        return folded;
    }

    private static double[] first(Map<String, double[]> values) {
        return values.values().iterator().next();
    }

    private static boolean alike(double[] one, double[] other) {
        for (int i = 0; i < one.length; i++) {
            boolean bothAbsent = Double.isNaN(one[i]) && Double.isNaN(other[i]);
            if (!bothAbsent && !(Math.abs(one[i] - other[i]) <= 1e-6 * Math.abs(one[i]))) {
                return false;
            }
        }
        return true;
    }

    private static OptionalDouble median(DoubleStream values) {
        double[] sorted = values.filter(value -> !Double.isNaN(value)).sorted().toArray();
        int half = sorted.length / 2;
        if (sorted.length == 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2);
    }
}
