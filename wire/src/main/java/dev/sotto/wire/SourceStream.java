package dev.sotto.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A source's bytes from its first to its last, in pieces. */
final class SourceStream extends InputStream {
    private final ByteSource source;
    private final ByteBuffer piece;
    private long next;

    SourceStream(ByteSource source) {
        this.source = source;
        this.piece =
                ByteBuffer.allocate((int) Math.min(Chunks.BYTES, source.size())).limit(0);
    }

    @Override
    public int read() throws IOException {
        return filled() ? piece.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (!filled()) {
            return -1;
        }
        int count = Math.min(length, piece.remaining());
        piece.get(into, from, count);
        return count;
    }

    private boolean filled() throws IOException {
        if (!piece.hasRemaining() && next < source.size()) {
            piece.clear();
            source.read(next, piece);
            piece.flip();
            next += piece.limit();
        }
        return piece.hasRemaining();
    }
}
