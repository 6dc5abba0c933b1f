package dev.sotto.owner.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.accounting.PldAccountant;
import dev.sotto.privacy.event.Gaussian;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The odds of an epsilon")
class OddsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0, 50 times in 100, 1.0 to 1",
        "1, 0, 74 times in 100, 2.8 to 1",
        "1, 1e-5, 74 times in 100, 2.8 to 1",
        "1, 0.1, 76 times in 100, 2.8 to 1",
        "3, 1e-5, 96 times in 100, 21 to 1",
        "8, 1e-5, as good as always, '2,981 to 1'",
        "50, 1e-5, as good as always, more than a million to 1",
        "Infinity, 0, as good as always, more than a million to 1"
    })
    void areToldInHundredthsRoundedAgainstTheOwner(double epsilon, double delta, String words, String ratio) {
        Odds odds = Odds.of(epsilon, delta);
        assertThat(odds.words()).isEqualTo(words);
        assertThat(odds.ratio()).isEqualTo(ratio);
    }

    @Test
    void withoutEpsilonAreThoseOfDeltaAlone() {
        // To tell two cases apart with probability delta, and to guess otherwise.
        assertThat(Odds.of(0, 0.2).right()).isEqualTo(0.5 + 0.2 / 2, within(1e-12));
    }

    /** The best test of two normal distributions at distance 1/sigma is right with probability Phi(1/(2 sigma)). */
    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 2, 5})
    void neverPromiseLessThanTheBestAttackOnGaussianNoiseHas(double sigma) {
        double attack = normal(1 / (2 * sigma));
        for (double delta : new double[] {1e-6, 1e-3, 1e-2, 0.1}) {
            double epsilon = PldAccountant.standard()
                    .epsilon(new Gaussian(sigma, 1, NeighbouringRelation.ZERO_OUT), new Delta(delta))
                    .epsilon()
                    .orElseThrow();
            assertThat(Odds.of(epsilon, delta).right()).isGreaterThanOrEqualTo(attack - 1e-9);
            // Leaving delta out would promise too much somewhere: here, where epsilon is small.
            if (epsilon < 0.01) {
                assertThat(Odds.of(epsilon, 0).right()).isLessThan(attack);
            }
        }
    }

    private static double normal(double x) {
        // Abramowitz and Stegun 7.1.26 would be too coarse: integrate the density by Simpson's rule.
        int pieces = 2000;
        double step = x / pieces;
        double sum = 1 + Math.exp(-x * x / 2);
        for (int i = 1; i < pieces; i++) {
            double at = i * step;
            sum += (i % 2 == 0 ? 2 : 4) * Math.exp(-at * at / 2);
        }
        return 0.5 + sum * step / 3 / Math.sqrt(2 * Math.PI);
    }
}
