package dev.sotto.coordinator.network;

import dev.sotto.wire.Blobs;
import dev.sotto.wire.Chunks;
import dev.sotto.wire.v1.Blob;
import dev.sotto.wire.v1.Chunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * Where an update arrives, from its first byte to its last, over as many connections as it takes. In memory or in a file.
 * Thread-safe: a round that closes discards what a connection still writes to.
 */
abstract class Landing {
    private final Blob claimed;
    private final MessageDigest digest = Blobs.sha256();
    private long arrived;
    private boolean discarded;

    Landing(Blob claimed) {
        this.claimed = claimed;
    }

    final Blob claimed() {
        return claimed;
    }

    final synchronized long arrived() {
        return arrived;
    }

    /**
     * The next bytes, a whole number of values. Checked and taken in one: a call that a client has given up may still have one
     * under way when the client goes on with another call.
     */
    final synchronized void take(Chunk chunk) throws IOException {
        ByteBuffer bytes = Chunks.checked(chunk, arrived, claimed.getSize());
        if (discarded) {
            throw new IOException("the round has closed");
        }
        if (bytes.remaining() % Float.BYTES != 0) {
            throw new IOException("a chunk ends within a value");
        }
        digest.update(bytes.duplicate());
        int length = bytes.remaining();
        write(bytes, arrived);
        arrived += length;
    }

    /** Whether the bytes are those that were signed for; to be asked once, when all have arrived. */
    final synchronized boolean genuine() {
        return MessageDigest.isEqual(digest.digest(), claimed.getSha256().toByteArray());
    }

    /** Whether it is known that no value is infinite or not a number: looked at as they arrive, while they are at hand. */
    abstract boolean finite();

    /** The values, when all have arrived. */
    abstract float[] vector() throws IOException;

    /** Gives back what it takes up. */
    final synchronized void discard() {
        if (!discarded) {
            discarded = true;
            release();
        }
    }

    abstract void write(ByteBuffer bytes, long at) throws IOException;

    abstract void release();
}
