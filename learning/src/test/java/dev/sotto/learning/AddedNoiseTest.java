package dev.sotto.learning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.data.Shape;
import dev.sotto.privacy.ExampleLevelPlan;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.SamplingRate;
import dev.sotto.privacy.clipping.FlatClipping;
import dev.sotto.privacy.random.Randomness;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Measured on trained parameters, so that nothing between the mechanism and the model can lose or double the noise. */
@DisplayName("The noise that reaches the model")
class AddedNoiseTest {
    private static final int B = 50;
    private static final double C = 0.8;
    private static final Toy TOY = Toy.clouds(500, 784, 1);
    private static final ModelSpec MODEL = Presets.named("logistic", Shape.of(784), 2, Loss.CROSS_ENTROPY);
    private static final int RUNS = 40;

    /** One step at learning rate 1 from zero; runs with the same batch differ by their noise alone. */
    private static float[] step(double sigma, int run) {
        ExampleLevelPlan plan = ExampleLevelPlan.of(
                B, new SamplingRate((double) B / TOY.size()), new NoiseMultiplier(sigma), FlatClipping.of(C));
        Randomness seeded = Randomness.seeded(9);
        float[] parameters = new float[MODEL.layout().size()];
        new LocalTraining(Engine.named("jvm").compile(MODEL))
                .trainPrivately(
                        TOY,
                        parameters,
                        TrainingSettings.of(OptimizerSpec.sgd(1), B),
                        1,
                        1,
                        plan.mechanism(TOY.size(), 0, seeded.stream("sampling"), seeded.stream("noise/" + run)),
                        seeded.stream("dropout"),
                        GradientCorrection.NONE);
        return parameters;
    }

    /**
     * Two-sided chi-square test that the noise's standard deviation is {@code std}, by the cube-root approximation
     * (Wilson and Hilferty, 1931), exact to far below the alarm at these counts. False alarm: 6e-7 (5 sigma).
     */
    private static boolean hasStandardDeviation(double sigma, double std) {
        double squares = 0;
        long count = 0;
        for (int run = 0; run < RUNS; run += 2) {
            float[] one = step(sigma, run);
            float[] other = step(sigma, run + 1);
            for (int i = 0; i < one.length; i++, count++) {
                squares += Math.pow((one[i] - other[i]) / std, 2) / 2;
            }
        }
        double z = (Math.cbrt(squares / count) - (1 - 2.0 / (9 * count))) / Math.sqrt(2.0 / (9 * count));
        return Math.abs(z) < 5;
    }

    @Test
    void hasTheStandardDeviationSigmaTimesCOverB() {
        for (double sigma : new double[] {0.5, 1, 3}) {
            assertThat(hasStandardDeviation(sigma, sigma * C / B)).isTrue();
        }
    }

    @Test
    void wouldBeFoundOutIfItWereHalvedOrFivePercentShort() {
        assertThat(hasStandardDeviation(0.5, 1 * C / B)).isFalse();
        assertThat(hasStandardDeviation(0.95, 1 * C / B)).isFalse();
    }
}
