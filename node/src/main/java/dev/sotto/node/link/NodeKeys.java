package dev.sotto.node.link;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;

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
            KeyPairGenerator tls = KeyPairGenerator.getInstance("EC");
            tls.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPairGenerator signing = KeyPairGenerator.getInstance("Ed25519");
            return new NodeKeys(tls.generateKeyPair(), signing.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java makes no P-256 or Ed25519 keys", e);
        }
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "keys of a node";
    }
}
