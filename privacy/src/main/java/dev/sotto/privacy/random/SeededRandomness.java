package dev.sotto.privacy.random;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The key of a stream is SHA-256(seed, purpose). */
record SeededRandomness(long seed) implements Randomness {
    @Override
    public RandomStream stream(String purpose) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).array());
            return new RandomStream(hash.digest(purpose.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform lacks SHA-256, which every one must have", e);
        }
    }

    @Override
    public boolean reproducible() {
        return true;
    }
}
