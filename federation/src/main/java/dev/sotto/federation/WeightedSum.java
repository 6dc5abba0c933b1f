package dev.sotto.federation;

/**
 * The sum of weighted updates in 64-bit fixed point. Integer addition does not care about order, so neither threads nor
 * arrival can change a bit of the result. Each value is cut toward zero, so a vector never grows by being added.
 *
 * <p>The grid is chosen from public numbers only: with total weight W and {@link #LARGEST} the largest value accepted, the
 * sum stays below 2^62 when a unit is 2^-(62 - ceil(log2 W) - log2 LARGEST). One thread at a time.
 */
public final class WeightedSum implements Aggregate {
    /** Updates with a value of this size or more are refused: 2^12. */
    static final float LARGEST = 4096;

    private final boolean byExamples;
    private final double unitsPerOne;
    private final int round;
    private final long mostWeight;
    private final long[] sum;
    private long weight;
    private int updates;

    /**
     * An empty sum.
     *
     * @param size values in an update
     * @param round the only round whose updates count
     * @param byExamples whether an update weighs its examples, or 1
     * @param mostWeight the total weight that all clients together can have
     */
    public WeightedSum(int size, int round, boolean byExamples, long mostWeight) {
        this(
                new long[size],
                round,
                byExamples,
                mostWeight,
                Math.scalb(1.0, 62 - 12 - (64 - Long.numberOfLeadingZeros(Math.max(1, mostWeight)))));
    }

    private WeightedSum(long[] sum, int round, boolean byExamples, long mostWeight, double unitsPerOne) {
        this.sum = sum;
        this.round = round;
        this.byExamples = byExamples;
        this.mostWeight = mostWeight;
        this.unitsPerOne = unitsPerOne;
    }

    @Override
    public WeightedSum fresh() {
        return new WeightedSum(new long[sum.length], round, byExamples, mostWeight, unitsPerOne);
    }

    @Override
    public void add(ClientUpdate update) {
        add(update, 1);
    }

    /**
     * Takes an update in, its vector times a factor; its weight stays.
     *
     * @throws RefusedUpdateException as {@link #add(ClientUpdate)} does, for the values after the factor
     */
    public void add(ClientUpdate update, double factor) {
        check(update, factor);
        float[] delta = update.delta();
        long own = weight(update);
        double scale = unitsPerOne * own * factor;
        for (int i = 0; i < sum.length; i++) {
            sum[i] += (long) (delta[i] * scale);
        }
        weight += own;
        updates++;
    }

    /** What an update weighs here. */
    public long weight(ClientUpdate update) {
        return byExamples ? update.examples() : 1;
    }

    private void check(ClientUpdate update, double factor) {
        RefusedUpdateException.requireRound(update, round);
        RefusedUpdateException.requireWidth(update, sum.length);
        if (update.examples() < 1) {
            throw RefusedUpdateException.of(update, "it claims " + update.examples() + " examples");
        }
        // One client must not be able to make the sum overflow.
        if (byExamples && update.examples() > mostWeight) {
            throw RefusedUpdateException.of(
                    update,
                    "it claims " + update.examples() + " examples, but all clients together have " + mostWeight);
        }
        for (int i = 0; i < sum.length; i++) {
            float value = (float) (update.delta()[i] * factor);
            if (!(Math.abs(value) < LARGEST)) {
                throw RefusedUpdateException.tooLarge(update, i, value, LARGEST);
            }
        }
    }

    @Override
    public void merge(Aggregate other) {
        WeightedSum more = (WeightedSum) other;
        for (int i = 0; i < sum.length; i++) {
            sum[i] += more.sum[i];
        }
        weight += more.weight;
        updates += more.updates;
    }

    @Override
    public int updates() {
        return updates;
    }

    /** The weight of all updates that are in, over the most it could be. */
    public double share() {
        return (double) weight / mostWeight;
    }

    /** The weighted mean; all NaN if there is no update. */
    public float[] mean() {
        float[] mean = new float[sum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) mean(i);
        }
        return mean;
    }

    /** Value i of the weighted mean. */
    double mean(int i) {
        return sum[i] / (unitsPerOne * weight);
    }
}
