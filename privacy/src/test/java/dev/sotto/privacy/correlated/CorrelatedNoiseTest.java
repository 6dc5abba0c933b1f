package dev.sotto.privacy.correlated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.random.Randomness;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CorrelatedNoiseTest {
    private static final int ROUNDS = 10;

    /** Coordinates are independent samples; not a whole number of blocks. */
    private static final int LENGTH = 30_001;

    private static final Randomness SEEDED = Randomness.seeded(77);

    static Stream<CorrelatedGaussian> plans() {
        return Stream.of(
                        BandedToeplitz.independent(),
                        BandedToeplitz.optimal(4, Participation.separated(ROUNDS, 5), PrefixSumError.MAXIMUM),
                        BandedToeplitz.squareRoot(ROUNDS),
                        new BufferedLinearToeplitz(List.of(0.8), List.of(0.4)),
                        BufferedLinearToeplitz.optimal(3, Participation.once(1000), PrefixSumError.MAXIMUM))
                .map(CorrelatedNoiseTest::plan);
    }

    static Stream<CorrelatedGaussian> correlatedPlans() {
        return plans().skip(1);
    }

    private static CorrelatedGaussian plan(NoiseCorrelation correlation) {
        return new CorrelatedGaussian(
                correlation,
                Participation.separated(ROUNDS, 5),
                new ClippingNorm(0.5),
                new NoiseMultiplier(3),
                NeighbouringRelation.ZERO_OUT);
    }

    private static float[][] rounds(CorrelatedNoise noise, int count) {
        float[][] released = new float[count][noise.length()];
        for (float[] sum : released) {
            noise.addTo(sum, SEEDED.stream("noise/round-" + noise.round()));
        }
        return released;
    }

    /** The largest deviation of an empirical covariance from that of C^-1 Z, in its own standard deviations. */
    private static double deviation(CorrelatedGaussian plan, float[][] noise) {
        double[] inverse = plan.correlation().inverseCoefficients(ROUNDS);
        double[][] expected = new double[ROUNDS][ROUNDS];
        for (int t = 0; t < ROUNDS; t++) {
            for (int u = 0; u < ROUNDS; u++) {
                for (int k = 0; k <= Math.min(t, u); k++) {
                    expected[t][u] += Math.pow(plan.standardDeviation(), 2) * inverse[t - k] * inverse[u - k];
                }
            }
        }
        double largest = 0;
        for (int t = 0; t < ROUNDS; t++) {
            for (int u = 0; u <= t; u++) {
                double sum = 0;
                for (int i = 0; i < LENGTH; i++) {
                    sum += (double) noise[t][i] * noise[u][i];
                }
                double error = Math.sqrt((expected[t][t] * expected[u][u] + expected[t][u] * expected[t][u]) / LENGTH);
                largest = Math.max(largest, Math.abs(sum / LENGTH - expected[t][u]) / error);
            }
        }
        return largest;
    }

    /** 55 entries, each beyond 6.2 standard deviations with probability 6e-10 (near normal at 30,001 samples): below 1e-6. */
    @ParameterizedTest
    @MethodSource("plans")
    void theCovarianceOfRoundsIsThatOfTheInverse(CorrelatedGaussian plan) {
        assertThat(deviation(plan, rounds(plan.noise(LENGTH), ROUNDS))).isLessThan(6.2);
    }

    /** The negative control: the state is lost between rounds, so every round has the noise of a first one. */
    @ParameterizedTest
    @MethodSource("correlatedPlans")
    void noiseThatForgetsItsStateFailsTheCovarianceTest(CorrelatedGaussian plan) {
        float[][] forgetful = new float[ROUNDS][LENGTH];
        for (int t = 0; t < ROUNDS; t++) {
            plan.noise(LENGTH).addTo(forgetful[t], SEEDED.stream("noise/round-" + t));
        }
        assertThat(deviation(plan, forgetful)).isGreaterThan(20);
    }

    /** The negative control: one stream for all rounds repeats its noise if it is seeded anew. */
    @ParameterizedTest
    @MethodSource("plans")
    void noiseThatRepeatsARoundsStreamFailsTheCovarianceTest(CorrelatedGaussian plan) {
        CorrelatedNoise noise = plan.noise(LENGTH);
        float[][] repeated = new float[ROUNDS][LENGTH];
        for (float[] sum : repeated) {
            noise.addTo(sum, SEEDED.stream("noise"));
        }
        assertThat(deviation(plan, repeated)).isGreaterThan(20);
    }

    /**
     * C times the noise is the independent noise that the accountant sees: the sum of its squares over the variance is
     * chi-square with 300,010 degrees of freedom, within 5.2 standard deviations but for 2e-7 (near normal).
     */
    @ParameterizedTest
    @MethodSource("plans")
    void encodedNoiseIsIndependentWithThePlansStandardDeviation(CorrelatedGaussian plan) {
        float[][] noise = rounds(plan.noise(LENGTH), ROUNDS);
        double[] c = plan.correlation().coefficients(ROUNDS);
        double squares = 0;
        for (int t = 0; t < ROUNDS; t++) {
            for (int i = 0; i < LENGTH; i++) {
                double encoded = 0;
                for (int k = 0; k <= t; k++) {
                    encoded += c[k] * noise[t - k][i];
                }
                squares += encoded * encoded;
            }
        }
        double degrees = (double) ROUNDS * LENGTH;
        double statistic = squares / Math.pow(plan.standardDeviation(), 2);
        assertThat(statistic).isCloseTo(degrees, within(5.2 * Math.sqrt(2 * degrees)));
    }

    @ParameterizedTest
    @MethodSource("plans")
    void encodedNoiseIsTheStreamsUpToRounding(CorrelatedGaussian plan) {
        float[][] noise = rounds(plan.noise(LENGTH), ROUNDS);
        double[] c = plan.correlation().coefficients(ROUNDS);
        for (int t = 0; t < ROUNDS; t++) {
            float[] independent = new float[LENGTH];
            SEEDED.stream("noise/round-" + t).addGaussian(independent, 0, LENGTH, plan.standardDeviation());
            for (int i = 0; i < LENGTH; i += 97) {
                double encoded = 0;
                for (int k = 0; k <= t; k++) {
                    encoded += c[k] * noise[t - k][i];
                }
                assertThat(encoded).isCloseTo(independent[i], within(5e-6 * plan.standardDeviation()));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("plans")
    void aRunThatResumesDrawsTheSameBits(CorrelatedGaussian plan) throws IOException {
        float[][] straight = rounds(plan.noise(LENGTH), ROUNDS);
        CorrelatedNoise first = plan.noise(LENGTH);
        float[][] before = rounds(first, ROUNDS / 2);
        CorrelatedNoise second = CorrelatedNoise.restore(new ByteArrayInputStream(saved(first)), plan, LENGTH);
        assertThat(second.round()).isEqualTo(ROUNDS / 2);
        float[][] after = rounds(second, ROUNDS / 2);
        assertThat(Stream.concat(Arrays.stream(before), Arrays.stream(after)).toArray(float[][]::new))
                .isDeepEqualTo(straight);
    }

    @Test
    void theStateHasOneVectorForEachBufferWhateverTheRounds() throws IOException {
        BufferedLinearToeplitz three =
                BufferedLinearToeplitz.optimal(3, Participation.once(1000), PrefixSumError.MAXIMUM);
        for (int rounds : new int[] {10, 100_000}) {
            CorrelatedGaussian plan = new CorrelatedGaussian(
                    three,
                    Participation.separated(rounds, 5),
                    new ClippingNorm(1),
                    new NoiseMultiplier(1),
                    NeighbouringRelation.ZERO_OUT);
            assertThat(saved(plan.noise(LENGTH))).hasSizeBetween(3 * 4 * LENGTH, 3 * 4 * LENGTH + 100);
        }
    }

    @Test
    void aStateThatIsDamagedOrOfAnotherRunIsRefused() throws IOException {
        CorrelatedGaussian plan = plan(new BufferedLinearToeplitz(List.of(0.8), List.of(0.4)));
        CorrelatedNoise noise = plan.noise(100);
        rounds(noise, 2);
        byte[] state = saved(noise);
        for (int i = 0; i < state.length; i += 7) {
            byte[] damaged = state.clone();
            damaged[i] ^= 1;
            refused(damaged, plan, 100, "not a state of correlated noise: ");
        }
        refused(Arrays.copyOf(state, state.length - 1), plan, 100, "is damaged");
        refused(Arrays.copyOf(state, 60), plan, 100, "ends too early");
        refused(state, plan, 101, "it has 1 vectors of 100; they must be 1 of 101");
        refused(state, plan(new BufferedLinearToeplitz(List.of(0.8), List.of(0.5))), 100, "other privacy settings");
        CorrelatedGaussian louder = new CorrelatedGaussian(
                plan.correlation(), plan.participation(), plan.clippingNorm(), new NoiseMultiplier(4), plan.relation());
        refused(state, louder, 100, "other privacy settings");
    }

    private static void refused(byte[] state, CorrelatedGaussian plan, int length, String reason) {
        assertThatThrownBy(() -> CorrelatedNoise.restore(new ByteArrayInputStream(state), plan, length))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(reason);
    }

    private static byte[] saved(CorrelatedNoise noise) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        noise.save(out);
        return out.toByteArray();
    }

    @ParameterizedTest
    @MethodSource("plans")
    void aReleaseIsTheNoisedSumOnAGridThatDependsOnTheNoiseAlone(CorrelatedGaussian plan) {
        CorrelatedNoise released = plan.noise(LENGTH);
        CorrelatedNoise added = plan.noise(LENGTH);
        double grid = released.grid();
        assertThat(grid).isBetween(plan.standardDeviation() * 0x1p-15, plan.standardDeviation() * 0x1p-14);
        assertThat(Math.scalb(1.0, Math.getExponent(grid))).isEqualTo(grid);
        for (int t = 0; t < ROUNDS; t++) {
            float[] sum = new float[LENGTH];
            for (int i = 0; i < LENGTH; i++) {
                sum[i] = i * 1e-4f;
            }
            sum[5] = Float.NaN;
            float[] noised = sum.clone();
            noised[5] = 0;
            released.release(sum, 4, SEEDED.stream("noise/round-" + t));
            added.addTo(noised, SEEDED.stream("noise/round-" + t));
            for (int i = 0; i < LENGTH; i++) {
                double units = sum[i] * 4 / grid;
                assertThat(units).isEqualTo(Math.rint(units));
                assertThat(sum[i] * 4).isCloseTo(noised[i], within((float) (0.51 * grid)));
            }
        }
        assertThat(released.round()).isEqualTo(ROUNDS);
    }

    @Test
    void thereIsNoNoiseForRoundsThatTheEventDoesNotCover() {
        CorrelatedNoise noise = plan(BandedToeplitz.squareRoot(3)).noise(5);
        rounds(noise, ROUNDS);
        float[] sum = new float[5];
        assertThatThrownBy(() -> noise.addTo(sum, SEEDED.stream("further")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("all 10 rounds of the plan have had their noise");
        assertThat(sum).containsOnly(0);
    }

    @Test
    void aSumOfAnotherLengthIsRefused() {
        CorrelatedNoise noise = plan(BandedToeplitz.squareRoot(3)).noise(5);
        assertThatThrownBy(() -> noise.addTo(new float[6], SEEDED.stream("x")))
                .hasMessage("the sum has 6 values; the noise of this run has 5");
        assertThat(noise.round()).isZero();
    }
}
