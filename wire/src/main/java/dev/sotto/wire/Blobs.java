package dev.sotto.wire;

import com.google.protobuf.ByteString;
import dev.sotto.wire.v1.Blob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names of large values: SHA-256 and size. */
public final class Blobs {
    /** Bytes of a digest. */
    public static final int DIGEST_BYTES = 32;

    private Blobs() {}

    /** A digest with nothing in it yet. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** The name of a value with that digest and size. */
    public static Blob named(byte[] sha256, long size) {
        return Blob.newBuilder()
                .setSha256(ByteString.copyFrom(sha256))
                .setSize(size)
                .build();
    }

    /** The name of these bytes. */
    public static Blob of(byte[] bytes) {
        return named(sha256().digest(bytes), bytes.length);
    }

    /** The name of a source's bytes, which are read once, a piece at a time. */
    public static Blob of(ByteSource source) throws IOException {
        MessageDigest digest = sha256();
        ByteBuffer piece = ByteBuffer.allocate(Chunks.BYTES);
        for (long at = 0; at < source.size(); at += piece.limit()) {
            piece.clear();
            source.read(at, piece);
            digest.update(piece.flip());
        }
        return named(digest.digest(), source.size());
    }

    /** A digest as file names and people have it: 64 hexadecimal digits. */
    public static String hex(ByteString sha256) {
        return HexFormat.of().formatHex(sha256.toByteArray());
    }

    /**
     * Refuses a name that cannot be one, and a claim of more than is agreed, before a byte is read.
     *
     * @param what it is, for the message
     * @throws IllegalArgumentException with one line
     */
    public static void requireAtMost(Blob blob, long most, String what) {
        if (blob.getSha256().size() != DIGEST_BYTES) {
            throw new IllegalArgumentException(
                    what + ": its digest has " + blob.getSha256().size() + " bytes, not " + DIGEST_BYTES);
        }
        // The field is unsigned: a negative long is more than 2^63.
        if (blob.getSize() < 0 || blob.getSize() > most) {
            throw new IllegalArgumentException(what + ": it claims " + Long.toUnsignedString(blob.getSize())
                    + " bytes; at most " + most + " are accepted");
        }
    }
}
