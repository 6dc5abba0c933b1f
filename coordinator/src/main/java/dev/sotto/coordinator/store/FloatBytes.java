package dev.sotto.coordinator.store;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Vectors as bytes: 32-bit floats, little-endian, nothing else. Bit by bit the same after a way there and back. */
final class FloatBytes {
    private static final int PIECE = 1 << 14;

    private FloatBytes() {}

    /** The bytes of a vector, made as they are read; the vector must not change meanwhile. */
    static InputStream stream(float[] values) {
        return new InputStream() {
            private final ByteBuffer piece = empty();
            private int next;

            @Override
            public int read() {
                return more() ? piece.get() & 0xff : -1;
            }

            @Override
            public int read(byte[] into, int from, int length) {
                if (!more()) {
                    return -1;
                }
                int read = Math.min(length, piece.remaining());
                piece.get(into, from, read);
                return read;
            }

            private boolean more() {
                if (!piece.hasRemaining() && next < values.length) {
                    piece.clear();
                    int count = Math.min(PIECE, values.length - next);
                    piece.asFloatBuffer().put(values, next, count);
                    piece.limit(count * Float.BYTES);
                    next += count;
                }
                return piece.hasRemaining();
            }
        };
    }

    private static ByteBuffer empty() {
        return ByteBuffer.allocate(PIECE * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .limit(0);
    }

    /** Reads that many values. */
    static float[] read(InputStream in, int count) throws IOException {
        float[] values = new float[count];
        byte[] piece = new byte[PIECE * Float.BYTES];
        FloatBuffer view = ByteBuffer.wrap(piece).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        for (int next = 0; next < count; ) {
            int some = Math.min(PIECE, count - next);
            if (in.readNBytes(piece, 0, some * Float.BYTES) < some * Float.BYTES) {
                throw new EOFException("cut short");
            }
            view.rewind().get(values, next, some);
            next += some;
        }
        return values;
    }
}
