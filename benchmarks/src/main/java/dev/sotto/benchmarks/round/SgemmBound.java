package dev.sotto.benchmarks.round;

import dev.sotto.benchmarks.engine.Sgemm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** What matrix multiplication reaches on that many cores at once, in operations per second of processor time. */
final class SgemmBound {
    private static final int PRODUCTS = 20;

    private final List<Sgemm> cores;
    private final List<Double> rates = new ArrayList<>();

    SgemmBound(int cores) {
        this.cores = IntStream.range(0, cores).mapToObj(core -> new Sgemm()).toList();
    }

    /** Measures once more, on all cores at the same time. */
    void measure() {
        rates.add(cores.parallelStream().mapToDouble(SgemmBound::rate).sum());
    }

    private static double rate(Sgemm core) {
        core.multiply();
        long start = RoundClock.now();
        for (int i = 0; i < PRODUCTS; i++) {
            core.multiply();
        }
        return core.flops() * PRODUCTS / ((RoundClock.now() - start) / 1e9);
    }

    /** The median of what was measured. */
    double rate() {
        List<Double> sorted = new ArrayList<>(rates);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }
}
