package dev.sotto.privacy.random;

import dev.sotto.kernels.GaussianTransform;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.security.GeneralSecurityException;
import java.util.function.IntSupplier;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A stream of cryptographically strong random numbers: the key stream of AES-128 in counter mode. All draws consume the
 * stream in order, so equal keys and equal calls give equal values on every machine. Allocates nothing after
 * construction. Not thread-safe.
 */
public final class RandomStream {
    static final int KEY_BYTES = 16;

    /** Words drawn at once: all that belongs to a block stays in the first-level cache. */
    private static final int BLOCK = 1024;

    /** A block needs one in eight times. */
    private static final int LOWER_WORDS = 16;

    private final Cipher cipher;
    private final byte[] zeros = new byte[Integer.BYTES * BLOCK];
    private final byte[] block = new byte[Integer.BYTES * BLOCK];
    private final IntBuffer words = words(block);
    private int position = BLOCK;
    private final byte[] lowerBlock = new byte[Integer.BYTES * LOWER_WORDS];
    private final IntBuffer lowerWords = words(lowerBlock);
    private int lowerPosition = LOWER_WORDS;
    private final IntSupplier lowers = this::nextLower;
    private final float[] radii = new float[BLOCK / 2];
    private double spareGaussian = Double.NaN;

    RandomStream(byte[] key) {
        try {
            cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform lacks AES in counter mode", e);
        }
    }

    /** Fills {@code into[from .. to)} with uniform 32-bit words. */
    public void words(int[] into, int from, int to) {
        int next = from;
        while (next < to) {
            if (position == BLOCK) {
                refill();
            }
            int count = Math.min(to - next, BLOCK - position);
            words.get(position, into, next, count);
            position += count;
            next += count;
        }
    }

    /** A uniform 64-bit integer. */
    public long nextLong() {
        return ((long) nextWord() << 32) | (nextWord() & 0xFFFFFFFFL);
    }

    /** Uniform in (0, 1): the middles of 2^53 equal cells but for rounding, so never 0 or 1. */
    public double nextDouble() {
        return ((nextLong() >>> 12) + 0.5) * 0x1p-52;
    }

    /**
     * Uniform in [0, bound), exactly.
     *
     * @param bound above 0
     */
    public int nextInt(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound is " + bound + "; it must be at least 1");
        }
        // Words at or above the last multiple of the bound are drawn again: no value is likelier than another.
        long limit = (1L << 32) / bound * bound;
        long word;
        do {
            word = nextWord() & 0xFFFFFFFFL;
        } while (word >= limit);
        return (int) (word % bound);
    }

    /** A standard normal number; the radius comes from 64 uniform bits, so tails reach 9.4 standard deviations. */
    public double nextGaussian() {
        if (!Double.isNaN(spareGaussian)) {
            double value = spareGaussian;
            spareGaussian = Double.NaN;
            return value;
        }
        double high = nextWord() & 0xFFFFFFFFL;
        double low = nextWord() & 0xFFFFFFFFL;
        double radius = Math.sqrt(-2 * Math.log(Math.min(high * 0x1p-32 + (low + 0.5) * 0x1p-64, 1)));
        double angle = 2 * Math.PI * nextDouble();
        spareGaussian = radius * Math.sin(angle);
        return radius * Math.cos(angle);
    }

    /** Brings {@code values} into a uniformly random order (Fisher-Yates). */
    public void shuffle(int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = nextInt(i + 1);
            int held = values[i];
            values[i] = values[j];
            values[j] = held;
        }
    }

    /**
     * Adds independent normal numbers of standard deviation {@code std} to {@code target[from .. to)}. Radii come from 64
     * uniform bits; speed is that of {@link GaussianTransform}.
     */
    public void addGaussian(float[] target, int from, int to, double std) {
        addGaussian(target, from, to, std, 0, 1);
    }

    /**
     * The same, then rounds to the nearest multiple of a grid and multiplies.
     *
     * @param target a value that is not finite counts as 0
     * @param std of the noise, above 0
     * @param grid a power of two, or 0 for none
     * @param scale multiplies what was rounded
     */
    public void addGaussian(float[] target, int from, int to, double std, double grid, double scale) {
        for (int first = from; first < to; first += BLOCK) {
            // Whole blocks only: how a vector is cut into blocks depends on its length alone.
            refill();
            GaussianTransform.fastest()
                    .addNoise(
                            block,
                            lowers,
                            radii,
                            target,
                            first,
                            Math.min(to, first + BLOCK),
                            (float) std,
                            (float) grid,
                            (float) scale);
        }
        position = BLOCK;
    }

    private int nextWord() {
        if (position == BLOCK) {
            refill();
        }
        return words.get(position++);
    }

    private int nextLower() {
        if (lowerPosition == LOWER_WORDS) {
            generate(lowerBlock);
            lowerPosition = 0;
        }
        return lowerWords.get(lowerPosition++);
    }

    private void refill() {
        generate(block);
        position = 0;
    }

    private void generate(byte[] into) {
        try {
            cipher.update(zeros, 0, into.length, into, 0);
        } catch (ShortBufferException e) {
            throw new IllegalStateException("the cipher's output does not fit its buffer", e);
        }
    }

    private static IntBuffer words(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    }
}
