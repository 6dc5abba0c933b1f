package dev.sotto.privacy.random;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** The key of a stream is the beginning of SHA-256(seed, purpose). */
record SeededRandomness(long seed) implements Randomness {
    @Override
    public RandomStream stream(String purpose) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).array());
            byte[] digest = hash.digest(purpose.getBytes(StandardCharsets.UTF_8));
            return new RandomStream(Arrays.copyOf(digest, RandomStream.KEY_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform lacks SHA-256, which every one must have", e);
        }
    }

    @Override
    public boolean reproducible() {
        return true;
    }
}
