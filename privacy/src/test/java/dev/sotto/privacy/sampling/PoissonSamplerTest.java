package dev.sotto.privacy.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.SamplingRate;
import dev.sotto.privacy.random.Randomness;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoissonSamplerTest {
    @ParameterizedTest
    @ValueSource(doubles = {0.003, 0.1, 0.5, 0.97})
    void eachUnitJoinsWithTheRateIndependentlyOfTheOthers(double q) {
        int population = 500;
        int draws = 4000;
        PoissonSampler sampler =
                new PoissonSampler(population, new SamplingRate(q), Randomness.seeded(3).stream("s" + q));
        long[] taken = new long[population];
        long pairs = 0;
        long total = 0;
        for (int draw = 0; draw < draws; draw++) {
            int[] sample = sampler.next();
            assertThat(sample).isSorted();
            total += sample.length;
            for (int i = 0; i < sample.length; i++) {
                taken[sample[i]]++;
                pairs += i > 0 && sample[i] == sample[i - 1] + 1 ? 1 : 0;
            }
        }
        double trials = (double) population * draws;
        // 5.5 standard errors: false alarm below 4e-8 each.
        assertThat(total / trials).isCloseTo(q, within(5.5 * Math.sqrt(q * (1 - q) / trials)));
        assertThat(pairs / trials)
                .isCloseTo(q * q * (population - 1) / population, within(5.5 * q / Math.sqrt(trials)));
        // Chi-square over units: mean 500, standard deviation 31.6; 7 of them: below 1e-9.
        double chi = 0;
        for (long count : taken) {
            chi += Math.pow(count - draws * q, 2) / (draws * q * (1 - q));
        }
        assertThat(chi).isCloseTo(population, within(7 * Math.sqrt(2.0 * population)));
    }

    @Test
    void rateOneTakesEveryone() {
        PoissonSampler sampler = new PoissonSampler(5, new SamplingRate(1), Randomness.secret().stream("all"));
        assertThat(sampler.next()).isEqualTo(IntStream.range(0, 5).toArray());
    }

    @Test
    void aTinyRateMayTakeNobody() {
        PoissonSampler sampler = new PoissonSampler(10, new SamplingRate(1e-12), Randomness.seeded(1).stream("none"));
        assertThat(sampler.next()).isEmpty();
    }
}
