package dev.sotto.wire.sealed;

import java.util.Base64;

/** Signatures over the record of a project that is over, as one line of text. */
public final class RecordSeal {
    private static final String CONTEXT = "sotto sealed record 1";
    private static final String FORM = "ed25519 ";

    private RecordSeal() {}

    /** Signs a record. */
    public static String sign(byte[] record, SealingKeys keys) {
        byte[] signature = Keys.sign(keys.signing().getPrivate(), CONTEXT, record);
        return FORM + Base64.getEncoder().encodeToString(signature) + "\n";
    }

    /** Whether the signature is that of a card's key over a record. */
    public static boolean verify(byte[] record, String line, KeyCard card) {
        if (!line.startsWith(FORM) || !line.endsWith("\n")) {
            return false;
        }
        try {
            byte[] signature = Base64.getDecoder().decode(line.substring(FORM.length(), line.length() - 1));
            return Keys.verify(card.signing(), CONTEXT, record, signature);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
