package dev.sotto.privacy.random;

import dev.sotto.privacy.Require;

/**
 * Discrete Gaussian noise, P(x) in proportion to exp(-x^2 / (2 sigma^2)) over the integers, drawn exactly: comparisons of
 * integers with uniform bits, no floating-point number anywhere (Canonne, Kamath, Steinke 2020, algorithms 1 to 3, with t =
 * sigma). Sigma is a power of two, so that all probabilities but 1/k are binary fractions and need no division. Not
 * thread-safe; time to draw depends on what is drawn, as with every rejection sampler.
 */
public final class DiscreteGaussianNoise {
    /** The finest sigma is 2^30. */
    public static final int MOST_BITS = 30;

    private static final int BLOCK = 1024;

    private final int bits;
    private final RandomStream stream;
    private final int[] block = new int[BLOCK];
    private int position = BLOCK;

    /**
     * Noise of sigma 2^bits.
     *
     * @param bits from 0 to 30
     */
    public DiscreteGaussianNoise(int bits, RandomStream stream) {
        if (bits > MOST_BITS) {
            throw new IllegalArgumentException("bits of sigma is " + bits + "; it must be at most " + MOST_BITS);
        }
        this.bits = Require.atLeast("bits of sigma", bits, 0);
        this.stream = stream;
    }

    /** Adds independent noise to each of {@code target[from .. to)}. */
    public void addTo(long[] target, int from, int to) {
        for (int i = from; i < to; i++) {
            target[i] += next();
        }
    }

    /** The next number. */
    public long next() {
        while (true) {
            long x = magnitude();
            boolean negative = word() < 0;
            if (negative && x == 0) {
                continue; // zero would come twice as often
            }
            long beyond = x - (1L << bits);
            if (decays(beyond * beyond, 2 * bits + 1)) {
                return negative ? -x : x;
            }
        }
    }

    /** P(x) in proportion to exp(-x / 2^bits), x from 0. */
    private long magnitude() {
        long low;
        do {
            low = bits == 0 ? 0 : word() >>> (Integer.SIZE - bits);
        } while (!decays(low, bits));
        long high = 0;
        while (decaysOnce()) {
            high++;
        }
        return low + (high << bits);
    }

    /** True with probability exp(-n / 2^scale). */
    private boolean decays(long n, int scale) {
        long rest = n;
        while (rest >>> scale != 0) {
            if (!decaysOnce()) {
                return false;
            }
            rest -= 1L << scale;
        }
        // The number of successes of probabilities g, g/2, g/3, ... before the first failure is even with exp(-g).
        int k = 1;
        while (below(rest, scale) && oneIn(k)) {
            k++;
        }
        return (k & 1) == 1;
    }

    /** True with probability 1/e. */
    private boolean decaysOnce() {
        int k = 2;
        while (oneIn(k)) {
            k++;
        }
        return (k & 1) == 1;
    }

    /** True with probability n / 2^scale, for n up to 2^scale. */
    private boolean below(long n, int scale) {
        int left = scale;
        while (left > Integer.SIZE) {
            left -= Integer.SIZE;
            long high = n >>> left;
            long drawn = word() & 0xFFFFFFFFL;
            if (drawn != high) {
                return drawn < high;
            }
            n &= (1L << left) - 1;
        }
        return left == 0 ? n > 0 : (word() & 0xFFFFFFFFL) >>> (Integer.SIZE - left) < n;
    }

    /** True with probability 1/k: the product of a word and k has its upper half uniform but for its last few values. */
    private boolean oneIn(int k) {
        if (k == 1) {
            return true;
        }
        if (k == 2) {
            return word() < 0;
        }
        long product;
        do {
            product = (word() & 0xFFFFFFFFL) * k;
        } while ((product & 0xFFFFFFFFL) < (1L << Integer.SIZE) % k);
        return product >>> Integer.SIZE == 0;
    }

    private int word() {
        if (position == BLOCK) {
            stream.words(block, 0, BLOCK);
            position = 0;
        }
        return block[position++];
    }
}
