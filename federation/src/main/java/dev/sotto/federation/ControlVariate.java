package dev.sotto.federation;

import dev.sotto.learning.GradientCorrection;
import dev.sotto.learning.OptimizerSpec.Sgd;
import dev.sotto.learning.TrainingSettings;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * A client's control variate c_i: its estimate of its own mean gradient, kept from round to round (Karimireddy et al.,
 * "SCAFFOLD: Stochastic Controlled Averaging for Federated Learning", 2020, algorithm 1, option II). Each gradient is
 * corrected by c - c_i. After K steps at rate eta that moved the parameters by delta,
 *
 * <pre>  c_i' = c_i - c - delta / (K eta),</pre>
 *
 * where under momentum the sum of the gradients' weights stands for K. Under example-level privacy delta was released, so
 * all of this is post-processing. Zero before the first round. One thread at a time.
 */
final class ControlVariate {
    private static final String NAME = "control-variate";

    private float[] own = new float[0];

    LocalRound round(RoundTask task, TrainingSettings settings, double rate) {
        int size = task.parameters().length;
        Sgd sgd = Client.descent(settings);
        float[] common = task.extra().length == 0 ? new float[size] : task.extra();
        if (own.length == 0) {
            own = new float[size];
        }
        if (common.length != size || own.length != size) {
            throw new IllegalArgumentException("control variates have " + common.length + " and " + own.length
                    + " values, but the model has " + size + " parameters");
        }
        return new LocalRound() {
            @Override
            public GradientCorrection correction() {
                return (parameters, gradient, from, to) -> {
                    for (int i = from; i < to; i++) {
                        gradient[i] += common[i] - own[i];
                    }
                };
            }

            @Override
            public float[] vector(float[] delta, int steps) {
                double moved = sgd.learningRate() * rate * sgd.accumulated(steps, 0);
                float[] vector = Arrays.copyOf(delta, 2 * size);
                boolean finite = true;
                for (int i = 0; i < size; i++) {
                    vector[size + i] = (float) (-common[i] - delta[i] / moved);
                    finite &= Float.isFinite(vector[size + i]);
                }
                // What is not finite will be refused, and must not spoil later rounds.
                for (int i = 0; finite && i < size; i++) {
                    own[i] += vector[size + i];
                }
                return vector;
            }
        };
    }

    Map<String, float[]> state() {
        return own.length == 0 ? Map.of() : Map.of(NAME, own.clone());
    }

    void restore(Map<String, float[]> state) {
        own = Optional.ofNullable(state.get(NAME)).map(float[]::clone).orElseGet(() -> new float[0]);
    }
}
