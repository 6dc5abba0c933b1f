package dev.sotto.node.link;

import dev.sotto.wire.tls.Pem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

/**
 * The keys that a node makes for itself and shows to nobody.
 *
 * @param tls P-256, for connections
 * @param signing Ed25519, for updates
 */
public record NodeKeys(KeyPair tls, KeyPair signing) {
    /** Fresh ones. */
    public static NodeKeys generate() {
        try {
            return new NodeKeys(
                    freshTls(), KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java makes no Ed25519 keys", e);
        }
    }

    /** A fresh one for connections. */
    public static KeyPair freshTls() {
        try {
            KeyPairGenerator tls = KeyPairGenerator.getInstance("EC");
            tls.initialize(new ECGenParameterSpec("secp256r1"));
            return tls.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java makes no P-256 keys", e);
        }
    }

    /** That key for connections, with the key for updates that the node has. */
    public static NodeKeys with(KeyPair tls, PrivateKey signing) {
        try {
            if (PrivateKeyFactory.createKey(signing.getEncoded()) instanceof Ed25519PrivateKeyParameters secret) {
                byte[] open = SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(secret.generatePublicKey())
                        .getEncoded();
                return new NodeKeys(tls, new KeyPair(Pem.publicKey(open, "Ed25519"), signing));
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("the signing key cannot be used: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("the signing key is no Ed25519 key");
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "keys of a node";
    }
}
