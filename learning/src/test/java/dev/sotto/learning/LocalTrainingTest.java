package dev.sotto.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.data.Shape;
import dev.sotto.privacy.ClipPer;
import dev.sotto.privacy.ExampleLevelPlan;
import dev.sotto.privacy.ExampleMechanism;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.SamplingRate;
import dev.sotto.privacy.Schedule;
import dev.sotto.privacy.clipping.FlatClipping;
import dev.sotto.privacy.random.RandomStream;
import dev.sotto.privacy.random.Randomness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Training at one client")
class LocalTrainingTest {
    private static final int N = 200;
    private static final int B = 20;
    private static final double C = 0.5;
    private static final Toy TOY = Toy.clouds(N, 5, 11);
    private static final ModelSpec MODEL = Presets.named("logistic", Shape.of(5), 2, Loss.CROSS_ENTROPY);
    /** One unit of learning rate: a step moves the parameters by exactly what was released. */
    private static final TrainingSettings DESCENT = TrainingSettings.of(OptimizerSpec.sgd(1), B);

    private static LocalTraining training(ModelSpec model) {
        return new LocalTraining(Engine.named("jvm").compile(model));
    }

    private static ExampleLevelPlan plan(double sigma, ClipPer clipPer) {
        return new ExampleLevelPlan(
                NeighbouringRelation.ZERO_OUT,
                B,
                new SamplingRate((double) B / N),
                new NoiseMultiplier(sigma),
                FlatClipping.of(C),
                clipPer,
                Schedule.constant(),
                Schedule.constant());
    }

    private static ExampleMechanism mechanism(ExampleLevelPlan plan, long seed) {
        Randomness randomness = Randomness.seeded(seed);
        return plan.mechanism(N, 0, randomness.stream("sampling"), randomness.stream("noise"));
    }

    private static RandomStream dropout() {
        return Randomness.seeded(3).stream("dropout");
    }

    private static float[] parameters(ModelSpec model) {
        return Initialization.draw(model, Randomness.seeded(2).stream("initial"));
    }

    private static float[] trainPrivately(
            Toy examples, ModelSpec model, TrainingSettings settings, int steps, ExampleMechanism mechanism) {
        float[] parameters = parameters(model);
        LocalTraining.Outcome outcome = training(model)
                .trainPrivately(
                        examples, parameters, settings, 1, steps, mechanism, dropout(), GradientCorrection.NONE);
        assertThat(outcome.steps()).isEqualTo(steps);
        assertThat(mechanism.step()).isEqualTo(steps);
        return parameters;
    }

    /** What one private step does, written out: the drawn examples but {@code left}, clipped, summed, released. */
    private static float[] oneStepByHand(ExampleMechanism mechanism, int left) {
        int[] drawn = Arrays.stream(mechanism.sample()).filter(i -> i != left).toArray();
        float[] parameters = parameters(MODEL);
        float[] sum = new float[parameters.length];
        training(MODEL)
                .network()
                .sumClippedGradients(
                        parameters, TOY.batch(drawn), mechanism.clipFactors(), sum, new float[drawn.length]);
        mechanism.release(sum);
        for (int i = 0; i < sum.length; i++) {
            parameters[i] -= sum[i];
        }
        return parameters;
    }

