package dev.sotto.privacy.correlated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.random.RandomStream;
import dev.sotto.privacy.random.Randomness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SensitivityTest {
    private static final int SIGNS_EACH = 8;

    private final RandomStream random = Randomness.seeded(31).stream("sensitivity");

    @Test
    void noPatternAndNoSignsMoveTheEncodedSumFurtherAndOnePatternMovesItAsFar() {
        for (int trial = 0; trial < 60; trial++) {
            Participation participation = randomParticipation();
            double[] coefficients = falling(participation.rounds());
            double declared = Math.sqrt(Sensitivity.squared(coefficients, participation));
            assertThat(furthest(coefficients, participation)).isCloseTo(declared, within(1e-12));
        }
    }

    @Test
    void bandsWithinTheSeparationMayHaveAnySigns() {
        for (int trial = 0; trial < 60; trial++) {
            Participation participation = randomParticipation();
            double[] coefficients = new double[participation.rounds()];
            coefficients[0] = 1;
            for (int i = 1; i < Math.min(participation.minSeparation(), coefficients.length); i++) {
                coefficients[i] = 2 * random.nextDouble() - 1;
            }
            double declared = Math.sqrt(Sensitivity.squared(coefficients, participation));
            assertThat(furthest(coefficients, participation)).isCloseTo(declared, within(1e-12));
        }
    }

    /** The negative control: clients return, but the sensitivity counts one participation. */
    @Test
    void theSensitivityOfOneParticipationIsExceededByClientsThatReturn() {
        double[] coefficients = Toeplitz.squareRoot(10);
        Participation returning = Participation.separated(10, 3);
        double once = Math.sqrt(Sensitivity.squared(coefficients, Participation.once(10)));
        assertThat(furthest(coefficients, returning)).isGreaterThan(2 * once);
    }

    /** The negative control: columns of a returning client overlap, but are added as if they did not. */
    @Test
    void overlappingColumnsAreNotOrthogonal() {
        double[] coefficients = Toeplitz.squareRoot(10);
        Participation returning = Participation.separated(10, 3);
        double orthogonal = Math.sqrt(4) * Math.sqrt(Sensitivity.squared(coefficients, Participation.once(10)));
        assertThat(furthest(coefficients, returning)).isGreaterThan(1.1 * orthogonal);
    }

    @Test
    void knownByHand() {
        double[] identity = {1, 0, 0, 0, 0, 0};
        assertThat(Sensitivity.squared(identity, Participation.separated(6, 1))).isEqualTo(6);
        double[] ones = {1, 1, 1, 1, 1};
        assertThat(Sensitivity.squared(ones, new Participation(5, 1, 3))).isEqualTo(1 + 4 + 9 + 9 + 9);
        double[] banded = {1, 0.5, 0, 0, 0};
        assertThat(Sensitivity.squared(banded, Participation.separated(5, 2))).isEqualTo(1.25 + 1.25 + 1);
    }

    @Test
    void whatIsNotKnownExactlyIsRefused() {
        Participation returning = Participation.separated(4, 2);
        assertThatThrownBy(() -> Sensitivity.squared(new double[] {1, 0.2, 0.5, 0}, returning))
                .hasMessageContaining(
                        "coefficient 2 of the noise correlation is 0.5; with clients that return after 2 rounds")
                .hasMessageContaining("must not rise");
        assertThatThrownBy(() -> Sensitivity.squared(new double[] {1, 0.2, -0.5, 0}, returning))
                .hasMessageContaining("coefficient 2 of the noise correlation is -0.5");
        assertThat(Sensitivity.squared(new double[] {1, 0.2, -0.5, 0}, Participation.once(4)))
                .isCloseTo(1.29, within(1e-12));
    }

    private Participation randomParticipation() {
        int rounds = 1 + random.nextInt(9);
        return new Participation(rounds, 1 + random.nextInt(rounds), 1 + random.nextInt(rounds));
    }

    private double[] falling(int rounds) {
        double[] c = new double[rounds];
        c[0] = 1;
        for (int i = 1; i < rounds; i++) {
            c[i] = c[i - 1] * (random.nextInt(4) == 0 ? 1 : random.nextDouble());
        }
        return c;
    }

    /** Over every pattern, with equal contributions, with random signs, and with random unit vectors of three coordinates. */
    private double furthest(double[] coefficients, Participation participation) {
        double furthest = 0;
        for (List<Integer> pattern : patterns(participation)) {
            double[][] contributions = new double[pattern.size()][3];
            for (double[] contribution : contributions) {
                contribution[0] = 1;
            }
            furthest = Math.max(furthest, moved(coefficients, pattern, contributions));
            for (int k = 0; k < SIGNS_EACH; k++) {
                for (double[] contribution : contributions) {
                    Arrays.fill(contribution, 0);
                    contribution[0] = random.nextInt(2) == 0 ? 1 : -1;
                }
                furthest = Math.max(furthest, moved(coefficients, pattern, contributions));
                for (double[] contribution : contributions) {
                    double norm = 0;
                    for (int i = 0; i < 3; i++) {
                        contribution[i] = random.nextGaussian();
                        norm += contribution[i] * contribution[i];
                    }
                    for (int i = 0; i < 3; i++) {
                        contribution[i] /= Math.sqrt(norm);
                    }
                }
                furthest = Math.max(furthest, moved(coefficients, pattern, contributions));
            }
        }
        return furthest;
    }

    private static double moved(double[] coefficients, List<Integer> pattern, double[][] contributions) {
        double squares = 0;
        for (int t = 0; t < coefficients.length; t++) {
            for (int i = 0; i < 3; i++) {
                double sum = 0;
                for (int j = 0; j < pattern.size() && pattern.get(j) <= t; j++) {
                    sum += coefficients[t - pattern.get(j)] * contributions[j][i];
                }
                squares += sum * sum;
            }
        }
        return Math.sqrt(squares);
    }

    private static List<List<Integer>> patterns(Participation participation) {
        List<List<Integer>> patterns = new ArrayList<>();
        for (int mask = 1; mask < 1 << participation.rounds(); mask++) {
            List<Integer> pattern = new ArrayList<>();
            boolean fits = Integer.bitCount(mask) <= participation.maxParticipations();
            for (int t = 0; t < participation.rounds() && fits; t++) {
                if ((mask >> t & 1) == 1) {
                    fits = pattern.isEmpty() || t - pattern.get(pattern.size() - 1) >= participation.minSeparation();
                    pattern.add(t);
                }
            }
            if (fits) {
                patterns.add(pattern);
            }
        }
        return patterns;
    }
}
