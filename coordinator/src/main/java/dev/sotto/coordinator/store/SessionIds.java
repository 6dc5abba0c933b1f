package dev.sotto.coordinator.store;

import java.security.SecureRandom;

/** Names for sessions that people can type, that name files, and that do not meet. */
final class SessionIds {
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
    private static final int LENGTH = 10;
    private static final SecureRandom RANDOM = new SecureRandom();

    private SessionIds() {}

    static String next() {
        StringBuilder id = new StringBuilder("s-");
        for (int i = 0; i < LENGTH; i++) {
            id.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
        }
        return id.toString();
    }
}
