package dev.sotto.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Noisy values on a grid. */
class GaussianSnapTest {
    private static final float GRID = 0x1p-10f;

    @Test
    void aValuePlusNoiseGoesToTheNearestMultipleOfTheGrid() {
        SplittableRandom random = new SplittableRandom(1);
        float[] values = new float[1003];
        float[] noise = new float[1000];
        for (int i = 0; i < noise.length; i++) {
            values[i + 3] = (float) (200 * random.nextDouble() - 100);
            noise[i] = (float) (random.nextDouble() - 0.5);
        }
        float[] snapped = values.clone();
        GaussianTransform.fastest().snap(snapped, 3, noise, noise.length, 3, GRID, 1);
        for (int i = 0; i < noise.length; i++) {
            float sum = Math.fma(3, noise[i], values[i + 3]);
            assertThat(snapped[i + 3]).isEqualTo((float) Math.rint(sum / (double) GRID) * GRID);
        }
        assertThat(snapped).startsWith(values[0], values[1], values[2]);
    }

    @Test
    void whatIsNotFiniteCountsAsZero() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] values = new float[33];
            java.util.Arrays.fill(values, bad);
            float[] noise = new float[33];
            java.util.Arrays.fill(noise, 0.25f);
            GaussianTransform.fastest().snap(values, 0, noise, 33, 1, GRID, 1);
            assertThat(values).containsOnly(0.25f);
        }
    }

    @Test
    void addedNoiseIsThatOfTheTransformTimesItsDeviationOnTheGrid() {
        SplittableRandom random = new SplittableRandom(3);
        byte[] words = new byte[4000];
        random.nextBytes(words);
        float[] values = new float[999];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (20 * random.nextDouble() - 10);
        }
        float[] normals = new float[999];
        GaussianTransform.fastest().addNoise(words, () -> 1, new float[500], normals, 0, 999, 1, 0, 1);
        float[] noised = values.clone();
        GaussianTransform.fastest().addNoise(words, () -> 1, new float[500], noised, 0, 999, 3, GRID, 0.5f);
        for (int i = 0; i < values.length; i++) {
            double units = noised[i] / 0.5 / GRID;
            assertThat(units).isEqualTo(Math.rint(units));
            double exact = (values[i] + 3.0 * normals[i]) / GRID;
            assertThat(Math.abs(units - exact)).isLessThan(0.51);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 16, 250, 499, 500, 739, 740, 998})
    void aValueThatIsNotFiniteGetsTheNoiseOfZeroWhereverItLies(int place) {
        byte[] words = new byte[4000];
        new SplittableRandom(4).nextBytes(words);
        float[] expected = new float[999];
        GaussianTransform.plain().addNoise(words, () -> 1, new float[500], expected, 0, 999, 1, GRID, 1);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            float[] values = new float[999];
            values[place] = bad;
            GaussianTransform.fastest().addNoise(words, () -> 1, new float[500], values, 0, 999, 1, GRID, 1);
            assertThat(values).containsExactly(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {0, Float.MAX_VALUE, Float.NaN, Float.NEGATIVE_INFINITY})
    void bothImplementationsGiveTheSameBitsWhateverTheyMeet(float met) {
        SplittableRandom random = new SplittableRandom(2);
        float[] values = new float[517];
        float[] noise = new float[517];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.scalb(random.nextDouble() - 0.5, random.nextInt(-30, 60));
            noise[i] = (float) random.nextDouble();
        }
        values[77] = met;
        float[] plain = values.clone();
        GaussianTransform.plain().snap(plain, 0, noise, 517, 1.3f, GRID, 1 / 7f);
        GaussianTransform.fastest().snap(values, 0, noise, 517, 1.3f, GRID, 1 / 7f);
        assertThat(values).containsExactly(plain);
    }
}
