package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.privacy.random.RandomStream;
import dev.sotto.privacy.random.Randomness;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Cohorts")
class CohortTest {
    private static final int ROUNDS = 4000;
    private static final List<ClientProfile> ROSTER = IntStream.range(0, 20)
            .mapToObj(i -> new ClientProfile("client-" + i, 10))
            .toList();
    private static final List<String> IDS =
            ROSTER.stream().map(ClientProfile::id).toList();

    private static Map<String, Integer> counts(Cohort cohort) {
        RandomStream random = Randomness.seeded(4).stream("cohorts");
        Map<String, Integer> counts = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            List<String> drawn = cohort.draw(ROSTER, random);
            assertThat(drawn)
                    .doesNotHaveDuplicates()
                    .isSubsetOf(IDS)
                    .isSortedAccordingTo((a, b) -> Integer.compare(IDS.indexOf(a), IDS.indexOf(b)));
            drawn.forEach(id -> counts.merge(id, 1, Integer::sum));
        }
        return counts;
    }

    /**
     * Chi-square of how often each of the 20 clients was drawn, each count having the given variance. 75 is beyond the
     * 1 - 1e-6 quantile of 20 degrees of freedom (66.2), and of 19 scaled by 20/19, as under a fixed total (67.8).
     */
    private static double chiSquare(Map<String, Integer> counts, double rate) {
        double sum = 0;
        for (String id : IDS) {
            double off = counts.getOrDefault(id, 0) - ROUNDS * rate;
            sum += off * off / (ROUNDS * rate * (1 - rate));
        }
        return sum;
    }

    @Test
    void allIsEveryoneEachRound() {
        assertThat(new Cohort.All().draw(ROSTER, Randomness.seeded(1).stream("x")))
                .isEqualTo(IDS);
    }

    @Test
    void aFixedSizeIsDrawnWithoutReplacementAndEvenly() {
        RandomStream random = Randomness.seeded(1).stream("cohorts");
        for (int round = 0; round < 100; round++) {
            assertThat(new Cohort.FixedSize(7).draw(ROSTER, random)).hasSize(7);
        }
        assertThat(chiSquare(counts(new Cohort.FixedSize(7)), 7.0 / 20)).isLessThan(75);
        assertThat(chiSquare(counts(new Cohort.FixedSize(7)), 8.0 / 20))
                .as("a wrong rate")
                .isGreaterThan(75);
    }

    @Test
    void aFixedSizeAboveTheRosterIsEveryone() {
        assertThat(new Cohort.FixedSize(21).draw(ROSTER, Randomness.seeded(1).stream("x")))
                .isEqualTo(IDS);
    }

    @Test
    void poissonDrawsEachClientAtItsRateAndSizesVary() {
        for (double rate : new double[] {0.05, 0.5, 0.9}) {
            assertThat(chiSquare(counts(new Cohort.Poisson(rate)), rate)).isLessThan(75);
        }
        assertThat(chiSquare(counts(new Cohort.Poisson(0.45)), 0.5))
                .as("a wrong rate")
                .isGreaterThan(75);
        RandomStream random = Randomness.seeded(1).stream("cohorts");
        long sizes = IntStream.range(0, 100)
                .map(round -> new Cohort.Poisson(0.5).draw(ROSTER, random).size())
                .distinct()
                .count();
        assertThat(sizes).isGreaterThan(3);
    }

    @Test
    void aPoissonCohortMayBeEmpty() {
        RandomStream random = Randomness.seeded(1).stream("cohorts");
        assertThat(IntStream.range(0, 100).mapToObj(round -> new Cohort.Poisson(0.01).draw(ROSTER, random)))
                .anyMatch(List::isEmpty);
    }

    @Test
    void sizesAndRatesOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new Cohort.FixedSize(0)).hasMessage("cohort size is 0; it must be at least 1");
        assertThatThrownBy(() -> new Cohort.Poisson(0))
                .hasMessage("cohort rate is 0.0; it must be above 0 and at most 1");
        assertThatThrownBy(() -> new Cohort.Poisson(1.5)).hasMessageContaining("cohort rate is 1.5");
    }
}
