package dev.sotto.federation;

import dev.sotto.learning.GradientCorrection;
import dev.sotto.learning.OptimizerSpec.Sgd;
import java.util.Arrays;

/** What a task's method means for one client in one round. */
interface LocalRound {
    /** Plain training. */
    LocalRound PLAIN = new LocalRound() {};

    /** What is added to each gradient. */
    default GradientCorrection correction() {
        return GradientCorrection.NONE;
    }

    /**
     * The vector that leaves.
     *
     * @param delta trained minus received parameters; may be kept
     * @param steps taken
     */
    default float[] vector(float[] delta, int steps) {
        return delta;
    }

    /** The gradient of mu/2 |w - start|^2 is added. */
    static LocalRound proximal(float mu, float[] start) {
        return new LocalRound() {
            @Override
            public GradientCorrection correction() {
                return (parameters, gradient, from, to) -> {
                    for (int i = from; i < to; i++) {
                        gradient[i] += mu * (parameters[i] - start[i]);
                    }
                };
            }
        };
    }

    /** The same, and how many gradients' worth the parameters moved follows the update. */
    static LocalRound counted(float mu, float[] start, Sgd sgd, double rate) {
        LocalRound pulled = mu == 0 ? PLAIN : proximal(mu, start);
        return new LocalRound() {
            @Override
            public GradientCorrection correction() {
                return pulled.correction();
            }

            @Override
            public float[] vector(float[] delta, int steps) {
                double pull = sgd.learningRate() * rate * (mu + sgd.weightDecay());
                return followed(delta, sgd.accumulated(steps, pull));
            }
        };
    }

    private static float[] followed(float[] delta, double value) {
        float[] vector = Arrays.copyOf(delta, delta.length + 1);
        vector[delta.length] = (float) value;
        return vector;
    }

    /** The loss of the received model follows the update. */
    static LocalRound reporting(double loss) {
        return new LocalRound() {
            @Override
            public float[] vector(float[] delta, int steps) {
                return followed(delta, loss);
            }
        };
    }
}
