package dev.sotto.learning;

import dev.sotto.learning.OptimizerSpec.Adagrad;
import dev.sotto.learning.OptimizerSpec.Adam;
import dev.sotto.learning.OptimizerSpec.AdamW;
import dev.sotto.learning.OptimizerSpec.Sgd;

/** The state of an {@link OptimizerSpec}: at most two values per parameter. One thread at a time. */
public final class Optimizer {
    private final OptimizerSpec spec;
    private final float[] first;
    private final float[] second;
    private int steps;
    private double step;

    Optimizer(OptimizerSpec spec, int size) {
        this.spec = spec;
        boolean plain = spec instanceof Sgd sgd && sgd.momentum() == 0;
        this.first = new float[plain ? 0 : size];
        this.second = new float[spec instanceof Adam || spec instanceof AdamW ? size : 0];
    }

    /**
     * Moves the parameters against the gradient.
     *
     * @param rate multiplies the learning rate: what a schedule says for this step
     */
    public void step(float[] parameters, float[] gradient, double rate) {
        begin(rate);
        move(parameters, gradient, 0, parameters.length);
    }

    /** Begins a step whose {@link #move}s follow, one for each stretch of the parameters. */
    void begin(double rate) {
        steps++;
        step = spec.learningRate() * rate;
    }

    /** Moves {@code parameters[from .. to)}. */
    void move(float[] parameters, float[] gradient, int from, int to) {
        if (spec instanceof Sgd sgd) {
            descend(sgd, parameters, gradient, from, to);
        } else if (spec instanceof Adam adam) {
            adapt(parameters, gradient, from, to, adam.beta1(), adam.beta2(), adam.epsilon(), adam.weightDecay(), 0);
        } else if (spec instanceof AdamW adam) {
            double kept = step * adam.weightDecay();
            adapt(parameters, gradient, from, to, adam.beta1(), adam.beta2(), adam.epsilon(), 0, kept);
        } else if (spec instanceof Adagrad adagrad) {
            accumulate(adagrad, parameters, gradient, from, to);
        }
    }

    private void descend(Sgd sgd, float[] parameters, float[] gradient, int from, int to) {
        float size = (float) step;
        float momentum = (float) sgd.momentum();
        float decay = (float) sgd.weightDecay();
        if (first.length == 0) {
            for (int i = from; i < to; i++) {
                parameters[i] -= size * (gradient[i] + decay * parameters[i]);
            }
            return;
        }
        for (int i = from; i < to; i++) {
            first[i] = momentum * first[i] + gradient[i] + decay * parameters[i];
            parameters[i] -= size * first[i];
        }
    }

    private void adapt(
            float[] parameters,
            float[] gradient,
            int from,
            int to,
            double beta1,
            double beta2,
            double epsilon,
            double coupled,
            double decoupled) {
        float b1 = (float) beta1;
        float b2 = (float) beta2;
        float decay = (float) coupled;
        float keep = (float) (1 - decoupled);
        double secondBias = Math.sqrt(1 - Math.pow(beta2, steps));
        float scale = (float) (step * secondBias / (1 - Math.pow(beta1, steps)));
        float floor = (float) (epsilon * secondBias);
        for (int i = from; i < to; i++) {
            float g = gradient[i] + decay * parameters[i];
            first[i] = b1 * first[i] + (1 - b1) * g;
            second[i] = b2 * second[i] + (1 - b2) * g * g;
            parameters[i] = keep * parameters[i] - scale * first[i] / ((float) Math.sqrt(second[i]) + floor);
        }
    }

    private void accumulate(Adagrad adagrad, float[] parameters, float[] gradient, int from, int to) {
        float size = (float) step;
        float decay = (float) adagrad.weightDecay();
        float epsilon = (float) adagrad.epsilon();
        for (int i = from; i < to; i++) {
            float g = gradient[i] + decay * parameters[i];
            first[i] += g * g;
            parameters[i] -= size * g / ((float) Math.sqrt(first[i]) + epsilon);
        }
    }
}
