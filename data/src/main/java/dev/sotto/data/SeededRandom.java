package dev.sotto.data;

import java.nio.charset.StandardCharsets;

/**
 * A small seeded generator for generated data and partitions: SplitMix64 (Steele, Lea, Flood 2014), its numbers the
 * same on every machine and Java version. Not cryptographic: noise and sampling never come from here. Not thread-safe;
 * parallel work gives each piece a stream of its own.
 */
public final class SeededRandom {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private long state;
    private double spare;
    private boolean hasSpare;

    private SeededRandom(long state) {
        this.state = state;
    }

    /** The stream with this index for this purpose: different purposes and indices give unrelated streams. */
    public static SeededRandom stream(long seed, String purpose, long index) {
        long hash = 0xCBF29CE484222325L; // FNV-1a
        for (byte b : purpose.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001B3L;
        }
        return new SeededRandom(mix(mix(mix(seed + GAMMA) ^ hash) + mix(index * GAMMA + 1)));
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    public long nextLong() {
        state += GAMMA;
        return mix(state);
    }

    /** Uniform in [0, 1), with 53 bits. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1p-53;
    }

    /** Uniform in [low, high). */
    public double uniform(double low, double high) {
        return low + (high - low) * nextDouble();
    }

    /** Uniform in [0, bound), exactly; bound at least 1. */
    public int nextInt(int bound) {
        if (bound < 1) {
            throw new IllegalArgumentException("bound " + bound + " is not at least 1");
        }
        long bits;
        long value;
        do {
            bits = nextLong() >>> 1;
            value = bits % bound;
        } while (bits - value + (bound - 1) < 0);
        return (int) value;
    }

    /** Standard normal, by Marsaglia's polar method; strict arithmetic, so the same everywhere. */
    public double nextGaussian() {
        if (hasSpare) {
            hasSpare = false;
            return spare;
        }
        double u;
        double v;
        double s;
        do {
            u = 2 * nextDouble() - 1;
            v = 2 * nextDouble() - 1;
            s = u * u + v * v;
        } while (s >= 1 || s == 0);
        double radius = StrictMath.sqrt(-2 * StrictMath.log(s) / s);
        spare = v * radius;
        hasSpare = true;
        return u * radius;
    }

    /** Shuffles in place (Fisher-Yates). */
    public void shuffle(int[] numbers) {
        for (int i = numbers.length - 1; i > 0; i--) {
            int j = nextInt(i + 1);
            int swap = numbers[i];
            numbers[i] = numbers[j];
            numbers[j] = swap;
        }
    }
}
