package dev.sotto.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GaussianTransformTest {
    private static int[] words(int count) {
        return new SplittableRandom(5).ints(count).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 31, 32, 33, 64, 1023, 2047, 2048})
    void everyImplementationGivesTheSameBits(int count) {
        int[] words = words(3072);
        float[] vector = new float[count + 10];
        Arrays.fill(vector, 0.25f);
        float[] plain = vector.clone();
        GaussianTransform.fastest().add(words.clone(), vector, 5, 5 + count, 1.7f);
        GaussianTransform.plain().add(words, plain, 5, 5 + count, 1.7f);
        assertThat(Arrays.equals(vector, plain)).isTrue();
        assertThat(Arrays.copyOf(vector, 5)).containsOnly(0.25f);
        assertThat(Arrays.copyOfRange(vector, 5 + count, count + 10)).containsOnly(0.25f);
    }

    @Test
    void isTheTransformOfBoxAndMuller() {
        int half = 1024;
        int[] words = words(3 * half);
        float[] normals = new float[2 * half];
        GaussianTransform.fastest().add(words.clone(), normals, 0, normals.length, 1);
        for (int i = 0; i < half; i++) {
            double uniform = (words[i] & 0xFFFFFFFFL) * 0x1p-32 + (words[half + i] & 0xFFFFFFFFL) * 0x1p-64;
            double radius = Math.sqrt(-2 * Math.log(uniform));
            double angle = words[2 * half + i] * 0x1p-31 * Math.PI;
            assertThat((double) normals[i]).isCloseTo(radius * Math.cos(angle), within(1e-6 * (1 + radius)));
            assertThat((double) normals[half + i]).isCloseTo(radius * Math.sin(angle), within(1e-6 * (1 + radius)));
        }
    }

    @Test
    void theSmallestUniformReachesNineStandardDeviationsAndTheLargestIsFinite() {
        for (GaussianTransform transform :
                new GaussianTransform[] {GaussianTransform.plain(), GaussianTransform.fastest()}) {
            float[] far = new float[2];
            transform.add(new int[] {0, 0, 0}, far, 0, 2, 1);
            assertThat(far[0]).isBetween(9.4f, 9.6f);
            float[] near = new float[2];
            transform.add(new int[] {-1, -1, 0}, near, 0, 2, 1);
            assertThat(near).containsExactly(0f, 0f);
        }
    }

    @Test
    void tooFewWordsAreRefusedBeforeAnythingIsAdded() {
        float[] target = new float[4];
        assertThatThrownBy(() -> GaussianTransform.fastest().add(new int[5], target, 0, 4, 1))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(target).containsOnly(0f);
    }
}
