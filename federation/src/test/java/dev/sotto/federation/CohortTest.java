package dev.sotto.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.federation.clientlevel.ClientSampling;
import dev.sotto.privacy.random.RandomStream;
import dev.sotto.privacy.random.Randomness;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
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
            List<String> drawn = cohort.draw(ROSTER, 1, random);
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
        assertThat(new Cohort.All().draw(ROSTER, 1, Randomness.seeded(1).stream("x")))
                .isEqualTo(IDS);
    }

    @Test
    void aFixedSizeIsDrawnWithoutReplacementAndEvenly() {
        RandomStream random = Randomness.seeded(1).stream("cohorts");
        for (int round = 0; round < 100; round++) {
            assertThat(new Cohort.FixedSize(7).draw(ROSTER, 1, random)).hasSize(7);
        }
        assertThat(chiSquare(counts(new Cohort.FixedSize(7)), 7.0 / 20)).isLessThan(75);
        assertThat(chiSquare(counts(new Cohort.FixedSize(7)), 8.0 / 20))
                .as("a wrong rate")
                .isGreaterThan(75);
    }

    @Test
    void aFixedSizeAboveTheRosterIsEveryone() {
        assertThat(new Cohort.FixedSize(21).draw(ROSTER, 1, Randomness.seeded(1).stream("x")))
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
                .map(round -> new Cohort.Poisson(0.5).draw(ROSTER, 1, random).size())
                .distinct()
                .count();
        assertThat(sizes).isGreaterThan(3);
    }

    /**
     * Pairs of clients in one round, and the same client in two rounds running, meet as often as independent draws do: a
     * count over 4000 rounds off by 6 standard deviations has probability 2e-9, and 400 are looked at.
     */
    @Test
    void clientsAreDrawnIndependentlyOfEachOtherAndOfTheRoundBefore() {
        assertThat(farthestMeeting(new Cohort.Poisson(0.3), 0.3 * 0.3)).isLessThan(6);
        assertThat(farthestMeeting(new Cohort.FixedSize(6), 6.0 / 20 * 5 / 19)).isLessThan(6);
        assertThat(farthestMeeting(new Neighbours(), 0.3 * 0.3))
                .as("clients drawn two by two, each at the right rate")
                .isGreaterThan(6);
        assertThat(farthestReturn(new Cohort.Poisson(0.3), 0.3)).isLessThan(6);
        assertThat(farthestReturn(new Cohort.FixedSize(6), 0.3)).isLessThan(6);
        assertThat(farthestReturn(new Cohort.MinSeparation(3, 6), 0.3))
                .as("clients that wait for their turn")
                .isGreaterThan(6);
    }

    private interface Draws {
        List<String> draw(int round, RandomStream random);
    }

    /** The broken variant: one coin for two clients. */
    private static final class Neighbours implements Draws {
        @Override
        public List<String> draw(int round, RandomStream random) {
            return IntStream.range(0, 10)
                    .filter(pair -> random.nextDouble() < 0.3)
                    .boxed()
                    .flatMap(pair -> Stream.of(IDS.get(2 * pair), IDS.get(2 * pair + 1)))
                    .toList();
        }
    }

    private static double farthestMeeting(Cohort cohort, double expected) {
        return farthestMeeting((round, random) -> cohort.draw(ROSTER, round, random), expected);
    }

    private static double farthestMeeting(Draws draws, double expected) {
        int[][] met = new int[20][20];
        RandomStream random = Randomness.seeded(8).stream("cohorts");
        for (int round = 1; round <= ROUNDS; round++) {
            List<String> drawn = draws.draw(round, random);
            for (String one : drawn) {
                for (String other : drawn) {
                    met[IDS.indexOf(one)][IDS.indexOf(other)]++;
                }
            }
        }
        double farthest = 0;
        for (int i = 0; i < 20; i++) {
            for (int j = 0; j < i; j++) {
                farthest = Math.max(farthest, Math.abs(deviations(met[i][j], ROUNDS, expected)));
            }
        }
        return farthest;
    }

    private static double farthestReturn(Cohort cohort, double rate) {
        int[] returned = new int[20];
        RandomStream random = Randomness.seeded(9).stream("cohorts");
        List<String> before = List.of();
        for (int round = 1; round <= ROUNDS; round++) {
            List<String> drawn = cohort.draw(ROSTER, round, random);
            for (String id : drawn) {
                returned[IDS.indexOf(id)] += before.contains(id) ? 1 : 0;
            }
            before = drawn;
        }
        return IntStream.of(returned)
                .mapToDouble(count -> Math.abs(deviations(count, ROUNDS - 1, rate * rate)))
                .max()
                .orElseThrow();
    }

    /** Products of neighbouring draws are correlated: 1 + 2 rate is more than enough for both samplers at 0.3. */
    private static double deviations(int count, int rounds, double probability) {
        double variance = rounds * probability * (1 - probability) * 1.6;
        return (count - rounds * probability) / Math.sqrt(variance);
    }

    @Test
    void aPoissonCohortMayBeEmpty() {
        RandomStream random = Randomness.seeded(1).stream("cohorts");
        assertThat(IntStream.range(0, 100).mapToObj(round -> new Cohort.Poisson(0.01).draw(ROSTER, 1, random)))
                .anyMatch(List::isEmpty);
    }

    @Test
    void sizesAndRatesOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new Cohort.FixedSize(0)).hasMessage("cohort size is 0; it must be at least 1");
        assertThatThrownBy(() -> new Cohort.Poisson(0))
                .hasMessage("cohort rate is 0.0; it must be above 0 and at most 1");
        assertThatThrownBy(() -> new Cohort.Poisson(1.5)).hasMessageContaining("cohort rate is 1.5");
    }

    @Nested
    class ByTurns {
        private final RandomStream unused = Randomness.seeded(1).stream("x");

        private List<List<String>> rounds(Cohort cohort, int rounds) {
            return IntStream.rangeClosed(1, rounds)
                    .mapToObj(round -> cohort.draw(ROSTER, round, unused))
                    .toList();
        }

        /** The smallest number of rounds between two with the same client. */
        private int separation(List<List<String>> rounds) {
            Map<String, Integer> last = new HashMap<>();
            int least = Integer.MAX_VALUE;
            for (int round = 0; round < rounds.size(); round++) {
                for (String id : rounds.get(round)) {
                    least = Math.min(least, last.containsKey(id) ? round - last.get(id) : least);
                    last.put(id, round);
                }
            }
            return least;
        }

        @Test
        void nobodyIsAskedAgainBeforeTheSeparationAndEveryoneInTurn() {
            for (int clients = 1; clients <= 20; clients++) {
                Cohort.MinSeparation cohort = new Cohort.MinSeparation(20 / clients, clients);
                List<List<String>> rounds = rounds(cohort, 60);
                assertThat(rounds).allSatisfy(ids -> assertThat(ids).hasSize(cohort.clients()));
                assertThat(separation(rounds))
                        .isGreaterThanOrEqualTo(cohort.sampling(20).separation())
                        .isGreaterThanOrEqualTo(20 / clients);
                Map<String, Long> counts = rounds.stream()
                        .flatMap(List::stream)
                        .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
                assertThat(counts).hasSize(20);
                assertThat(Collections.max(counts.values()))
                        .isLessThanOrEqualTo(cohort.sampling(20).maxParticipations(60));
            }
        }

        @Test
        void drawingAFixedSizeEachRoundWouldNotSeparate() {
            RandomStream random = Randomness.seeded(1).stream("cohorts");
            List<List<String>> rounds = IntStream.rangeClosed(1, 60)
                    .mapToObj(round -> new Cohort.FixedSize(4).draw(ROSTER, round, random))
                    .toList();
            assertThat(separation(rounds)).isLessThan(5);
        }

        @Test
        void theOrderIsPublicAndNotThatOfTheRoster() {
            Cohort cohort = new Cohort.MinSeparation(5, 4);
            assertThat(rounds(cohort, 12)).isEqualTo(rounds(cohort, 12));
            assertThat(cohort.draw(ROSTER, 7, Randomness.secret().stream("x")))
                    .as("a resumed run")
                    .isEqualTo(rounds(cohort, 7).get(6));
            assertThat(rounds(cohort, 5)).isNotEqualTo(rounds(new Cohort.MinSeparation(5, 4, 2), 5));
            assertThat(rounds(cohort, 1).get(0)).isNotEqualTo(IDS.subList(0, 4));
        }

        @Test
        void itHidesNobodyAndSaysHowOftenOneTakesPart() {
            ClientSampling.Known sampling = new Cohort.MinSeparation(4, 4).sampling(20);
            assertThat(sampling.amplifies()).isFalse();
            assertThat(sampling.expectedClients()).isEqualTo(4);
            assertThat(sampling.separation()).isEqualTo(5);
            assertThat(sampling.maxParticipations(10)).isEqualTo(2);
            assertThat(sampling.maxParticipations(11)).isEqualTo(3);
        }

        @Test
        void moreThanTheClientsCanGiveIsRefused() {
            assertThatThrownBy(() -> new Cohort.MinSeparation(6, 4).draw(ROSTER, 1, unused))
                    .hasMessage("min-separation is 6 with 4 clients a round, but there are only 20 clients; "
                            + "their product must be at most that");
            assertThatThrownBy(() -> new Cohort.MinSeparation(0, 4))
                    .hasMessage("min-separation is 0; it must be at least 1");
        }
    }
}
