package dev.sotto.federation.strategy;

import dev.sotto.privacy.Require;
import java.util.List;

/**
 * Selection, then a mean around the median (El Mhamdi et al., "The Hidden Vulnerability of Distributed Learning in
 * Byzantium", 2018, section 4): {@link Krum} picks n - 2 f updates, each time from those that are left; of them, each
 * coordinate is the mean of the n - 4 f values closest to their median. Where so few are left that n - f - 2 neighbours are
 * none, one counts.
 *
 * @param malicious f, how many clients may lie; a round needs n of at least 4 f + 3
 * @param learningRate multiplies the result; 1 for none
 */
public record Bulyan(int malicious, double learningRate) implements RobustStrategy {
    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public Bulyan {
        Require.atLeast("number of malicious clients", malicious, 0);
        Require.positive("server learning rate", learningRate);
    }

    @Override
    public String name() {
        return "bulyan";
    }

    @Override
    public int leastUpdates() {
        return Math.addExact(Math.multiplyExact(4, malicious), 3);
    }

    @Override
    public float[] combine(List<float[]> updates) {
        int selected = updates.size() - 2 * malicious;
        List<float[]> chosen = new Neighbours(updates)
                .picked(selected, malicious).stream().map(updates::get).toList();
        int around = selected - 2 * malicious;
        return Coordinates.combine(chosen, sorted -> Coordinates.meanAroundMedian(sorted, around));
    }
}
