package dev.sotto.coordinator.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;

/**
 * A line of the audit log.
 *
 * @param number from 1, without gaps
 * @param actor who did it: the name of an access token, a client's id, or {@code coordinator}
 * @param action what was done: a word or two
 * @param subject to what or whom
 * @param detail more, on one line
 * @param previous hash of the line before; zeros for the first
 * @param hash SHA-256 over all of these
 */
public record AuditLine(
        long number,
        Instant time,
        String actor,
        String action,
        String subject,
        String detail,
        byte[] previous,
        byte[] hash) {
    private static final byte[] CONTEXT = "sotto audit 1".getBytes(StandardCharsets.UTF_8);

    /** The hash that the line must have: each field with its length before it, so that no two lines read the same. */
    static byte[] hash(
            long number, long millis, String actor, String action, String subject, String detail, byte[] previous) {
        MessageDigest digest = Sha256.digest();
        field(digest, CONTEXT);
        field(digest, previous);
        digest.update(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(number)
                .putLong(millis)
                .flip());
        for (String text : new String[] {actor, action, subject, detail}) {
            field(digest, text.getBytes(StandardCharsets.UTF_8));
        }
        return digest.digest();
    }

    private static void field(MessageDigest digest, byte[] bytes) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
    }

    /** Whether the hash is that of the fields. */
    boolean whole() {
        return MessageDigest.isEqual(hash, hash(number, time.toEpochMilli(), actor, action, subject, detail, previous));
    }
}
