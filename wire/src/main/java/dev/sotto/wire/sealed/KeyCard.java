package dev.sotto.wire.sealed;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The public half of a datasite's keys, which it signs itself and shows everybody. Whoever meets it first pins it; people may
 * compare its fingerprint over the telephone. What exists as an object bears a valid signature of its own.
 *
 * @param name of the datasite
 * @param folder in its synced tree that its applications' folders lie in
 * @param signing Ed25519
 * @param agreement X25519
 * @param signature over the rest
 */
public record KeyCard(String name, String folder, PublicKey signing, PublicKey agreement, byte[] signature) {
    /** No card is longer. */
    public static final int MOST_BYTES = 4096;

    private static final String CONTEXT = "sotto key card 1";
    private static final String FIRST = "sotto key card, version 1";
    private static final int LINES = 6;

    /** The card of a datasite; neither name nor folder may have line breaks. */
    public static KeyCard of(String name, String folder, SealingKeys keys) {
        PublicKey signing = keys.signing().getPublic();
        PublicKey agreement = keys.agreement().getPublic();
        byte[] signed = signed(name, folder, signing, agreement);
        return new KeyCard(
                name, folder, signing, agreement, Keys.sign(keys.signing().getPrivate(), CONTEXT, signed));
    }

    private static byte[] signed(String name, String folder, PublicKey signing, PublicKey agreement) {
        if ((name + folder).lines().count() > 1) {
            throw new IllegalArgumentException("neither the name nor the folder of a key card may have line breaks");
        }
        Base64.Encoder base64 = Base64.getEncoder();
        return (FIRST + "\nname " + name + "\nfolder " + folder + "\nsigning "
                        + base64.encodeToString(signing.getEncoded()) + "\nsealing "
                        + base64.encodeToString(agreement.getEncoded()) + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** As it lies in a file. */
    public byte[] bytes() {
        byte[] signed = signed(name, folder, signing, agreement);
        byte[] last = ("signature " + Base64.getEncoder().encodeToString(signature) + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] all = Arrays.copyOf(signed, signed.length + last.length);
        System.arraycopy(last, 0, all, signed.length, last.length);
        return all;
    }

    /**
     * Reads what {@link #bytes} gives, and nothing that differs from it in a byte.
     *
     * @throws UnfitFileException in one line, if it is none, or is not signed by itself
     */
    public static KeyCard parse(byte[] bytes) throws UnfitFileException {
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
        try {
            if (bytes.length <= MOST_BYTES && lines.length == LINES + 1 && lines[0].equals(FIRST)) {
                KeyCard card = new KeyCard(
                        value(lines[1], "name "),
                        value(lines[2], "folder "),
                        Keys.publicKey(Keys.SIGNING, base64(lines[3], "signing ")),
                        Keys.publicKey(Keys.AGREEMENT, base64(lines[4], "sealing ")),
                        base64(lines[5], "signature "));
                if (Arrays.equals(card.bytes(), bytes)) {
                    return card.requireSigned();
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Said below: whatever it is, it is not a key card.
        }
        throw new UnfitFileException("it is no key card in the form that is written here");
    }

    private KeyCard requireSigned() throws UnfitFileException {
        if (!Keys.verify(signing, CONTEXT, signed(name, folder, signing, agreement), signature)) {
            throw new UnfitFileException("the key card is not signed by the key that it shows");
        }
        return this;
    }

    private static String value(String line, String key) {
        if (!line.startsWith(key)) {
            throw new IllegalArgumentException(key);
        }
        return line.substring(key.length());
    }

    private static byte[] base64(String line, String key) {
        return Base64.getDecoder().decode(value(line, key));
    }

    /** What people compare: SHA-256 over both keys, in hexadecimal. */
    public String fingerprint() {
        var digest = Keys.sha256();
        digest.update(signing.getEncoded());
        return HexFormat.of().formatHex(digest.digest(agreement.getEncoded()));
    }

    /** SHA-256 of the signing key, in hexadecimal: the identity of whoever signs. */
    public String authority() {
        return HexFormat.of().formatHex(Keys.sha256().digest(signing.getEncoded()));
    }

    /** Whether it shows the same keys in the same place for the same name. */
    public boolean sameAs(KeyCard other) {
        return name.equals(other.name)
                && folder.equals(other.folder)
                && signing.equals(other.signing)
                && agreement.equals(other.agreement);
    }

    /** Its name and fingerprint. */
    @Override
    public String toString() {
        return name + " (" + fingerprint().substring(0, 16) + ")";
    }
}
