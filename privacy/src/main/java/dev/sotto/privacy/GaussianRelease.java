package dev.sotto.privacy;

import dev.sotto.privacy.random.RandomStream;

/**
 * Adds normal noise and snaps the result to a grid, so that the low bits of floating-point noise tell nothing about the
 * sum (Mironov 2012). The grid is a power of two chosen from the noise's scale, which is public. Not thread-safe.
 */
public final class GaussianRelease {
    /** The grid is the noise's scale over 2^14 or a little finer: rounding adds less than 1e-9 of the variance. */
    static final int GRID_BITS = 14;

    private static final int BLOCK = 1024;

    private final RandomStream stream;

    /** Noise from that stream. */
    public GaussianRelease(RandomStream stream) {
        this.stream = stream;
    }

    /**
     * {@code values} become snap(values + N(0, std^2)) / divisor; a value that is not finite counts as 0.
     *
     * @param std above 0
     * @param divisor a public constant, at least 1
     */
    public void apply(float[] values, double std, int divisor) {
        apply(values, std, divisor, ReleasedValues.KEPT);
    }

    /**
     * The same, with what is done before and next to the values of each block.
     *
     * @param std above 0
     * @param divisor a public constant, at least 1
     */
    public void apply(float[] values, double std, int divisor, ReleasedValues next) {
        double grid = grid(std);
        for (int from = 0; from < values.length; from += BLOCK) {
            int to = Math.min(values.length, from + BLOCK);
            next.complete(values, to);
            stream.addGaussian(values, from, to, std, grid, 1.0 / divisor);
            next.take(values, from, to);
        }
    }

    static double grid(double std) {
        return Math.scalb(1.0, Math.getExponent(std) - GRID_BITS);
    }
}
