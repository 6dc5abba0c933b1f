package dev.sotto.federation.strategy;

import dev.sotto.federation.LocalMethod;
import dev.sotto.federation.MeanStrategy;
import dev.sotto.privacy.Require;
import java.util.Map;
import java.util.Optional;

/**
 * SCAFFOLD (Karimireddy et al., "SCAFFOLD: Stochastic Controlled Averaging for Federated Learning", 2020, algorithm 1, option
 * II): clients correct their drift by c - c_i, the difference between the common control variate and their own. An update is
 * the model's change followed by that of c_i, one vector, so client-level privacy clips both together; then
 *
 * <pre>  w = w + eta mean(delta);  c = c + |S|/N mean(delta_c)</pre>
 *
 * so that c stays the mean of all c_i, were nothing clipped, noised or lost. Clients keep their c_i from round to round, and
 * must train with gradient descent. One run per instance; one thread at a time.
 */
public final class Scaffold implements MeanStrategy {
    private static final String NAME = "control-variate";

    private final boolean byExamples;
    private final double learningRate;
    private float[] common = new float[0];

    /**
     * At the start of a run.
     *
     * @param byExamples whether an update weighs its client's examples, or all weigh the same as in the paper
     * @param learningRate eta of the server, above 0; 1 in the paper's experiments
     */
    public Scaffold(boolean byExamples, double learningRate) {
        this.byExamples = byExamples;
        this.learningRate = Require.positive("server learning rate", learningRate);
    }

    @Override
    public String name() {
        return "scaffold";
    }

    @Override
    public boolean usesExampleCounts() {
        return byExamples;
    }

    @Override
    public LocalMethod method() {
        return new LocalMethod.ControlVariates();
    }

    @Override
    public float[] extra() {
        return common.clone();
    }

    @Override
    public void step(float[] parameters, float[] mean, double share) {
        FedAvg.move(parameters, learningRate, mean);
        int size = parameters.length;
        common = common.length == 0 ? new float[size] : common;
        for (int i = 0; i < size; i++) {
            common[i] += (float) (share * mean[size + i]);
        }
    }

    @Override
    public Scaffold fresh() {
        return new Scaffold(byExamples, learningRate);
    }

    @Override
    public Map<String, float[]> state() {
        return common.length == 0 ? Map.of() : Map.of(NAME, common.clone());
    }

    @Override
    public void restore(Map<String, float[]> state) {
        common = Optional.ofNullable(state.get(NAME)).map(float[]::clone).orElseGet(() -> new float[0]);
    }
}
