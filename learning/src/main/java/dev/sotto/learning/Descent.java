package dev.sotto.learning;

import dev.sotto.privacy.ReleasedValues;
import java.util.Arrays;

/**
 * Uses up the gradient of a step: corrects it, moves the parameters against it, and clears it for the next. Goes through
 * stretches that stay in cache, because a large model's gradient and parameters do not. One thread at a time.
 */
public final class Descent implements ReleasedValues {
    private static final int STRETCH = 2048;

    private final Optimizer optimizer;
    private final GradientCorrection correction;
    private final float[] parameters;

    /** Moves these parameters in place. */
    public Descent(Optimizer optimizer, GradientCorrection correction, float[] parameters) {
        this.optimizer = optimizer;
        this.correction = correction;
        this.parameters = parameters;
    }

    /**
     * Begins a step.
     *
     * @param rate multiplies the learning rate
     */
    public void begin(double rate) {
        optimizer.begin(rate);
    }

    /** Descends along a stretch of the gradient, which becomes zero. */
    @Override
    public void take(float[] gradient, int from, int to) {
        correction.correct(parameters, gradient, from, to);
        optimizer.move(parameters, gradient, from, to);
        Arrays.fill(gradient, from, to, 0f);
    }

    /** Descends along the whole of {@code sum} divided by {@code count}; the sum becomes zero. */
    public void takeMean(float[] sum, int count) {
        float scale = 1f / count;
        for (int from = 0; from < sum.length; from += STRETCH) {
            int to = Math.min(sum.length, from + STRETCH);
            for (int i = from; i < to; i++) {
                sum[i] *= scale;
            }
            take(sum, from, to);
        }
    }
}
