package dev.sotto.wire.sealed;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM under a key of one message. Key and nonce come from HKDF-SHA256 over the secret that two X25519 keys share, with
 * both public keys as salt; since one of the key pairs was made for this message alone, no key is used twice.
 */
final class ContentCipher {
    /** Bytes of a tag. */
    static final int TAG = 16;

    private static final byte[] LABEL = "sotto sealed content 1\0".getBytes(StandardCharsets.US_ASCII);
    private static final int KEY = 32;
    private static final int NONCE = 12;

    private final byte[] keyAndNonce;

    private ContentCipher(byte[] keyAndNonce) {
        this.keyAndNonce = keyAndNonce;
    }

    /**
     * The cipher that two parties share.
     *
     * @param own secret half of one
     * @param other public half of the other
     * @param once public half of the message's own pair
     * @param reader public half of the reader's pair
     * @param info what the key is bound to besides
     */
    static ContentCipher between(PrivateKey own, PublicKey other, PublicKey once, PublicKey reader, byte[] info)
            throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance(Keys.AGREEMENT);
        agreement.init(own);
        agreement.doPhase(other, true); // refuses points of small order
        byte[] shared = agreement.generateSecret();
        byte[] salt = joined(once.getEncoded(), reader.getEncoded());
        byte[] material = expand(mac(salt, shared), joined(LABEL, info), KEY + NONCE);
        Arrays.fill(shared, (byte) 0);
        return new ContentCipher(material);
    }

    /** RFC 5869, section 2.3. */
    private static byte[] expand(byte[] pseudorandomKey, byte[] info, int length) throws GeneralSecurityException {
        byte[] all = new byte[0];
        byte[] last = new byte[0];
        for (int i = 1; all.length < length; i++) {
            last = mac(pseudorandomKey, joined(joined(last, info), new byte[] {(byte) i}));
            all = joined(all, last);
        }
        return Arrays.copyOf(all, length);
    }

    private static byte[] mac(byte[] key, byte[] message) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(message);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private Cipher cipher(int mode, byte[] bound) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                mode,
                new SecretKeySpec(keyAndNonce, 0, KEY, "AES"),
                new GCMParameterSpec(8 * TAG, keyAndNonce, KEY, NONCE));
        cipher.updateAAD(bound);
        return cipher;
    }

    byte[] encrypt(byte[] content, byte[] bound) throws GeneralSecurityException {
        return cipher(Cipher.ENCRYPT_MODE, bound).doFinal(content);
    }

    byte[] decrypt(byte[] file, int from, byte[] bound) throws GeneralSecurityException {
        return cipher(Cipher.DECRYPT_MODE, bound).doFinal(file, from, file.length - from);
    }
}
