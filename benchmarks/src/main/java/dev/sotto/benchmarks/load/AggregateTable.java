package dev.sotto.benchmarks.load;

import dev.sotto.benchmarks.engine.Stopwatch;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.RefusedUpdateException;
import dev.sotto.federation.WeightedSum;
import dev.sotto.wire.Blobs;
import dev.sotto.wire.ByteSource;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Prints how many bytes of updates one core takes in per second, step by step. */
public final class AggregateTable {
    private static final int SLICES = 11;
    private static final int ROUND = 1;

    private AggregateTable() {}

    /** Measures. */
    public static void main(String[] args) {
        print(System.out);
    }

    static void print(PrintStream out) {
        LoadTable.line(out, "%-34s %12s %12s", "GB/s of one core, values:", "26,010", "1,626,442");
        row(out, "all values finite, and the sum", AggregateTable::checkedSum);
        row(out, "the sum", AggregateTable::sum);
        row(out, "SHA-256, on the network's threads", AggregateTable::digest);
    }

    private interface Step {
        Runnable on(float[] vector);
    }

    private static void row(PrintStream out, String name, Step step) {
        LoadTable.line(out, "%-34s %12.2f %12.2f", name, rate(26_010, step), rate(1_626_442, step));
    }

    private static double rate(int values, Step step) {
        float[] vector = new float[values];
        for (int i = 0; i < values; i++) {
            vector[i] = (float) Math.sin(i) * 1e-3f;
        }
        Stopwatch watch = new Stopwatch();
        Runnable call = step.on(vector);
        for (int i = 0; i < 2 * SLICES; i++) {
            if (i == SLICES) {
                watch.clear();
            }
            watch.slice(call);
        }
        return (double) Float.BYTES * values / watch.median() / 1e9;
    }

    private static ClientUpdate update(float[] vector) {
        return new ClientUpdate("load", ROUND, vector, 1, 1, OptionalDouble.empty(), Map.of());
    }

    private static Runnable sum(float[] vector) {
        ClientUpdate update = update(vector);
        WeightedSum sum = new WeightedSum(vector.length, ROUND, true, 1L << 30);
        return () -> sum.add(update);
    }

    private static Runnable checkedSum(float[] vector) {
        ClientUpdate update = update(vector);
        WeightedSum sum = new WeightedSum(vector.length, ROUND, true, 1L << 30);
        return () -> {
            RefusedUpdateException.requireFinite(update);
            sum.add(update);
        };
    }

    private static Runnable digest(float[] vector) {
        List<ByteSource> source = List.of(ByteSource.of(vector));
        return () -> {
            try {
                Blobs.of(source.get(0));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        };
    }
}
