package dev.sotto.federation;

import dev.sotto.data.Examples;
import dev.sotto.data.Shape;
import dev.sotto.data.TableExamples;
import dev.sotto.data.Target;
import dev.sotto.learning.Engine;
import dev.sotto.learning.LocalTraining;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.Presets;
import dev.sotto.learning.TrainingSettings;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/** Data and models small enough that a run takes milliseconds. */
final class Toys {
    static final int FEATURES = 5;
    static final ModelSpec MODEL = Presets.named("logistic", Shape.of(FEATURES), 2, Loss.CROSS_ENTROPY);
    static final TrainingSettings TRAINING = TrainingSettings.of(OptimizerSpec.sgd(0.2), 20);

    private Toys() {}

    /** Two overlapping clouds of points. */
    static Examples clouds(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] features = new float[count * FEATURES];
        int[] labels = new int[count];
        for (int n = 0; n < count; n++) {
            labels[n] = random.nextInt(2);
            for (int i = 0; i < FEATURES; i++) {
                features[n * FEATURES + i] = (float) (random.nextDouble(-1, 1) + (labels[n] - 0.5) * (i % 3));
            }
        }
        return TableExamples.classified("toy", Shape.of(FEATURES), Target.Classes.numbered(2), features, labels);
    }

    static LocalTraining training() {
        return new LocalTraining(Engine.named("jvm").compile(MODEL));
    }

    static float[] zeros() {
        return new float[MODEL.layout().size()];
    }

    static ClientUpdate update(String client, int round, int examples, float... delta) {
        return new ClientUpdate(client, round, delta, examples, 1, OptionalDouble.empty(), Map.of());
    }

    static double norm(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    static float[] filled(int size, float value) {
        float[] values = new float[size];
        Arrays.fill(values, value);
        return values;
    }
}
