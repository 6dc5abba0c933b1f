package dev.sotto.experiment.packaging;

import dev.sotto.formats.FormatException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/** The entry {@code signature}: an Ed25519 signature over the manifest, and the public key it can be checked with. */
record Seal(PublicKey signer, byte[] signature) {
    static final String NAME = "signature";
    static final String ALGORITHM = "Ed25519";
    /** Signed before the manifest, so that the signature cannot be one over anything else. */
    private static final byte[] CONTEXT = "sotto session package, manifest, v1\n".getBytes(StandardCharsets.US_ASCII);

    static Seal of(byte[] manifest, KeyPair key) {
        try {
            return new Seal(key.getPublic(), sign(manifest, key.getPrivate()));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the key cannot sign: " + e.getMessage(), e);
        }
    }

    private static byte[] sign(byte[] manifest, PrivateKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(ALGORITHM);
        signature.initSign(key);
        signature.update(CONTEXT);
        signature.update(manifest);
        return signature.sign();
    }

    byte[] bytes() {
        Base64.Encoder base64 = Base64.getEncoder();
        String text = "ed25519\n" + base64.encodeToString(signer.getEncoded()) + "\n" + base64.encodeToString(signature)
                + "\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads what {@link #bytes} gives, and nothing that differs from it in a byte; checks it against the manifest. */
    static Seal parse(String file, byte[] bytes, byte[] manifest) throws FormatException {
        String[] lines = new String(bytes, StandardCharsets.US_ASCII).split("\n", -1);
        try {
            if (lines.length == 4) {
                Base64.Decoder base64 = Base64.getDecoder();
                PublicKey key = KeyFactory.getInstance(ALGORITHM)
                        .generatePublic(new X509EncodedKeySpec(base64.decode(lines[1])));
                Seal seal = new Seal(key, base64.decode(lines[2]));
                if (Arrays.equals(seal.bytes(), bytes)) {
                    seal.require(file, manifest);
                    return seal;
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // Said below: whatever it is, it is not a signature.
        }
        throw new FormatException(file, NAME, "not an Ed25519 signature in the form that is written here");
    }

    private void require(String file, byte[] manifest) throws GeneralSecurityException, FormatException {
        Signature check = Signature.getInstance(ALGORITHM);
        check.initVerify(signer);
        check.update(CONTEXT);
        check.update(manifest);
        boolean valid;
        try {
            valid = check.verify(signature);
        } catch (GeneralSecurityException e) {
            valid = false;
        }
        if (!valid) {
            throw new FormatException(file, NAME, "it is not a signature over this manifest by the key it names");
        }
    }
}
