package dev.sotto.benchmarks.accounting;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.accounting.Calibration;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SelfComposed;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * How long an answer takes over the whole grid of questions that other libraries' figures are compared on: the median and the
 * slowest question, each the median of several times, in milliseconds of processor time, so that a busy machine shows the
 * same.
 */
public final class AccountingTable {
    private static final int REPETITIONS = 5;
    private static final double[] DELTAS = {1e-5, 1e-6, 1e-8, 1e-10};
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final List<String> RUNS = List.of(
            "0.01:1:1",
            "0.01:1:10",
            "0.01:1:100",
            "0.01:1:1000",
            "0.01:1:10000",
            "0.01:1:100000",
            "1e-5:0.3:1",
            "1e-5:0.3:1000",
            "1e-5:0.5:100000",
            "1e-5:1:100000",
            "1e-5:20:100000",
            "1e-4:0.4:10000",
            "1e-4:0.8:100000",
            "1e-3:0.3:100",
            "1e-3:0.6:10000",
            "1e-3:1.1:100000",
            "0.004266667:1.1:14062",
            "0.004266667:1.3:3515",
            "0.024:0.7:417",
            "0.02048:1.5:1220",
            "0.05:0.3:10",
            "0.05:2:1000",
            "0.1:0.5:100",
            "0.1:1:100",
            "0.1:4:10000",
            "0.1:20:100000",
            "0.2:2:100",
            "0.5:5:1000",
            "0.9:10:100",
            "0.00248:0.62:100");

    private record Question(double rate, double sigma, long steps, double delta) {
        static Stream<Question> of(String run) {
            String[] parts = run.split(":", -1);
            return DoubleStream.of(DELTAS)
                    .mapToObj(delta -> new Question(
                            Double.parseDouble(parts[0]),
                            Double.parseDouble(parts[1]),
                            Long.parseLong(parts[2]),
                            delta));
        }

        DpEvent event(double noise) {
            DpEvent gaussian = new Gaussian(noise, 1, NeighbouringRelation.ADD_OR_REMOVE_ONE);
            return new SelfComposed(new PoissonSampled(rate, gaussian), steps);
        }

        double epsilon(AccountantChoice choice) {
            return choice.accountant().epsilon(event(sigma), new Delta(delta)).orInfinity();
        }

        double noiseForEpsilonOne() {
            return Calibration.noiseMultiplier(AccountantChoice.PLD, new Epsilon(1), new Delta(delta), this::event);
        }
    }

    private AccountingTable() {}

    /** Prints the table. */
    public static void main(String[] arguments) {
        List<Question> questions = RUNS.stream().flatMap(Question::of).toList();
        System.out.printf(Locale.ROOT, "%d questions; milliseconds of processor time%n", questions.size());
        System.out.printf("%-28s %8s %8s  %s%n", "", "median", "slowest", "slowest question");
        row("RDP", questions, question -> question.epsilon(AccountantChoice.RDP));
        row("PLD", questions, question -> question.epsilon(AccountantChoice.PLD));
        List<Question> some =
                questions.stream().filter(question -> question.delta == 1e-5).toList();
        row("noise for epsilon 1, PLD", some, Question::noiseForEpsilonOne);
    }

    private static void row(String name, List<Question> questions, ToDoubleFunction<Question> answer) {
        double[][] times = new double[questions.size()][REPETITIONS];
        // One more round than is kept: the first warms up.
        for (int round = -1; round < REPETITIONS; round++) {
            for (int i = 0; i < times.length; i++) {
                long start = THREADS.getCurrentThreadCpuTime();
                double answered = answer.applyAsDouble(questions.get(i));
                times[i][Math.max(round, 0)] = answered < 0
                        ? Double.NaN // never: the answer must be used, or it need not be worked out
                        : (THREADS.getCurrentThreadCpuTime() - start) / 1e6;
            }
        }
        double[] medians =
                Arrays.stream(times).mapToDouble(AccountingTable::median).toArray();
        int slowest = 0;
        for (int i = 0; i < medians.length; i++) {
            slowest = medians[i] > medians[slowest] ? i : slowest;
        }
        System.out.printf(
                Locale.ROOT,
                "%-28s %8.2f %8.2f  %s%n",
                name,
                median(medians),
                medians[slowest],
                questions.get(slowest));
    }

    private static double median(double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
