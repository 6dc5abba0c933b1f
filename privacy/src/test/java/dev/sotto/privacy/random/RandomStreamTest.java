package dev.sotto.privacy.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.hipparchus.special.Erf;
import org.junit.jupiter.api.Test;

class RandomStreamTest {
    private static final int COUNT = 1 << 21;

    private static float[] gaussians(double std) {
        float[] values = new float[COUNT];
        Randomness.seeded(11).stream("gauss").addGaussian(values, 0, COUNT, std);
        return values;
    }

    private static double normalCdf(double x) {
        return 0.5 * Erf.erfc(-x / Math.sqrt(2));
    }

    /** sqrt(n) times the Kolmogorov-Smirnov distance; above 2.7 with probability 2 exp(-2 * 2.7^2) < 1e-6. */
    private static double kolmogorovSmirnov(float[] values) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        double distance = 0;
        for (int i = 0; i < sorted.length; i += 16) {
            double cdf = normalCdf(sorted[i]);
            distance = Math.max(distance, Math.abs(cdf - (i + 0.5) / sorted.length));
        }
        return distance * Math.sqrt(sorted.length);
    }

    @Test
    void normalsFollowTheNormalDistribution() {
        assertThat(kolmogorovSmirnov(gaussians(1))).isLessThan(2.7);
    }

    @Test
    void theTestSeesAOnePercentErrorOfTheScale() {
        assertThat(kolmogorovSmirnov(gaussians(1.01))).isGreaterThan(2.7);
    }

    @Test
    void momentsAndTheCorrelationOfPairs() {
        float[] values = gaussians(1);
        double[] moments = new double[5];
        double neighbours = 0;
        for (int i = 0; i < COUNT; i++) {
            double power = 1;
            for (int k = 1; k <= 4; k++) {
                power *= values[i];
                moments[k] += power / COUNT;
            }
            neighbours += values[i] * (double) values[(i + 512) % COUNT] / COUNT;
        }
        double error = 5.5 / Math.sqrt(COUNT);
        assertThat(moments[1]).isCloseTo(0, within(error));
        assertThat(moments[2]).isCloseTo(1, within(error * Math.sqrt(2)));
        assertThat(moments[3]).isCloseTo(0, within(error * Math.sqrt(15)));
        assertThat(moments[4]).isCloseTo(3, within(error * Math.sqrt(96)));
        assertThat(neighbours).isCloseTo(0, within(error));
    }

    @Test
    void tailsBeyondFiveStandardDeviationsAreThere() {
        RandomStream stream = Randomness.seeded(5).stream("tails");
        int beyond = 0;
        float[] values = new float[1 << 16];
        for (int block = 0; block < 512; block++) {
            Arrays.fill(values, 0);
            stream.addGaussian(values, 0, values.length, 1);
            for (float value : values) {
                beyond += Math.abs(value) > 5 ? 1 : 0;
            }
        }
        // 19.2 expected of 2^25; a Poisson count leaves [2, 48] with probability below 1e-6.
        assertThat(beyond).isBetween(2, 48);
    }

    @Test
    void equalSeedsAndPurposesGiveEqualStreamsAndOthersDoNot() {
        Randomness seeded = Randomness.seeded(1);
        assertThat(seeded.stream("a").nextLong()).isEqualTo(seeded.stream("a").nextLong());
        assertThat(seeded.stream("a").nextLong())
                .isNotEqualTo(seeded.stream("b").nextLong());
        assertThat(seeded.stream("a").nextLong())
                .isNotEqualTo(Randomness.seeded(2).stream("a").nextLong());
        assertThat(seeded.reproducible()).isTrue();
        Randomness secret = Randomness.secret();
        assertThat(secret.stream("a").nextLong())
                .isNotEqualTo(secret.stream("a").nextLong());
        assertThat(secret.reproducible()).isFalse();
    }

    @Test
    void integersBelowABoundAreEquallyLikely() {
        RandomStream stream = Randomness.seeded(4).stream("bound");
        int[] counts = new int[7];
        for (int i = 0; i < 700_000; i++) {
            counts[stream.nextInt(7)]++;
        }
        for (int count : counts) {
            assertThat((double) count).isCloseTo(100_000, within(5.5 * Math.sqrt(100_000)));
        }
    }

    @Test
    void wordsHaveHalfOfTheirBitsSet() {
        RandomStream stream = Randomness.seeded(9).stream("bits");
        int[] words = new int[1 << 18];
        stream.words(words, 0, words.length);
        double bits = Arrays.stream(words).mapToLong(Integer::bitCount).sum();
        assertThat(bits).isCloseTo(16.0 * words.length, within(5.5 * Math.sqrt(8.0 * words.length)));
    }

    @Test
    void singleNormalsHaveUnitVariance() {
        RandomStream stream = Randomness.seeded(6).stream("single");
        double squares = 0;
        for (int i = 0; i < 500_000; i++) {
            squares += Math.pow(stream.nextGaussian(), 2) / 500_000;
        }
        assertThat(squares).isCloseTo(1, within(5.5 * Math.sqrt(2 / 500_000.0)));
    }

    @Test
    void normalsAreTheSameInOneCallOrInWholeBlocks() {
        float[] drawn = new float[5000];
        Randomness.seeded(8).stream("normals").addGaussian(drawn, 0, drawn.length, 1);
        float[] added = new float[5000];
        RandomStream stream = Randomness.seeded(8).stream("normals");
        stream.addGaussian(added, 0, 2048, 1);
        stream.addGaussian(added, 2048, added.length, 1);
        assertThat(added).containsExactly(drawn);
    }
}
