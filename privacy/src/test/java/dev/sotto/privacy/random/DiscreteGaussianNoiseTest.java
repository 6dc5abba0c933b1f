package dev.sotto.privacy.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.LongSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Canonne, Kamath, Steinke 2020. Each test of a distribution raises a false alarm with probability 1e-6 at most. */
@DisplayName("Discrete Gaussian noise")
class DiscreteGaussianNoiseTest {
    private static final int DRAWS = 400_000;

    private static DiscreteGaussianNoise noise(int bits, long seed) {
        return new DiscreteGaussianNoise(bits, Randomness.seeded(seed).stream("noise"));
    }

    /** Pearson's statistic over the values that are expected 20 times and more, the rest taken together. */
    private static boolean fits(LongSupplier source, double sigma) {
        int reach = (int) Math.ceil(3.5 * sigma);
        double total = 0;
        for (int x = -40 * reach; x <= 40 * reach; x++) {
            total += Math.exp(-(double) x * x / (2 * sigma * sigma));
        }
        double[] expected = new double[2 * reach + 2];
        double rest = DRAWS;
        for (int x = -reach; x <= reach; x++) {
            expected[x + reach] = DRAWS * Math.exp(-(double) x * x / (2 * sigma * sigma)) / total;
            rest -= expected[x + reach];
        }
        expected[2 * reach + 1] = rest;
        double[] seen = new double[expected.length];
        for (int i = 0; i < DRAWS; i++) {
            long x = source.getAsLong();
            seen[Math.abs(x) <= reach ? (int) (x + reach) : 2 * reach + 1]++;
        }
        double statistic = 0;
        for (int i = 0; i < seen.length; i++) {
            statistic += (seen[i] - expected[i]) * (seen[i] - expected[i]) / expected[i];
        }
        double freedom = seen.length - 1.0;
        // Wilson and Hilferty: the cube root of chi-square over its freedom is normal; 4.9 deviations are 5e-7.
        double deviations = (Math.cbrt(statistic / freedom) - (1 - 2 / (9 * freedom))) / Math.sqrt(2 / (9 * freedom));
        return deviations < 4.9;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5})
    void hasTheMassOfItsDefinition(int bits) {
        assertThat(fits(noise(bits, bits)::next, 1 << bits)).isTrue();
    }

    @Test
    void isFoundOutWhereItIsNot() {
        RandomStream stream = Randomness.seeded(8).stream("broken");
        assertThat(fits(() -> Math.round(stream.nextGaussian()), 1))
                .as("rounded normal numbers have 8% more variance")
                .isFalse();
        DiscreteGaussianNoise exact = noise(2, 9);
        assertThat(fits(() -> Math.abs(exact.next()) == 0 && stream.nextDouble() < 0.1 ? 1 : exact.next(), 4))
                .as("zero drawn anew now and then")
                .isFalse();
        assertThat(fits(() -> (long) (4 * stream.nextGaussian()), 4)).as("cut").isFalse();
    }

    /** Variance, excess kurtosis and symmetry, each within 4.9 standard errors. */
    @Test
    void looksNormalWhereSigmaIsLarge() {
        DiscreteGaussianNoise noise = noise(20, 1);
        long[] drawn = new long[DRAWS];
        noise.addTo(drawn, 0, DRAWS);
        double mean = 0;
        double second = 0;
        double fourth = 0;
        for (long x : drawn) {
            double scaled = x * 0x1p-20;
            mean += scaled / DRAWS;
            second += scaled * scaled / DRAWS;
            fourth += Math.pow(scaled, 4) / DRAWS;
        }
        assertThat(Math.abs(mean)).isLessThan(4.9 / Math.sqrt(DRAWS));
        assertThat(Math.abs(second - 1)).isLessThan(4.9 * Math.sqrt(2.0 / DRAWS));
        assertThat(Math.abs(fourth - 3)).isLessThan(4.9 * Math.sqrt(96.0 / DRAWS));
    }

    @Test
    void isAddedToWhatIsThere() {
        long[] target = {10, 20, 30};
        noise(0, 3).addTo(target, 1, 2);
        assertThat(target[0]).isEqualTo(10);
        assertThat(target[2]).isEqualTo(30);
        long[] same = {10, 20, 30};
        noise(0, 3).addTo(same, 1, 2);
        assertThat(same).isEqualTo(target);
    }

    @Test
    void refusesAScaleBeyondItsArithmetic() {
        assertThatThrownBy(() -> noise(31, 1)).hasMessageContaining("31").hasMessageContaining("30");
        assertThatThrownBy(() -> noise(-1, 1)).hasMessageContaining("-1").hasMessageContaining("0");
    }
}
