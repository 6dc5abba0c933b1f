package dev.sotto.benchmarks.engine;

import dev.sotto.learning.Engine;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * Prints one table: each model and batch size with its DP-SGD steps (noise included) and plain steps in examples per second
 * of one thread, how much longer the private step takes with and without the noise, and the share of this core's sgemm,
 * which is measured in turn with them.
 */
public final class StepTable {
    private static final int WARM_UP = 60;
    private static final int SLICES = 25;

    private StepTable() {}

    /** Measures; arguments are {@code model:batch}, default all of the published cells. */
    public static void main(String[] args) {
        List<String> cells = args.length > 0
                ? List.of(args)
                : List.of("lenet:32", "lenet:256", "mnist-cnn:32", "mnist-cnn:256", "pfl-cnn:10");
        System.out.println("engine: " + Engine.named("jvm").description());
        System.out.println(
                "model        batch    DP ex/s  plain ex/s  DP/plain  without noise  noise  MFLOP/ex  GFLOP/s  sgemm  share");
        for (String cell : cells) {
            int colon = cell.indexOf(':');
            measure(Workload.of(cell.substring(0, colon), Integer.parseInt(cell.substring(colon + 1))), System.out);
        }
    }

    private static void measure(Workload workload, PrintStream out) {
        Stopwatch dp = new Stopwatch();
        Stopwatch clipped = new Stopwatch();
        Stopwatch plain = new Stopwatch();
        Stopwatch yardstick = new Stopwatch();
        Sgemm sgemm = new Sgemm();
        for (int i = 0; i < WARM_UP + SLICES; i++) {
            if (i == WARM_UP) {
                List.of(dp, clipped, plain, yardstick).forEach(Stopwatch::clear);
            }
            dp.slice(workload::privateStep);
            plain.slice(workload::plainStep);
            clipped.slice(workload::clippedStep);
            if (i >= WARM_UP - 1) {
                yardstick.slice(sgemm::multiply);
            }
        }
        double flops = StepFlops.of(workload.spec()).total();
        double examples = workload.batchSize() / dp.median();
        double peak = sgemm.flops() / yardstick.median();
        out.println(String.format(
                Locale.ROOT,
                "%-12s %5d %10.0f %11.0f %9.2f %14.2f %5.1f%% %9.2f %8.1f %6.1f %5.0f%%",
                workload.spec().name(),
                workload.batchSize(),
                examples,
                workload.batchSize() / plain.median(),
                dp.median() / plain.median(),
                clipped.median() / plain.median(),
                100 * (1 - clipped.median() / dp.median()),
                flops / 1e6,
                examples * flops / 1e9,
                peak / 1e9,
                100 * examples * flops / peak));
    }
}
