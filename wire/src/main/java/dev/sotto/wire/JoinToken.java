package dev.sotto.wire;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an operator hands to a data owner, once: where the coordinator is, by which key its authority is known, a secret, and
 * perhaps what the owner's node is to be called. As text {@code sotto1.ADDRESS.AUTHORITY.SECRET} or
 * {@code sotto1.ADDRESS.AUTHORITY.SECRET.CLIENT}, each part in base64url; a token has one text only.
 *
 * @param address of the coordinator
 * @param authority SHA-256 of the authority's public key, SubjectPublicKeyInfo, DER
 * @param secret 32 random bytes; the coordinator keeps their digest alone
 * @param client the only id that it lets join, so that nobody need tell it again: the coordinator goes by what it noted; empty
 *     for any that is free
 */
public record JoinToken(Address address, byte[] authority, byte[] secret, Optional<String> client) {
    private static final Pattern FORM = Pattern.compile(
            "sotto1\\.([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]{43})\\.([A-Za-z0-9_-]{43})(?:\\.([A-Za-z0-9_-]+))?");

    /** Longer than any token can be, so that nobody has longer ones taken apart. */
    private static final int MOST = 1_024;

    private static final Pattern CLIENT_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** Checks the client's id; an {@link IllegalArgumentException} does not repeat it. */
    public JoinToken {
        client.ifPresent(JoinToken::requireClientId);
    }

    /**
     * Checks what a client is to be called.
     *
     * @throws IllegalArgumentException if nobody may be called so; the message does not repeat it
     */
    public static void requireClientId(String id) {
        if (!CLIENT_ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "client id is not valid; it must be 1 to 64 letters, digits, dots, dashes and"
                            + " underscores, and begin with a letter or digit");
        }
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is none; the message does not repeat it
     */
    public static JoinToken parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (text.length() > MOST || !form.matches()) {
            throw new IllegalArgumentException("this is no join token; it begins with 'sotto1.' and has four or five"
                    + " parts with dots between, as the coordinator's operator hands them out");
        }
        Base64.Decoder decoder = Base64.getUrlDecoder();
        try {
            String address = new String(decoder.decode(form.group(1)), StandardCharsets.UTF_8);
            JoinToken token = new JoinToken(
                    Address.parse(address),
                    decoder.decode(form.group(2)),
                    decoder.decode(form.group(3)),
                    Optional.ofNullable(form.group(4))
                            .map(client -> new String(decoder.decode(client), StandardCharsets.UTF_8)));
            // Base64 leaves bits unused, and addresses have several spellings.
            if (!token.text().equals(form.group())) {
                throw new IllegalArgumentException("it is not spelled as it is handed out");
            }
            return token;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("this join token is damaged: " + e.getMessage(), e);
        }
    }

    /** The token as it is handed over. */
    public String text() {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        return "sotto1." + encoder.encodeToString(address.toString().getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(authority) + "." + encoder.encodeToString(secret)
                + client.map(id -> "." + encoder.encodeToString(id.getBytes(StandardCharsets.UTF_8)))
                        .orElse("");
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "join token for " + address;
    }
}
