package dev.sotto.coordinator.identity;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * What a data owner needs to join: one string. A node learns from it where to dial and whom to trust there; the coordinator
 * recognises the secret.
 *
 * @param address host and port, with a colon between them
 * @param authority SHA-256 of the public key (SubjectPublicKeyInfo) of the coordinator's authority
 * @param secret 32 random bytes
 */
record JoinToken(String address, byte[] authority, byte[] secret) {
    private static final String VERSION = "sotto1";
    private static final int PARTS = 4;
    private static final int BYTES = 32;
    /** Longer than any token can be, so that nobody has longer ones taken apart. */
    private static final int MOST = 1_024;

    /** As it is handed out. */
    String text() {
        return String.join(
                ".",
                VERSION,
                Keys.text(address.getBytes(StandardCharsets.UTF_8)),
                Keys.text(authority),
                Keys.text(secret));
    }

    /** @throws RefusedException if the text is no join token */
    static JoinToken parse(String text) throws RefusedException {
        if (text.length() <= MOST) {
            String[] parts = text.split("\\.", -1);
            if (parts.length == PARTS && parts[0].equals(VERSION)) {
                try {
                    JoinToken token = new JoinToken(
                            new String(bytes(parts[1]), StandardCharsets.UTF_8), bytes(parts[2]), bytes(parts[3]));
                    if (token.authority.length == BYTES && token.secret.length == BYTES) {
                        return token;
                    }
                } catch (IllegalArgumentException e) {
                    // said below
                }
            }
        }
        throw new RefusedException(
                "the join token is damaged; it must be the whole text that begins with '" + VERSION + ".'");
    }

    private static byte[] bytes(String part) {
        byte[] bytes = Base64.getUrlDecoder().decode(part);
        // One token has one text: unused bits must be zero.
        if (!Keys.text(bytes).equals(part)) {
            throw new IllegalArgumentException(Arrays.toString(bytes));
        }
        return bytes;
    }
}
