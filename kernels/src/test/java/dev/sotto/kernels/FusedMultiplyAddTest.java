package dev.sotto.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FusedMultiplyAddTest {
    private static final float[] SPECIAL = {
        0,
        -0f,
        1,
        -1,
        1 + 0x1p-23f,
        0x1p-24f,
        -0x1p-24f,
        3 * 0x1p-24f,
        0x1p-12f,
        0x1.001p0f,
        Float.MIN_VALUE,
        Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN
    };

    private static void assertExact(float a, float b, float c) {
        int bits = Float.floatToIntBits(Math.fma(a, b, c));
        assertThat(Float.floatToIntBits(FusedMultiplyAdd.byDoubles(a, b, c))).isEqualTo(bits);
        assertThat(Float.floatToIntBits(FusedMultiplyAdd.fma(a, b, c))).isEqualTo(bits);
    }

    @Test
    void anyThreeFloatsGiveWhatExactArithmeticRoundsTo() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 100_000; i++) {
            float a = (float) (random.nextDouble() - 0.5);
            float b = (float) (random.nextDouble() - 0.5);
            assertExact(a, b, (float) Math.scalb(random.nextDouble() - 0.5, random.nextInt(-60, 60)));
            assertExact(
                    Float.intBitsToFloat(random.nextInt()),
                    Float.intBitsToFloat(random.nextInt()),
                    Float.intBitsToFloat(random.nextInt()));
        }
    }

    @Test
    void zerosInfinitiesAndThoseNextToAHalf() {
        for (float a : SPECIAL) {
            for (float b : SPECIAL) {
                for (float c : SPECIAL) {
                    assertExact(a, b, c);
                }
            }
        }
    }

    /** The sum is 2^-54 below halfway; as a double it is halfway, and then goes up to the even float. */
    @Test
    void aSumThatADoubleRoundsToAHalfIsNotRoundedTwice() {
        float a = 0x1p-12f * (1 + 0x1p-15f);
        float b = 0x1p-12f * (1 - 0x1p-15f);
        float c = 1 + 0x1p-23f;
        assertThat((float) ((double) a * b + c)).isEqualTo(1 + 0x1p-22f);
        assertThat(FusedMultiplyAdd.byDoubles(a, b, c)).isEqualTo(c);
        assertExact(a, b, c);
    }
}
