package dev.sotto.wire.sealed;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;

/** Ed25519 and X25519 of the JDK. */
final class Keys {
    static final String SIGNING = "Ed25519";
    static final String AGREEMENT = "X25519";

    private Keys() {}

    static KeyPair generate(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no " + algorithm, e);
        }
    }

    static PublicKey publicKey(String algorithm, byte[] encoded) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
    }

    static PrivateKey privateKey(String algorithm, byte[] encoded) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** A signature over a context and a message; the context ends in a zero byte, so that none begins with another. */
    static byte[] sign(PrivateKey key, String context, byte[] message) {
        try {
            Signature signature = Signature.getInstance(SIGNING);
            signature.initSign(key);
            signature.update(context(context));
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key cannot sign: " + e.getMessage(), e);
        }
    }

    static boolean verify(PublicKey key, String context, byte[] message, byte[] signature) {
        try {
            Signature check = Signature.getInstance(SIGNING);
            check.initVerify(key);
            check.update(context(context));
            check.update(message);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // of the wrong length, or no point on the curve
        }
    }

    private static byte[] context(String context) {
        return (context + "\0").getBytes(StandardCharsets.US_ASCII);
    }
}
