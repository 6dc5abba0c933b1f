package dev.sotto.data;

import java.util.Arrays;
import java.util.Optional;

/**
 * Sets a share of the examples aside as test data where a source has none: a shuffle by the seed, then the first
 * {@code round(fraction * size)}. The rest keeps its order.
 *
 * @param fraction in [0, 1); 0 holds nothing out
 */
public record Holdout(double fraction, long seed) {
    public Holdout {
        if (!(fraction >= 0 && fraction < 1)) {
            throw new DataException("test fraction is " + fraction + "; it must be at least 0 and below 1");
        }
    }

    public static Holdout none() {
        return new Holdout(0, 0);
    }

    /** Splits; refuses if a positive fraction leaves either side empty. */
    public DataSet split(String name, Examples all, String origin) {
        if (fraction == 0) {
            return new DataSet(name, all, Optional.empty(), origin);
        }
        int held = (int) Math.round(fraction * all.size());
        if (held == 0 || held == all.size()) {
            throw new DataException(name + ": a test fraction of " + fraction + " of " + all.size()
                    + " examples leaves no " + (held == 0 ? "test" : "training") + " examples");
        }
        int[] order = new int[all.size()];
        Arrays.setAll(order, i -> i);
        SeededRandom.stream(seed, "holdout", 0).shuffle(order);
        int[] test = Arrays.copyOf(order, held);
        int[] train = Arrays.copyOfRange(order, held, order.length);
        Arrays.sort(test);
        Arrays.sort(train);
        return new DataSet(name, all.select(train), Optional.of(all.select(test)), origin);
    }
}