    @Test
    void theSumIsDividedByTheConstantBatchNotByTheNumberDrawn() {
        ExampleLevelPlan quiet = plan(1e-6, ClipPer.EXAMPLE);
        int[] drawn = mechanism(quiet, 1).sample();
        assertThat(drawn.length).as("a draw that tells the two apart").isNotEqualTo(B);
        float[] start = parameters(MODEL);
        float[] trained = trainPrivately(TOY, MODEL, DESCENT, 1, mechanism(quiet, 1));

        float[] sum = new float[start.length];
        for (int example : drawn) {
            float[] gradient = new float[start.length];
            training(MODEL).network().sumGradients(start, TOY.batch(example), gradient);
            double norm = norm(gradient);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += (float) (gradient[i] * Math.min(1, C / norm));
            }
        }
        for (int i = 0; i < sum.length; i++) {
            assertThat(start[i] - trained[i]).isCloseTo(sum[i] / B, within(1e-5f));
        }
        double byDrawn = norm(sum) / drawn.length;
        assertThat(Math.abs(byDrawn - norm(sum) / B))
                .as("the mistake would show")
                .isGreaterThan(1e-3);
    }

    @Test
    void theSizeOfThePhysicalBatchChangesNothing() {
        ModelSpec mlp = Presets.named("mlp-784-64-32-10", Shape.of(5), 2, Loss.CROSS_ENTROPY);
        TrainingSettings inSevens = new TrainingSettings(OptimizerSpec.adam(0.05), 1, 0, B, 7, 1);
        TrainingSettings atOnce = new TrainingSettings(OptimizerSpec.adam(0.05), 1, 0, B, 64, 1);
        ExampleLevelPlan plan = plan(1, ClipPer.EXAMPLE);
        assertClose(
                trainPrivately(TOY, mlp, inSevens, 20, mechanism(plan, 1)),
                trainPrivately(TOY, mlp, atOnce, 20, mechanism(plan, 1)),
                1e-5);
        float[] pieces = parameters(mlp);
        float[] whole = parameters(mlp);
        training(mlp).train(TOY, pieces, inSevens, 1, dropout(), GradientCorrection.NONE);
        training(mlp).train(TOY, whole, atOnce, 1, dropout(), GradientCorrection.NONE);
        assertClose(pieces, whole, 1e-5);
    }

    @Test
    void anEmptyBatchIsAStepThatReleasesNoiseAlone() {
        ExampleLevelPlan rare =
                ExampleLevelPlan.of(1, new SamplingRate(1.0 / N), new NoiseMultiplier(2), FlatClipping.of(C));
        long seed = 0;
        while (mechanism(rare, seed).sample().length > 0) {
            seed++;
        }
        float[] start = parameters(MODEL);
        float[] trained = trainPrivately(TOY, MODEL, DESCENT, 1, mechanism(rare, seed));
        float[] noise = new float[start.length];
        mechanism(rare, seed).release(noise);
        assertThat(norm(noise)).isGreaterThan(0);
        for (int i = 0; i < start.length; i++) {
            assertThat(start[i] - trained[i]).isCloseTo(noise[i], within(1e-6f));
        }
    }

    @Test
    void anExampleWithoutAFiniteGradientAddsNothingAndTrainingGoesOn() {
        ExampleLevelPlan plan = plan(1, ClipPer.EXAMPLE);
        int broken = mechanism(plan, 1).sample()[0];
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            Toy examples = TOY.with(broken, value);
            assertClose(
                    trainPrivately(examples, MODEL, DESCENT, 1, mechanism(plan, 1)),
                    oneStepByHand(mechanism(plan, 1), broken),
                    1e-6);
            assertFinite(trainPrivately(examples, MODEL, DESCENT, 50, mechanism(plan, 1)));
        }
    }

    @Test
    void perBatchTheMeanGradientIsClippedAsAWhole() {
        ExampleLevelPlan quiet = plan(1e-6, ClipPer.BATCH);
        float[] start = parameters(MODEL);
        float[] trained = trainPrivately(TOY, MODEL, DESCENT, 1, mechanism(quiet, 1));
        float[] sum = new float[start.length];
        training(MODEL)
                .network()
                .sumGradients(start, TOY.batch(mechanism(quiet, 1).sample()), sum);
        double factor = Math.min(1, C / (norm(sum) / B)) / B;
        for (int i = 0; i < start.length; i++) {
            assertThat(start[i] - trained[i]).isCloseTo((float) (sum[i] * factor), within(1e-5f));
        }
    }

    @Test
    void perBatchABatchWithoutAFiniteGradientIsNoiseAlone() {
        ExampleLevelPlan plan = plan(1, ClipPer.BATCH);
        int broken = mechanism(plan, 1).sample()[0];
        assertFinite(trainPrivately(TOY.with(broken, Float.NaN), MODEL, DESCENT, 50, mechanism(plan, 1)));
    }

    @Test
    void withoutPrivacyALossThatIsNotFiniteStopsTraining() {
        TrainingSettings epochs = DESCENT.withEpochs(3);
        assertThatThrownBy(() -> training(MODEL)
                        .train(
                                TOY.with(17, Float.NaN),
                                parameters(MODEL),
                                epochs,
                                1,
                                dropout(),
                                GradientCorrection.NONE))
                .isInstanceOf(DivergedException.class)
                .hasMessageMatching(
                        "training diverged: the loss is NaN after step \\d+ of 30; lower the learning rate");
    }

    @Test
    void withoutPrivacyParametersThatAreNotFiniteAfterTheLastStepStopTraining() {
        TrainingSettings one = new TrainingSettings(new OptimizerSpec.Sgd(1e38, 0, 1e3), 1, 1, B, B, 1);
        assertThatThrownBy(
                        () -> training(MODEL).train(TOY, parameters(MODEL), one, 1, dropout(), GradientCorrection.NONE))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("parameters are not finite after step 1 of 1");
    }

    @Test
    void withoutPrivacyEveryExampleIsSeenOnceAnEpoch() {
        // A step too long to take twice: 200 examples in batches of 64 are 4 steps, the last of 8 examples.
        TrainingSettings settings = TrainingSettings.of(OptimizerSpec.sgd(1e-9), 64);
        float[] parameters = parameters(MODEL);
        LocalTraining.Outcome outcome =
                training(MODEL).train(TOY, parameters, settings, 1, dropout(), GradientCorrection.NONE);
        assertThat(outcome.steps()).isEqualTo(4);
        Evaluation whole = training(MODEL).network().evaluate(parameters(MODEL), TOY.all());
        assertThat(outcome.loss()).isCloseTo(whole.loss(), within(1e-6));
    }

    @Test
    void trainingLowersTheLossWithAndWithoutPrivacy() {
        TrainingSettings settings =
                TrainingSettings.of(OptimizerSpec.adam(0.05), B).withEpochs(10);
        Network network = training(MODEL).network();
        double before = network.evaluate(parameters(MODEL), TOY.all()).loss();
        float[] plain = parameters(MODEL);
        training(MODEL).train(TOY, plain, settings, 1, dropout(), GradientCorrection.NONE);
        float[] noised = trainPrivately(TOY, MODEL, settings, 100, mechanism(plan(1, ClipPer.EXAMPLE), 1));
        assertThat(network.evaluate(plain, TOY.all()).loss()).isLessThan(before / 2);
        assertThat(network.evaluate(noised, TOY.all()).loss()).isLessThan(before / 2);
    }

    @Test
    void stepsFollowFromEpochsAndTheRate() {
        TrainingSettings settings =
                TrainingSettings.of(OptimizerSpec.sgd(0.1), 256).withEpochs(2);
        assertThat(settings.stepsPerRound(24_140)).isEqualTo(190);
        assertThat(settings.privateStepsPerRound(24_140)).isEqualTo(188);
        assertThat(settings.privateStepsPerRound(256)).isEqualTo(2);
        TrainingSettings fixed = new TrainingSettings(OptimizerSpec.sgd(0.1), 2, 7, 256, 256, 1);
        assertThat(fixed.stepsPerRound(24_140)).isEqualTo(7);
        assertThat(fixed.privateStepsPerRound(24_140)).isEqualTo(7);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        OptimizerSpec sgd = OptimizerSpec.sgd(0.1);
        assertThatThrownBy(() -> TrainingSettings.of(sgd, 0)).hasMessage("batch size is 0; it must be at least 1");
        assertThatThrownBy(() -> TrainingSettings.of(sgd, 8).withEpochs(0))
                .hasMessage("epochs is 0; it must be at least 1");
        assertThatThrownBy(() -> new TrainingSettings(sgd, 1, 0, 8, 0, 1))
                .hasMessage("physical batch size is 0; it must be at least 1");
        assertThatThrownBy(() -> new TrainingSettings(sgd, 1, -1, 8, 8, 1))
                .hasMessage("steps is -1; it must be at least 0");
        assertThatThrownBy(() -> new TrainingSettings(sgd, 1, 0, 8, 8, 0))
                .hasMessage("rate decay is 0.0; it must be a finite number above 0");
    }

    private static double norm(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares);
    }

    private static void assertClose(float[] actual, float[] expected, double tolerance) {
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], within(tolerance));
        }
    }

    private static void assertFinite(float[] values) {
        for (float value : values) {
            assertThat(value).isFinite();
        }
    }

    @Test
    void tellsWhoWatchesOfEachStepAndChangesNothingByIt() {
        LocalTraining training = training(MODEL);
        List<String> told = new ArrayList<>();
        float[] watched = parameters(MODEL);
        training.watched((done, of) -> told.add(done + "/" + of));
        training.trainPrivately(
                TOY,
                watched,
                DESCENT,
                1,
                3,
                mechanism(plan(1, ClipPer.EXAMPLE), 7),
                dropout(),
                GradientCorrection.NONE);
        assertThat(told).containsExactly("1/3", "2/3", "3/3");
        told.clear();
        training.train(TOY, parameters(MODEL), DESCENT, 1, dropout(), GradientCorrection.NONE);
        assertThat(told).hasSize(N / B).endsWith("10/10");

        float[] alone = parameters(MODEL);
        training(MODEL)
                .trainPrivately(
                        TOY,
                        alone,
                        DESCENT,
                        1,
                        3,
                        mechanism(plan(1, ClipPer.EXAMPLE), 7),
                        dropout(),
                        GradientCorrection.NONE);
        assertThat(watched).isEqualTo(alone);
    }
}
