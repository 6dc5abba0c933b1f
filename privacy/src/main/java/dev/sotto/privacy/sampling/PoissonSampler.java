package dev.sotto.privacy.sampling;

import dev.sotto.privacy.Require;
import dev.sotto.privacy.SamplingRate;
import dev.sotto.privacy.random.RandomStream;
import java.util.Arrays;

/**
 * Takes each unit of a population independently with probability q. The gaps between the chosen are geometric, so a draw
 * costs time in proportion to what it returns. Not thread-safe. The draws must stay secret: amplification holds only
 * against those who never learn them.
 */
public final class PoissonSampler {
    private final int population;
    private final double logOfSkip;
    private final boolean everyone;
    private final int expected;
    private final RandomStream stream;

    /** A sampler of {@code population} units, which draws from {@code stream}. */
    public PoissonSampler(int population, SamplingRate rate, RandomStream stream) {
        this.population = Require.atLeast("population", population, 1);
        this.everyone = rate.value() == 1;
        this.logOfSkip = Math.log1p(-rate.value());
        double mean = population * rate.value();
        this.expected = (int) Math.min(population, mean + 6 * Math.sqrt(mean) + 8);
        this.stream = stream;
    }

    /** The numbers of the next sample, ascending; may be empty. */
    public int[] next() {
        int[] chosen = new int[everyone ? population : expected];
        int count = 0;
        for (long at = skip(); at < population; at += 1 + skip()) {
            if (count == chosen.length) {
                chosen = Arrays.copyOf(chosen, Math.min(population, 2 * count));
            }
            chosen[count++] = (int) at;
        }
        return count == chosen.length ? chosen : Arrays.copyOf(chosen, count);
    }

    /** How many units are passed over before the next that is taken: floor(ln u / ln(1 - q)). */
    private long skip() {
        return everyone ? 0 : (long) Math.min(Math.log(stream.nextDouble()) / logOfSkip, Integer.MAX_VALUE);
    }
}
