package dev.sotto.wire;

import dev.sotto.wire.v1.Blob;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Parameters and updates as bytes: little-endian float32 in the layout's order, always in pieces, never all at once. */
public final class FloatVectors {
    private FloatVectors() {}

    /** The name of a vector's bytes. */
    public static Blob blob(float[] vector) {
        try {
            return Blobs.of(ByteSource.of(vector));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // an array has no such troubles
        }
    }

    /** A vector's bytes as a stream; the array is read, not copied. */
    public static InputStream stream(float[] vector) {
        return new SourceStream(ByteSource.of(vector));
    }

    /**
     * Reads a vector, to the end of the stream.
     *
     * @param bytes that the stream holds
     * @throws IOException if it holds another number, or they make no whole number of values
     */
    public static float[] read(InputStream in, long bytes) throws IOException {
        float[] vector = next(in, bytes);
        if (in.read() >= 0) {
            throw new IOException("the vector is longer than its " + bytes + " bytes");
        }
        return vector;
    }

    /**
     * Reads the vector that comes next in a stream, and no further.
     *
     * @param bytes that it has
     * @throws IOException if the stream ends before, or they make no whole number of values
     */
    public static float[] next(InputStream in, long bytes) throws IOException {
        float[] vector = new float[values(bytes)];
        byte[] piece = new byte[Chunks.BYTES];
        int at = 0;
        while (at < vector.length) {
            int length = (int) Math.min(piece.length, (long) Float.BYTES * (vector.length - at));
            if (in.readNBytes(piece, 0, length) < length) {
                throw new EOFException("the vector ends before its " + bytes + " bytes do");
            }
            at += copy(ByteBuffer.wrap(piece, 0, length), vector, at);
        }
        return vector;
    }

    /**
     * How many values that many bytes are.
     *
     * @throws IOException if they make no whole number, or more than an array holds
     */
    public static int values(long bytes) throws IOException {
        if (bytes < 0 || bytes % Float.BYTES != 0 || bytes / Float.BYTES > Integer.MAX_VALUE - 8) {
            throw new IOException(bytes + " bytes are no vector of 32-bit values");
        }
        return (int) (bytes / Float.BYTES);
    }

    /** Puts whole values into a vector from an index on, and returns how many they were. */
    public static int copy(ByteBuffer bytes, float[] vector, int at) {
        int count = bytes.remaining() / Float.BYTES;
        bytes.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector, at, count);
        return count;
    }
}
