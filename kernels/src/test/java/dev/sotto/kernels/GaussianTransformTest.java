package dev.sotto.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GaussianTransformTest {
    private static int[] words(int count) {
        return new SplittableRandom(5).ints(count).toArray();
    }

    private static byte[] bytes(int... words) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * words.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(words);
        return bytes.array();
    }

    private static final float GRID = 0x1p-10f;

    /** The word that stands for every lower half here. */
    private static final int LOWER = 0x12345678;

    private static float[] normals(GaussianTransform transform, int[] words, int count) {
        float[] normals = new float[count];
        add(transform, words, () -> LOWER, normals, 0, count);
        return normals;
    }

    /** Standard normal numbers, as they are. */
    private static void add(
            GaussianTransform transform, int[] words, IntSupplier lower, float[] values, int from, int to) {
        transform.addNoise(bytes(words), lower, new float[words.length / 2], values, from, to, 1, 0, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 31, 32, 33, 64, 1023, 2047, 2048})
    void everyImplementationGivesTheSameBits(int count) {
        int[] words = words(2048);
        for (int i = 0; i < count / 2; i += 11) {
            words[i] >>>= 12 + i % 20;
        }
        float[] vector = new float[count + 10];
        Arrays.fill(vector, 0.25f);
        float[] plain = vector.clone();
        float[] radii = new float[1024];
        GaussianTransform.fastest().addNoise(bytes(words), counter(), radii, vector, 5, 5 + count, 1.3f, GRID, 1 / 7f);
        GaussianTransform.plain().addNoise(bytes(words), counter(), radii, plain, 5, 5 + count, 1.3f, GRID, 1 / 7f);
        assertThat(Arrays.equals(vector, plain)).isTrue();
        assertThat(Arrays.copyOf(vector, 5)).containsOnly(0.25f);
        assertThat(Arrays.copyOfRange(vector, 5 + count, count + 10)).containsOnly(0.25f);
    }

    /** Lower halves that differ from call to call, so that their order matters. */
    private static IntSupplier counter() {
        SplittableRandom random = new SplittableRandom(6);
        return random::nextInt;
    }

    @Test
    void isTheTransformOfBoxAndMuller() {
        int half = 1024;
        int[] words = words(2 * half);
        for (int i = 0; i < half; i += 2) {
            words[i] >>>= i % 32;
        }
        float[] normals = normals(GaussianTransform.fastest(), words, 2 * half);
        for (int i = 0; i < half; i++) {
            double uniform = (words[i] & 0xFFFFFFFFL) * 0x1p-32 + LOWER * 0x1p-64;
            double radius = Math.sqrt(-2 * Math.log(uniform)) * (words[half + i] < 0 ? -1 : 1);
            double angle = (words[half + i] << 1) * 0x1p-32 * Math.PI;
            assertThat((double) normals[i]).isCloseTo(radius * Math.cos(angle), within(1e-6 * (1 + Math.abs(radius))));
            assertThat((double) normals[half + i])
                    .isCloseTo(radius * Math.sin(angle), within(1e-6 * (1 + Math.abs(radius))));
        }
    }

    @Test
    void onlySmallUniformNumbersTakeALowerHalf() {
        int[] words = {1 << 19, (1 << 19) - 1, 0, -1, 1 << 30, 3, 0, 0, 0, 0, 0, 0};
        for (GaussianTransform transform :
                new GaussianTransform[] {GaussianTransform.plain(), GaussianTransform.fastest()}) {
            AtomicInteger taken = new AtomicInteger();
            add(transform, words, taken::incrementAndGet, new float[12], 0, 12);
            assertThat(taken).hasValue(3);
        }
    }

    @Test
    void theSmallestUniformReachesNineStandardDeviationsAndTheLargestIsFinite() {
        for (GaussianTransform transform :
                new GaussianTransform[] {GaussianTransform.plain(), GaussianTransform.fastest()}) {
            float[] far = new float[2];
            add(transform, new int[] {0, 0}, () -> 0, far, 0, 2);
            assertThat(far[0]).isBetween(9.4f, 9.6f);
            float[] near = new float[64];
            int[] largest = new int[64];
            Arrays.fill(largest, 0, 32, -1);
            add(transform, largest, () -> 0, near, 0, 64);
            for (float value : near) {
                assertThat(Math.abs(value)).isZero();
            }
        }
    }

    @Test
    void tooFewWordsOrRadiiAreRefusedBeforeAnythingIsWritten() {
        float[] target = new float[4];
        for (int[] room : new int[][] {{15, 2}, {16, 1}}) {
            assertThatThrownBy(() -> GaussianTransform.fastest()
                            .addNoise(new byte[room[0]], () -> 0, new float[room[1]], target, 0, 4, 1, 0, 1))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThat(target).containsOnly(0f);
    }
}
