package dev.sotto.owner.request;

import dev.sotto.experiment.packaging.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

/**
 * The Ed25519 key pair of a data owner, in the file {@code owner-key} that only the owner may read. It signs decisions and
 * nothing else: updates are signed with the node's key. A decision that it did not sign holds nothing open.
 */
public record OwnerKey(KeyPair pair) {
    private static final String FILE = "owner-key";
    private static final String ALGORITHM = "Ed25519";

    /** The key in a folder; made if there is none. Two processes at once must not. */
    static OwnerKey of(Path home) {
        return new OwnerKey(SigningKey.readOrCreate(home.resolve(FILE)));
    }

    /** The public half of the key in a folder, if there is one. */
    static Optional<PublicKey> known(Path home) {
        Path file = home.resolve(FILE);
        return Files.exists(file) ? Optional.of(SigningKey.readPublic(file)) : Optional.empty();
    }

    /** SHA-256 of the public key, in hexadecimal. */
    public String fingerprint() {
        return SigningKey.fingerprint(pair.getPublic());
    }

    byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initSign(pair.getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean verifies(PublicKey key, byte[] message, byte[] signed) {
        try {
            Signature signature = Signature.getInstance(ALGORITHM);
            signature.initVerify(key);
            signature.update(message);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** A public key as it is stored; empty if it is none. */
    static Optional<PublicKey> publicKey(byte[] encoded) {
        try {
            return Optional.of(KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    /** Without the private half. */
    @Override
    public String toString() {
        return "owner's key " + fingerprint();
    }
}
