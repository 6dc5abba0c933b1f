package dev.sotto.learning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.data.Shape;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.ExampleLevelPlan;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.SamplingRate;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.accounting.Calibration;
import dev.sotto.privacy.clipping.FlatClipping;
import dev.sotto.privacy.random.Randomness;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * An attacker knows every example but one, and the direction in which that one pulls. It guesses from the trained
 * parameters whether the example was there or zeroed out: an example without a finite gradient is the null example.
 */
@DisplayName("Whether one example took part")
class MembershipTest {
    private static final int N = 50;
    private static final int STEPS = 5;
    private static final int TRIALS = 400;
    private static final double EPSILON = 1;
    private static final double DELTA = 1e-5;
    private static final Toy WITH = Toy.clouds(N, 6, 3).with(0, 50);
    private static final Toy WITHOUT = WITH.with(0, Float.NaN);
    private static final ModelSpec MODEL = Presets.named("logistic", Shape.of(6), 2, Loss.CROSS_ENTROPY);
    private static final LocalTraining TRAINING =
            new LocalTraining(Engine.named("jvm").compile(MODEL));

    private static ExampleLevelPlan plan(double sigma) {
        return ExampleLevelPlan.of(N, new SamplingRate(1), new NoiseMultiplier(sigma), FlatClipping.of(1));
    }

    /** The noise that (1, 1e-5) asks for over all steps. */
    private static double calibrated() {
        return Calibration.noiseMultiplier(
                AccountantChoice.RDP, new Epsilon(EPSILON), new Delta(DELTA), s -> plan(s).events(0, STEPS));
    }

    /** How far training went in the example's direction. */
    private static double pull(Toy examples, double sigma, int trial) {
        float[] direction = new float[MODEL.layout().size()];
        TRAINING.network().sumGradients(new float[direction.length], WITH.batch(0), direction);
        Randomness randomness = Randomness.seeded(trial);
        float[] parameters = new float[direction.length];
        TRAINING.trainPrivately(
                examples,
                parameters,
                TrainingSettings.of(OptimizerSpec.sgd(1), N),
                1,
                STEPS,
                plan(sigma).mechanism(N, 0, randomness.stream("sampling"), randomness.stream("noise")),
                randomness.stream("dropout"),
                GradientCorrection.NONE);
        double dot = 0;
        for (int i = 0; i < parameters.length; i++) {
            dot -= parameters[i] * direction[i];
        }
        return dot;
    }

    /** Share of right guesses where it was there, less the share of wrong guesses where it was not. */
    private static double advantage(double sigma) {
        double threshold = (pull(WITH, 1e-6, 0) + pull(WITHOUT, 1e-6, 0)) / 2;
        double guesses = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            guesses += pull(WITH, sigma, trial) > threshold ? 1 : 0;
            guesses -= pull(WITHOUT, sigma, TRIALS + trial) > threshold ? 1 : 0;
        }
        return guesses / TRIALS;
    }

    /** What (epsilon, delta) allows any attacker, and five standard errors: false alarm below 3e-7. */
    private static double allowed() {
        double most = (Math.expm1(EPSILON) + 2 * DELTA) / (Math.exp(EPSILON) + 1);
        return most + 5 * Math.sqrt(2 * 0.25 / TRIALS);
    }

    @Test
    void isHiddenByTheNoiseThatTheBudgetAsksFor() {
        assertThat(advantage(calibrated())).isLessThan(allowed());
    }

    @Test
    void isPlainToSeeWithATwentiethOfIt() {
        assertThat(advantage(calibrated() / 20)).isGreaterThan(allowed());
    }
}
