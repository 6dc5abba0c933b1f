package dev.sotto.privacy.random;

/**
 * Where random streams come from. Each purpose ("noise/client-3/round-7") has a stream of its own, so that the order in
 * which threads run changes nothing. Immutable and thread-safe; the streams are not.
 */
public sealed interface Randomness permits SecretRandomness, SeededRandomness {
    /** A new stream for a purpose. Seeded: the same purpose gives the same stream. */
    RandomStream stream(String purpose);

    /** Whether the streams can be foretold by who knows the seed; if so, nothing drawn from them protects anyone. */
    boolean reproducible();

    /** Streams with fresh keys from the operating system. */
    static Randomness secret() {
        return SecretRandomness.INSTANCE;
    }

    /** Streams derived from a seed, for simulation and tests. */
    static Randomness seeded(long seed) {
        return new SeededRandomness(seed);
    }
}
