package dev.sotto.benchmarks.engine;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time of one training step, private and plain, and of the yardstick. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
public class StepBenchmark {

    /** A model and a batch size. */
    @State(Scope.Thread)
    public static class Model {
        @Param({"lenet:32", "lenet:256", "mnist-cnn:32", "mnist-cnn:256", "pfl-cnn:10"})
        public String model;

        private Workload workload;

        @Setup
        public void compile() {
            int colon = model.indexOf(':');
            workload = Workload.of(model.substring(0, colon), Integer.parseInt(model.substring(colon + 1)));
        }
    }

    /** Two matrices. */
    @State(Scope.Thread)
    public static class Matrices {
        private final Sgemm sgemm = new Sgemm();
    }

    @Benchmark
    public void privateStep(Model model) {
        model.workload.privateStep();
    }

    @Benchmark
    public void plainStep(Model model) {
        model.workload.plainStep();
    }

    @Benchmark
    public void sgemm(Matrices matrices) {
        matrices.sgemm.multiply();
    }
}
