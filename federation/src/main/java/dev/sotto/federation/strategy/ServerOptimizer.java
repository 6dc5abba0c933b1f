package dev.sotto.federation.strategy;

import dev.sotto.federation.MeanStrategy;
import dev.sotto.federation.Strategy;
import dev.sotto.privacy.Require;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What {@link FedAvgM}, {@link FedAdagrad}, {@link FedAdam} and {@link FedYogi} have in common: the mean update, its sign
 * turned, is taken for a gradient and handed to an optimizer at the server (Reddi et al., "Adaptive Federated Optimization",
 * 2021, algorithm 1). The optimizer's vectors, one or two the size of the model, are zero or a constant at the start and last
 * for a run.
 */
abstract sealed class ServerOptimizer implements MeanStrategy permits FedAvgM, AdaptiveOptimizer {
    private static final String MOMENTUM = "momentum";
    private static final String SECOND_MOMENT = "second-moment";

    final boolean byExamples;
    final double learningRate;
    private Optional<float[]> momentum = Optional.empty();
    private Optional<float[]> second = Optional.empty();

    ServerOptimizer(boolean byExamples, double learningRate) {
        this.byExamples = byExamples;
        this.learningRate = Require.positive("server learning rate", learningRate);
    }

    /** Returns {@code value} if it can be the factor of a decaying average. */
    static double decay(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be at least 0 and below 1");
        }
        return value;
    }

    @Override
    public final boolean usesExampleCounts() {
        return byExamples;
    }

    /** The running mean of updates. */
    final float[] momentum(int size) {
        if (momentum.isEmpty()) {
            momentum = Optional.of(new float[size]);
        }
        return momentum.get();
    }

    /** The running mean of squares. */
    final float[] second(int size, float initial) {
        if (second.isEmpty()) {
            float[] values = new float[size];
            Arrays.fill(values, initial);
            second = Optional.of(values);
        }
        return second.get();
    }

    @Override
    public final Map<String, float[]> state() {
        Map<String, float[]> state = new LinkedHashMap<>();
        momentum.ifPresent(values -> state.put(MOMENTUM, values.clone()));
        second.ifPresent(values -> state.put(SECOND_MOMENT, values.clone()));
        return state;
    }

    @Override
    public final void restore(Map<String, float[]> state) {
        momentum = Optional.ofNullable(state.get(MOMENTUM)).map(float[]::clone);
        second = Optional.ofNullable(state.get(SECOND_MOMENT)).map(float[]::clone);
    }

    @Override
    public abstract Strategy fresh();
}
