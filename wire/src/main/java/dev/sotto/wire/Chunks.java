package dev.sotto.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.sotto.wire.v1.Chunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Pieces of a large value, each with its offset and CRC-32C, so that damage costs a piece and not the whole. */
public final class Chunks {
    /** Bytes of a chunk, but for the last one of a value. A whole number of float32 values. */
    public static final int BYTES = 1 << 18;

    /** No message is larger: a chunk and what is around it, and whatever else is said. */
    public static final int MOST_MESSAGE_BYTES = 1 << 20;

    private Chunks() {}

    /** The chunk of a source at that offset; the bytes are read into an array of the chunk's own. */
    public static Chunk of(ByteSource source, long offset) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(BYTES, source.size() - offset));
        source.read(offset, piece);
        return of(offset, UnsafeByteOperations.unsafeWrap(piece.flip()));
    }

    /** A chunk of these bytes. */
    public static Chunk of(long offset, ByteString data) {
        return Chunk.newBuilder()
                .setOffset(offset)
                .setData(data)
                .setCrc32C(crc(data))
                .build();
    }

    /**
     * The bytes of a chunk that must be the next.
     *
     * @param next offset that it must have
     * @param size bytes of the whole value
     * @throws DamagedChunkException if it is another, damaged, empty, or reaches beyond the value's end
     */
    public static ByteBuffer checked(Chunk chunk, long next, long size) throws DamagedChunkException {
        ByteString data = chunk.getData();
        if (chunk.getOffset() != next) {
            throw new DamagedChunkException("chunk at offset " + Long.toUnsignedString(chunk.getOffset())
                    + " where that at " + next + " is next");
        }
        if (data.isEmpty() || data.size() > size - next) {
            throw new DamagedChunkException(
                    "chunk at offset " + next + " has " + data.size() + " bytes; " + (size - next) + " are missing");
        }
        if (chunk.getCrc32C() != crc(data)) {
            throw new DamagedChunkException("chunk at offset " + next + " is damaged: its CRC-32C differs");
        }
        return data.asReadOnlyByteBuffer();
    }

    private static int crc(ByteString data) {
        CRC32C crc = new CRC32C();
        for (ByteBuffer part : data.asReadOnlyByteBufferList()) {
            crc.update(part);
        }
        return (int) crc.getValue();
    }
}
