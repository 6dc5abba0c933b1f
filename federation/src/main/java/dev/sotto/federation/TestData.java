package dev.sotto.federation;

import dev.sotto.data.Examples;
import dev.sotto.learning.Batch;
import dev.sotto.learning.Engine;
import dev.sotto.learning.Evaluation;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Central test data, public to the federation: evaluating on it costs no privacy. Evaluates on several threads; pieces are
 * added up in the order of the examples, so the numbers do not depend on how many.
 */
public final class TestData implements AutoCloseable {
    private static final int PIECE = 512;

    private final Examples examples;
    private final int[] indices;
    private final int outputs;
    private final List<Metric> metrics;
    private final ThreadLocal<Network> networks;
    private final ExecutorService threads;

    /** What a model scored. */
    public record Scores(Evaluation evaluation, Map<String, Double> metrics) {}

    /** Test data for models of that spec. */
    public TestData(Examples examples, Engine engine, ModelSpec model, List<Metric> metrics, int threads) {
        this.examples = examples;
        this.indices = new int[examples.size()];
        Arrays.setAll(indices, i -> i);
        this.outputs = model.outputs();
        this.metrics = List.copyOf(metrics);
        this.networks = ThreadLocal.withInitial(() -> engine.compile(model));
        this.threads = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "sotto-evaluation");
            thread.setDaemon(true);
            return thread;
        });
    }

    private record Piece(Evaluation evaluation, float[] predictions) {}

    /** Evaluates a model. */
    public Scores evaluate(float[] parameters) {
        List<Future<Piece>> pieces = new ArrayList<>();
        for (int from = 0; from < indices.length; from += PIECE) {
            Batch batch = new Batch(examples, indices, from, Math.min(indices.length, from + PIECE), 0);
            pieces.add(threads.submit(() -> evaluate(parameters, batch)));
        }
        Evaluation total = Evaluation.NONE;
        List<Metric.Tally> tallies = metrics.stream().map(Metric::tally).toList();
        int index = 0;
        for (Future<Piece> future : pieces) {
            Piece piece = await(future);
            total = total.plus(piece.evaluation());
            for (int at = 0; at < piece.predictions().length; at += outputs, index++) {
                for (Metric.Tally tally : tallies) {
                    tally.add(piece.predictions(), at, outputs, examples, index);
                }
            }
        }
        Map<String, Double> values = new LinkedHashMap<>();
        for (int i = 0; i < tallies.size(); i++) {
            values.put(metrics.get(i).name(), tallies.get(i).value());
        }
        return new Scores(total, values);
    }

    private Piece evaluate(float[] parameters, Batch batch) {
        Network network = networks.get();
        float[] predictions = new float[metrics.isEmpty() ? 0 : batch.size() * outputs];
        if (predictions.length > 0) {
            network.predict(parameters, batch, predictions);
        }
        return new Piece(network.evaluate(parameters, batch), predictions);
    }

    private static Piece await(Future<Piece> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while evaluating", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("evaluation failed: " + e.getCause().getMessage(), e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
