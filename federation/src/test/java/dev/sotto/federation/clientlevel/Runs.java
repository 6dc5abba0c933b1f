package dev.sotto.federation.clientlevel;

import dev.sotto.data.Shape;
import dev.sotto.learning.Layout;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.Presets;
import dev.sotto.privacy.random.Randomness;
import java.util.SplittableRandom;

/** Plans and updates that tests of mechanisms share. */
final class Runs {
    static final double DELTA = 1e-5;
    static final ClientSampling EVERYONE = new ClientSampling.Known(10, 10);

    private Runs() {}

    /** The layout of a model with that many parameters in one layer. */
    static Layout layout(int size) {
        ModelSpec model = Presets.named("logistic", Shape.of(size - 1), 1, Loss.MEAN_SQUARED_ERROR);
        return model.layout();
    }

    static ClientLevelMechanism mechanism(ClientLevelPlan plan, int size, long seed) {
        return plan.mechanism(layout(size), size, Randomness.seeded(seed));
    }

    /** A vector of a random direction and that length. */
    static float[] update(int size, double norm, SplittableRandom random) {
        double[] direction = new double[size];
        double squares = 0;
        for (int i = 0; i < size; i++) {
            direction[i] = random.nextDouble(-1, 1);
            squares += direction[i] * direction[i];
        }
        float[] vector = new float[size];
        for (int i = 0; i < size; i++) {
            vector[i] = (float) (direction[i] * norm / Math.sqrt(squares));
        }
        return vector;
    }

    /** Standard deviation about 0. */
    static double stddev(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares / values.length);
    }

    static float[] times(float[] values, double factor) {
        float[] scaled = values.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (scaled[i] * factor);
        }
        return scaled;
    }

    /**
     * Whether so many normal numbers of that standard deviation could have shown this one. The sum of squares over its
     * variance is chi-square; its normal approximation is off by less than the margin here. False alarms: 1e-6.
     */
    static boolean plausible(double shown, double stddev, int count) {
        double deviations = (shown * shown / (stddev * stddev) - 1) * Math.sqrt(count / 2.0);
        return Math.abs(deviations) < 5;
    }
}
