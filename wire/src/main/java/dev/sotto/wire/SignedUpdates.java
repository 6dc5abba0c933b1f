package dev.sotto.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sotto.wire.v1.SignedUpdate;
import dev.sotto.wire.v1.UpdateHeader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;

/**
 * Headers of updates, signed with the client's Ed25519 key. The header holds the digest of the vector, so the signature speaks
 * for every value. What is signed begins with a fixed context: nothing else that the key signs can pass for an update.
 */
public final class SignedUpdates {
    private static final byte[] CONTEXT = "sotto update 1\0".getBytes(StandardCharsets.US_ASCII);

    private SignedUpdates() {}

    /** Signs a header. */
    public static SignedUpdate sign(UpdateHeader header, PrivateKey key) {
        ByteString bytes = header.toByteString();
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(CONTEXT);
            signature.update(bytes.asReadOnlyByteBuffer());
            return SignedUpdate.newBuilder()
                    .setHeader(bytes)
                    .setSignature(ByteString.copyFrom(signature.sign()))
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("an update cannot be signed with this key: " + e.getMessage(), e);
        }
    }

    /**
     * The header that a key has signed.
     *
     * @throws SignatureException if it was signed by nobody, by another key, or is no header; the message is one line
     */
    public static UpdateHeader verified(SignedUpdate update, PublicKey key) throws SignatureException {
        if (update.getSignature().isEmpty()) {
            throw new SignatureException("it is not signed");
        }
        boolean valid;
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(key);
            signature.update(CONTEXT);
            signature.update(update.getHeader().asReadOnlyByteBuffer());
            valid = signature.verify(update.getSignature().toByteArray());
        } catch (GeneralSecurityException e) {
            throw new SignatureException("its signature is none: " + e.getMessage(), e);
        }
        if (!valid) {
            throw new SignatureException("its signature is not the client's");
        }
        try {
            return UpdateHeader.parseFrom(update.getHeader());
        } catch (InvalidProtocolBufferException e) {
            throw new SignatureException("its header cannot be read: " + e.getMessage(), e);
        }
    }
}
