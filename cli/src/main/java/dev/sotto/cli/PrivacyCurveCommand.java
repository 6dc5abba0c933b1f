package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.report.CurvePlot;
import dev.sotto.experiment.run.WholeFile;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.FileTrouble;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.accounting.Accountant;
import dev.sotto.privacy.event.DpEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** sotto privacy curve. */
@Command(
        name = "curve",
        mixinStandardHelpOptions = true,
        description = {
            "The whole guarantee as a curve: epsilon for each delta, and the most that any attacker's test can detect for "
                    + "each rate of false alarms. Prints the points, and draws both as SVG with --out."
        },
        footer = {
            "",
            "Example:",
            "  sotto privacy curve --noise-multiplier 1 --rate 0.01 --steps 1000 \\",
            "      --out curve.svg"
        })
final class PrivacyCurveCommand implements Callable<Integer> {
    private static final int EXPONENTS = 12;
    private static final int TESTS = 50;
    private static final int PROMISES = 40;
    private static final double LARGEST_EXPONENT = 700;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RepeatedMechanism mechanism;

    @Option(names = "--out", paramLabel = "FILE.svg", description = "Draw the curves into this file.")
    private Path out;

    private record Point(double x, double y) {}

    @Override
    public Integer call() {
        DpEvent event = mechanism.event();
        List<Point> guarantee = guarantee(event);
        List<Point> tests = tests(event, guarantee);
        if (out != null) {
            draw(guarantee, tests);
        }
        Console console = Console.of(spec);
        console.result(mechanism.json() ? json(guarantee, tests).toString() : text(guarantee, tests));
        if (out != null) {
            console.remark("drawn into " + out);
        }
        return 0;
    }

    private void draw(List<Point> guarantee, List<Point> tests) {
        CurvePlot detections = new CurvePlot(
                "Most that any test detects",
                "false alarms",
                "detections",
                tests.stream().mapToDouble(Point::x).toArray(),
                tests.stream().mapToDouble(Point::y).toArray());
        CurvePlot epsilons = new CurvePlot(
                "Epsilon at each delta",
                "delta = 10^-x",
                "epsilon",
                guarantee.stream().mapToDouble(point -> -Math.log10(point.x())).toArray(),
                guarantee.stream().mapToDouble(Point::y).toArray());
        try {
            WholeFile.write(out, CurvePlot.svg(detections, epsilons));
        } catch (IOException e) {
            throw new ConfigException("--out " + out + ": it cannot be written: " + FileTrouble.words(out, e));
        }
    }

    private List<Point> guarantee(DpEvent event) {
        Accountant accountant = mechanism.accountant();
        List<Point> points = new ArrayList<>();
        for (int exponent = 1; exponent <= EXPONENTS; exponent++) {
            double delta = Double.parseDouble("1e-" + exponent);
            points.add(
                    new Point(delta, accountant.epsilon(event, new Delta(delta)).orInfinity()));
        }
        return points;
    }

    /**
     * The most that any test detects: under (epsilon, delta) detections are at most delta + e^epsilon times the false alarms,
     * and the same holds of misses and correct silence, for every epsilon at once (Kairouz, Oh, Viswanath 2015).
     */
    private List<Point> tests(DpEvent event, List<Point> guarantee) {
        Accountant accountant = mechanism.accountant();
        List<Point> promises = new ArrayList<>(guarantee);
        double most = guarantee.get(5).y();
        for (int i = 0; i < PROMISES && Double.isFinite(most); i++) {
            double epsilon = most * i / PROMISES;
            promises.add(new Point(accountant.delta(event, new Epsilon(epsilon)), epsilon));
        }
        List<Point> points = new ArrayList<>();
        for (int i = 0; i <= TESTS; i++) {
            double alarms = (double) i / TESTS;
            double detections = 1;
            for (Point promise : promises) {
                if (promise.y() < LARGEST_EXPONENT) {
                    double factor = Math.exp(promise.y());
                    detections = Math.min(detections, promise.x() + factor * alarms);
                    detections = Math.min(detections, 1 - (1 - promise.x() - alarms) / factor);
                }
            }
            points.add(new Point(alarms, Math.max(alarms, detections)));
        }
        return points;
    }

    private ObjectNode json(List<Point> guarantee, List<Point> tests) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("accountant", mechanism.accountant().name());
        ArrayNode epsilons = json.putArray("epsilons");
        guarantee.forEach(point -> epsilons.addObject()
                .put("delta", point.x())
                .put("epsilon", Double.isFinite(point.y()) ? point.y() : null));
        ArrayNode rates = json.putArray("tests");
        tests.forEach(
                point -> rates.addObject().put("falsePositiveRate", point.x()).put("truePositiveRate", point.y()));
        return json;
    }

    private static String text(List<Point> guarantee, List<Point> tests) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%10s %12s%n", "delta", "epsilon"));
        guarantee.forEach(point -> text.append(String.format(
                Locale.ROOT,
                "%10s %12s%n",
                PrivacyText.exactly(point.x()),
                Double.isFinite(point.y()) ? PrivacyText.atLeast(point.y()) : "none")));
        text.append(String.format(Locale.ROOT, "%n%12s %14s%n", "false alarms", "detections"));
        for (int i = 0; i < tests.size(); i += 5) {
            text.append(String.format(
                    Locale.ROOT,
                    "%11.0f%% %13.1f%%%n",
                    100 * tests.get(i).x(),
                    100 * tests.get(i).y()));
        }
        return text.toString().stripTrailing();
    }
}
