package dev.sotto.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Bytes to be sent, read at any offset, so that sending can go on where it left off. One thread at a time. */
public interface ByteSource {
    /** How many there are. */
    long size();

    /** Fills the buffer from that offset on, to the buffer's limit or the source's end, whichever comes first. */
    void read(long offset, ByteBuffer into) throws IOException;

    /** A vector as little-endian float32; the array is read, not copied. */
    static ByteSource of(float[] vector) {
        return new FloatSource(vector);
    }

    /** A file as it is now; its owner closes it. */
    static ByteSource of(FileChannel file) throws IOException {
        long size = file.size();
        return new ByteSource() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public void read(long offset, ByteBuffer into) throws IOException {
                into.limit((int) Math.min(into.limit(), into.position() + size - offset));
                long at = offset;
                while (into.hasRemaining()) {
                    int read = file.read(into, at);
                    if (read < 0) {
                        throw new EOFException("the file became shorter while it was sent");
                    }
                    at += read;
                }
            }
        };
    }
}
