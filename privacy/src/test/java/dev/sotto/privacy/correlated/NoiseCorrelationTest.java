package dev.sotto.privacy.correlated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NoiseCorrelationTest {
    private static final int ROUNDS = 1000;

    static Stream<NoiseCorrelation> correlations() {
        return Stream.of(
                BandedToeplitz.independent(),
                BandedToeplitz.squareRoot(7),
                BandedToeplitz.squareRoot(ROUNDS),
                BandedToeplitz.optimal(20, Participation.separated(ROUNDS, 50), PrefixSumError.MAXIMUM),
                BandedToeplitz.optimal(8, new Participation(60, 3, 5), PrefixSumError.ROOT_MEAN_SQUARE),
                new BufferedLinearToeplitz(List.of(), List.of()),
                new BufferedLinearToeplitz(List.of(0.5, 0.0), List.of(0.25, 0.75)),
                new BufferedLinearToeplitz(List.of(0.999999, 0.99999, 0.9), List.of(1e-6, 1e-3, 0.5)),
                BufferedLinearToeplitz.optimal(1, Participation.once(ROUNDS), PrefixSumError.MAXIMUM),
                BufferedLinearToeplitz.optimal(6, Participation.once(ROUNDS), PrefixSumError.ROOT_MEAN_SQUARE),
                BufferedLinearToeplitz.optimal(4, Participation.separated(ROUNDS, 30), PrefixSumError.MAXIMUM));
    }

    @ParameterizedTest
    @MethodSource("correlations")
    void theMatrixTimesItsInverseIsTheIdentity(NoiseCorrelation correlation) {
        double[] c = correlation.coefficients(ROUNDS);
        double[] inverse = correlation.inverseCoefficients(ROUNDS);
        assertThat(c[0]).isEqualTo(1);
        for (int t = 0; t < ROUNDS; t++) {
            double product = 0;
            for (int k = 0; k <= t; k++) {
                product += c[k] * inverse[t - k];
            }
            assertThat(product).as("entry %s", t).isCloseTo(t == 0 ? 1 : 0, within(1e-9));
        }
    }

    @ParameterizedTest
    @MethodSource("correlations")
    void coefficientsAreFloatsOrSumsOfPowersOfFloats(NoiseCorrelation correlation) {
        List<Double> parameters = correlation instanceof BandedToeplitz banded
                ? banded.bands()
                : Stream.of(
                                ((BufferedLinearToeplitz) correlation).decays(),
                                ((BufferedLinearToeplitz) correlation).scales())
                        .flatMap(List::stream)
                        .toList();
        for (double parameter : parameters) {
            assertThat(parameter).isEqualTo((double) (float) parameter);
        }
    }

    @Test
    void theSquareRootTimesItselfIsThePrefixSum() {
        double[] root = Toeplitz.squareRoot(ROUNDS);
        double[] inverse = Toeplitz.inverse(root, ROUNDS);
        assertThat(Toeplitz.prefixSums(inverse)).containsExactly(root, within(1e-12));
    }

    @Test
    void buffersKeepAsManyVectorsWhateverTheRounds() {
        BufferedLinearToeplitz buffered = new BufferedLinearToeplitz(List.of(0.9, 0.5), List.of(0.1, 0.2));
        assertThat(buffered.memoryVectors()).isEqualTo(2);
        assertThat(BandedToeplitz.squareRoot(9).memoryVectors()).isEqualTo(8);
        assertThat(BandedToeplitz.independent().memoryVectors()).isZero();
        assertThat(buffered.coefficients(4)).containsExactly(new double[] {1, 0.3, 0.19, 0.131}, within(1e-7));
    }

    @Test
    void independentNoiseHasTheErrorKnownByHand() {
        Participation participation = new Participation(100, 1, 4);
        assertThat(PrefixSumError.MAXIMUM.of(BandedToeplitz.independent(), 100)).isEqualTo(10);
        assertThat(PrefixSumError.MAXIMUM.atEqualPrivacy(BandedToeplitz.independent(), participation))
                .isCloseTo(20, within(1e-12));
        assertThat(PrefixSumError.ROOT_MEAN_SQUARE.of(BandedToeplitz.independent(), 100))
                .isCloseTo(Math.sqrt(50.5), within(1e-12));
    }

    @Test
    void parametersOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new BandedToeplitz(List.of(0.5, 0.1)))
                .hasMessage("the bands of the noise correlation begin with 0.5; they must begin with 1");
        assertThatThrownBy(() -> new BandedToeplitz(List.of()))
                .hasMessage("the bands of the noise correlation are none; they must begin with 1");
        assertThatThrownBy(() -> new BandedToeplitz(Arrays.asList(1.0, Double.NaN)))
                .hasMessageContaining("band of the noise correlation is NaN");
        assertThatThrownBy(() -> new BufferedLinearToeplitz(List.of(0.5), List.of()))
                .hasMessageContaining("1 decays and 0 scales");
        assertThatThrownBy(() -> new BufferedLinearToeplitz(List.of(1.0), List.of(0.1)))
                .hasMessage("decay 0 of the BLT is 1.0; it must be below 1");
        assertThatThrownBy(() -> new BufferedLinearToeplitz(List.of(0.5, 0.5), List.of(0.1, 0.1)))
                .hasMessage("decay 1 of the BLT is 0.5; it must be below the decay before it, 0.5");
        assertThatThrownBy(() -> new BufferedLinearToeplitz(List.of(0.5), List.of(-0.125)))
                .hasMessageContaining("scale of the BLT is -0.125");
        assertThatThrownBy(() -> new BufferedLinearToeplitz(List.of(0.5, 0.25), List.of(0.75, 0.5)))
                .hasMessage("the scales of the BLT add up to 1.25; they must add up to at most 1");
        assertThatThrownBy(() -> BufferedLinearToeplitz.optimal(11, Participation.once(10), PrefixSumError.MAXIMUM))
                .hasMessage("buffers of the BLT is 11; it must be at most 10");
    }
}
