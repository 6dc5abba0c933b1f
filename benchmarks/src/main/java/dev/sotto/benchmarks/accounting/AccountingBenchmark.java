package dev.sotto.benchmarks.accounting;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.accounting.Calibration;
import dev.sotto.privacy.accounting.EpsilonAnswer;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SelfComposed;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Time of one answer, in milliseconds. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@State(Scope.Thread)
public class AccountingBenchmark {
    private static final Delta DELTA = new Delta(1e-5);

    /** Sampling rate, noise multiplier and steps. */
    @Param({"0.01:1:1000", "0.001:0.6:10000", "0.1:4:10000", "1e-5:0.5:100000", "0.05:0.3:10", "0.0042666667:1.1:14062"
    })
    public String run;

    private static DpEvent sgd(double rate, double sigma, long steps) {
        DpEvent gaussian = new Gaussian(sigma, 1, NeighbouringRelation.ADD_OR_REMOVE_ONE);
        return new SelfComposed(new PoissonSampled(rate, gaussian), steps);
    }

    private DpEvent event() {
        String[] parts = run.split(":", -1);
        return sgd(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]), Long.parseLong(parts[2]));
    }

    @Benchmark
    public EpsilonAnswer renyi() {
        return AccountantChoice.RDP.accountant().epsilon(event(), DELTA);
    }

    @Benchmark
    public EpsilonAnswer lossDistribution() {
        return AccountantChoice.PLD.accountant().epsilon(event(), DELTA);
    }

    @Benchmark
    public double noiseForEpsilonOne() {
        String[] parts = run.split(":", -1);
        double rate = Double.parseDouble(parts[0]);
        long steps = Long.parseLong(parts[2]);
        return Calibration.noiseMultiplier(
                AccountantChoice.PLD, new Epsilon(1), DELTA, sigma -> sgd(rate, sigma, steps));
    }
}
