package dev.sotto.coordinator.identity;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/** The two kinds of keys: P-256 for TLS, Ed25519 for what is signed to last; and secrets of tokens. */
final class Keys {
    static final String TLS = "EC";
    static final String SIGNING = "Ed25519";

    private static final int SIGNATURE_BYTES = 64;
    private static final int SECRET_BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Keys() {}

    static KeyPair tls() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(TLS);
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has P-256", e);
        }
    }

    static KeyPair signing() {
        try {
            return KeyPairGenerator.getInstance(SIGNING).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has Ed25519", e);
        }
    }

    /**
     * The Ed25519 key that is encoded so.
     *
     * @throws RefusedException if it is none, or encoded in another way than everybody does
     */
    static PublicKey signing(byte[] encoded) throws RefusedException {
        try {
            PublicKey key = KeyFactory.getInstance(SIGNING).generatePublic(new X509EncodedKeySpec(encoded));
            if (Arrays.equals(key.getEncoded(), encoded)) {
                return key;
            }
        } catch (GeneralSecurityException | RuntimeException e) {
            // said below
        }
        throw new RefusedException("the signing key is no Ed25519 key");
    }

    /** Whether that key has signed these bytes. */
    static boolean signed(PublicKey key, byte[] bytes, byte[] signature) {
        if (signature.length != SIGNATURE_BYTES) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance(SIGNING);
            verifier.initVerify(key);
            verifier.update(bytes);
            return verifier.verify(signature);
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    /** Whether two P-256 keys belong together. */
    static boolean pair(PublicKey open, PrivateKey secret) {
        byte[] anything = secret();
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(secret);
            signature.update(anything);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(anything);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    static byte[] secret() {
        return random(SECRET_BYTES);
    }

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
