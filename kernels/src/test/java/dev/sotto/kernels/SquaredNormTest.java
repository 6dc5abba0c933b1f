package dev.sotto.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The squared norm")
class SquaredNormTest {
    private static float[] values(int size) {
        SplittableRandom random = new SplittableRandom(size);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextDouble(-3, 3);
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 17, 31, 1000, 4099})
    void hasTheSameBitsOnVectorsAndInPlainJava(int size) {
        float[] values = values(size + 5);
        for (int from = 0; from <= 5; from++) {
            assertThat(SquaredNorm.fastest().of(values, from, from + size))
                    .isEqualTo(SquaredNorm.plain().of(values, from, from + size));
        }
    }

    @Test
    void isTheSumOfTheSquares() {
        assertThat(SquaredNorm.fastest().of(new float[] {3, -4, 100}, 0, 2)).isEqualTo(25);
        float[] ones = new float[100_001];
        Arrays.fill(ones, 0.1f);
        assertThat(SquaredNorm.fastest().of(ones, 0, ones.length))
                .isCloseTo(100_001 * (double) 0.1f * 0.1f, within(1e-9));
    }

    @Test
    void isNotFiniteWhereAValueIsNot() {
        float[] values = values(100);
        values[63] = Float.NaN;
        assertThat(SquaredNorm.fastest().of(values, 0, 100)).isNaN();
        values[63] = Float.NEGATIVE_INFINITY;
        assertThat(SquaredNorm.fastest().of(values, 0, 100)).isEqualTo(Double.POSITIVE_INFINITY);
        values[63] = Float.MAX_VALUE;
        assertThat(SquaredNorm.fastest().of(values, 0, 100)).isFinite();
    }

    @Test
    void refusesARangeOutsideTheArray() {
        assertThatThrownBy(() -> SquaredNorm.fastest().of(new float[3], 1, 4))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
