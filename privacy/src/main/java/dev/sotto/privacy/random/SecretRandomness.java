package dev.sotto.privacy.random;

import java.security.SecureRandom;

/** Every stream gets 128 fresh bits of the operating system as its key. */
final class SecretRandomness implements Randomness {
    static final SecretRandomness INSTANCE = new SecretRandomness();

    private final SecureRandom system = new SecureRandom();

    private SecretRandomness() {}

    @Override
    public RandomStream stream(String purpose) {
        byte[] key = new byte[RandomStream.KEY_BYTES];
        system.nextBytes(key);
        return new RandomStream(key);
    }

    @Override
    public boolean reproducible() {
        return false;
    }
}
