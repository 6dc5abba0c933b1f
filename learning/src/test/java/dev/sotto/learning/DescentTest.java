package dev.sotto.learning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.privacy.GaussianRelease;
import dev.sotto.privacy.random.Randomness;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Using a gradient up stretch by stretch is what one does with the whole of it. */
class DescentTest {
    private static final int SIZE = 5003;

    /** Pulls towards zero, so it reads the parameters too. */
    private static final GradientCorrection PULL = (parameters, gradient, from, to) -> {
        for (int i = from; i < to; i++) {
            gradient[i] += 0.1f * parameters[i];
        }
    };

    private final float[] whole = values(1);
    private final float[] inStretches = whole.clone();

    static Stream<OptimizerSpec> optimizers() {
        return Stream.of(
                OptimizerSpec.sgd(0.1),
                new OptimizerSpec.Sgd(0.1, 0.9, 0.01),
                new OptimizerSpec.Adam(0.1, 0.9, 0.99, 1e-8, 0.01),
                new OptimizerSpec.AdamW(0.1, 0.9, 0.99, 1e-8, 0.01),
                new OptimizerSpec.Adagrad(0.1, 1e-8, 0.01));
    }

    private static float[] values(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[SIZE];
        for (int i = 0; i < SIZE; i++) {
            values[i] = (float) random.nextDouble() - 0.5f;
        }
        return values;
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void aReleasedGradient(OptimizerSpec spec) {
        Optimizer optimizer = spec.create(SIZE);
        Descent descent = new Descent(spec.create(SIZE), PULL, inStretches);
        GaussianRelease release = new GaussianRelease(Randomness.seeded(1).stream("noise"));
        GaussianRelease same = new GaussianRelease(Randomness.seeded(1).stream("noise"));
        for (int step = 1; step <= 3; step++) {
            float[] gradient = values(10 + step);
            float[] used = gradient.clone();
            release.apply(gradient, 0.3, 7);
            PULL.correct(whole, gradient, 0, SIZE);
            optimizer.step(whole, gradient, 1.0 / step);
            descent.begin(1.0 / step);
            same.apply(used, 0.3, 7, descent);
            assertThat(inStretches).containsExactly(whole);
            assertThat(used).containsOnly(0f);
        }
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void theMeanOfASum(OptimizerSpec spec) {
        Optimizer optimizer = spec.create(SIZE);
        Descent descent = new Descent(spec.create(SIZE), PULL, inStretches);
        for (int step = 1; step <= 3; step++) {
            float[] sum = values(20 + step);
            float[] used = sum.clone();
            for (int i = 0; i < SIZE; i++) {
                sum[i] *= 1f / 6;
            }
            PULL.correct(whole, sum, 0, SIZE);
            optimizer.step(whole, sum, 1.0 / step);
            descent.begin(1.0 / step);
            descent.takeMean(used, 6);
            assertThat(inStretches).containsExactly(whole);
            assertThat(used).containsOnly(0f);
        }
    }
}
