package dev.sotto.federation.clientlevel;

/**
 * How a round's updates become whole numbers. The unit follows from public numbers only, and is such that a clipped value is
 * below 2^30 units and noise of 64 standard deviations below 2^61, so that no sum over 2^31 clients can wrap.
 *
 * @param bound what clips
 * @param unitsPerOne units in a value of 1
 * @param exact whether that is a power of two, so that values which are not scaled stay as they are
 * @param countValue what a client within the norm adds to the count, one outside takes away; 0 for no count
 * @param maxWeight examples from which on more weigh no more; 0 for equal weights
 */
record SumScale(UpdateBound bound, double unitsPerOne, boolean exact, double countValue, int maxWeight) {
    /** A discrete sigma has this many bits: finer than any grid that normal noise is released on. */
    static final int SIGMA_BITS = 20;

    private static final int VALUE_BITS = 30;
    private static final int NOISE_BITS = 55;

    /** For clipped values of at most {@code largest} and normal noise. */
    static SumScale gaussian(UpdateBound bound, double largest, double stddev, double countValue, int maxWeight) {
        int bits = VALUE_BITS - 1 - Math.getExponent(largest);
        if (stddev > 0) {
            bits = Math.min(bits, NOISE_BITS - 1 - Math.getExponent(stddev));
        }
        return new SumScale(bound, Math.scalb(1.0, bits), true, countValue, maxWeight);
    }

    /** For clipped values of at most {@code largest} and discrete noise of 2^{@link #sigmaBits} units. */
    static SumScale discrete(UpdateBound bound, double largest, double stddev, double countValue, int maxWeight) {
        int bits = sigmaBits(largest, stddev);
        return new SumScale(bound, Math.scalb(1.0, bits) / stddev, false, countValue, maxWeight);
    }

    /** The bits of a discrete sigma: as many as clipped values leave room for. */
    static int sigmaBits(double largest, double stddev) {
        int room = VALUE_BITS - 1 - Math.getExponent(largest / stddev);
        if (room < 1) {
            throw new IllegalArgumentException("privacy.client-level.noise-multiplier: with noise of " + stddev
                    + " on values up to " + largest + " there is no grid for discrete noise; valid above 1e-8");
        }
        return Math.min(SIGMA_BITS, room);
    }

    /** Values in the sum: those of a vector, and the count. */
    int width() {
        return bound.width() + (countValue > 0 ? 1 : 0);
    }

    /** Adds a vector that is yet to be clipped and weighed. */
    void addBounded(float[] vector, int examples, long[] sum) {
        double weight = UpdateBound.weight(examples, maxWeight);
        double[] factors = bound.factors(vector);
        for (int p = 0; p < factors.length; p++) {
            UpdateBound.Part part = bound.parts().get(p);
            if (factors[p] > 0 && weight > 0) {
                double factor = factors[p] * weight;
                boolean kept = factor == 1 && exact;
                add(
                        vector,
                        part.from(),
                        part.to(),
                        (float) (kept ? unitsPerOne : factor * unitsPerOne * UpdateBound.HAIR_BELOW),
                        sum);
            }
        }
        if (countValue > 0) {
            sum[sum.length - 1] += UpdateBound.twiceCount(factors) * (long) (countValue * unitsPerOne);
        }
    }

    /** Adds a vector that was clipped, weighed and noised where it came from. */
    void addReleased(float[] vector, long[] sum) {
        add(vector, 0, sum.length, (float) unitsPerOne, sum);
    }

    /** Each value is cut toward zero, so that a clipped vector never grows; what is out of range becomes the largest. */
    private static void add(float[] vector, int from, int to, float scale, long[] sum) {
        for (int i = from; i < to; i++) {
            sum[i] += (int) (vector[i] * scale);
        }
    }
}
