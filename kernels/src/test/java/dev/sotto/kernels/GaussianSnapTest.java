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
