package dev.sotto.learning.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.data.Shape;
import dev.sotto.kernels.Kernels;
import dev.sotto.learning.LayerSpec.Linear;
import dev.sotto.learning.LocalTraining;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.ExampleLevelPlan;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.SamplingRate;
import dev.sotto.privacy.clipping.FlatClipping;
import dev.sotto.privacy.random.Randomness;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The sum of a large private batch")
class LargeBatchTest {
    private static final ModelSpec MODEL =
            new ModelSpec("one", Shape.of(1), List.of(new Linear(1)), Loss.MEAN_SQUARED_ERROR);
    private static final int HALF = 4096;

    /**
     * The example's own gradient is 0.5 long in each of two values. With it, a float sum of half the examples reaches a power of
     * two; what each of the other half adds is then rounded to twice as much as without it.
     */
    @ParameterizedTest(name = "physical batch of {0}")
    @ValueSource(ints = {64, 256, 100_000})
    @DisplayName("is not moved further by an example than by its clipped gradient")
    void anExampleMovesItNoFurtherThanItsGradient(int physical) {
        Samples samples = Samples.of(MODEL, 2 * HALF, 1);
        float small = 0.7f * Math.ulp(0.5f * HALF);
        for (int n = 0; n < samples.size(); n++) {
            samples.rows()[n][0] = 1;
            samples.wanted()[n][0] = n < HALF ? -0.25f : -small / 2;
        }
        float[] with = sum(samples, physical);
        samples.wanted()[0][0] = 0;
        float[] without = sum(samples, physical);
        assertThat(with[0] - without[0]).isBetween(0.49f, 0.51f);
        assertThat(with[1] - without[1]).isBetween(0.49f, 0.51f);
    }

    /** What a step releases, times the constant that it is divided by; its noise is a ten-thousandth. */
    private static float[] sum(Samples samples, int physical) {
        ExampleLevelPlan plan =
                ExampleLevelPlan.of(samples.size(), new SamplingRate(1), new NoiseMultiplier(1e-4), FlatClipping.of(1));
        Randomness random = Randomness.seeded(3);
        float[] released = new float[MODEL.layout().size()];
        new LocalTraining(new JvmEngine(Kernels.plain()).compile(MODEL))
                .trainPrivately(
                        samples,
                        new float[released.length],
                        new TrainingSettings(OptimizerSpec.sgd(1), 1, 1, samples.size(), physical, 1),
                        1,
                        1,
                        plan.mechanism(samples.size(), 0, random.stream("sampling"), random.stream("noise")),
                        random.stream("dropout"),
                        (parameters, gradient, from, to) ->
                                System.arraycopy(gradient, from, released, from, to - from));
        float[] sum = Arrays.copyOf(released, released.length);
        for (int i = 0; i < sum.length; i++) {
            sum[i] *= samples.size();
        }
        return sum;
    }
}
