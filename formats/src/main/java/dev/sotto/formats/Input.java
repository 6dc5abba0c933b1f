package dev.sotto.formats;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipException;

/**
 * Bytes from a stranger, read in order with a position for messages. Memory grows as bytes really arrive, so that a
 * header that promises gigabytes costs nothing.
 */
final class Input implements AutoCloseable {
    private static final int FIRST_PIECE = 1 << 14;

    private final String file;
    private final String entry;
    private final InputStream in;
    private long position;

    Input(String file, String entry, InputStream in) {
        this.file = file;
        this.entry = entry;
        this.in = in;
    }

    /** Opens a file, gzipped or not. */
    static Input open(Path path) throws IOException {
        return new Input(path.toString(), "", Gzip.open(path));
    }

    long position() {
        return position;
    }

    FormatException fail(String reason) {
        return fail(position, reason);
    }

    FormatException fail(long offset, String reason) {
        return new FormatException(file, entry + "offset " + offset, reason);
    }

    int u8(String what) throws IOException {
        byte[] one = exactly(1, what);
        return one[0] & 0xff;
    }

    /** Exactly {@code count} bytes. */
    byte[] exactly(long count, String what) throws IOException {
        byte[] bytes = upTo(count);
        if (bytes.length < count) {
            throw fail("truncated: " + what + " should be " + count + " bytes, only " + bytes.length + " are there");
        }
        return bytes;
    }

    /** As many bytes as there are, at most {@code most}. */
    byte[] upTo(long most) throws IOException {
        if (most > Integer.MAX_VALUE - 8) {
            throw fail(most + " bytes are more than one array can hold");
        }
        byte[] bytes = new byte[(int) Math.min(most, FIRST_PIECE)];
        int size = 0;
        while (size < most) {
            if (size == bytes.length) {
                bytes = Arrays.copyOf(bytes, grown(size, (int) most));
            }
            int got = read(bytes, size, bytes.length - size);
            if (got == 0) {
                break;
            }
            size += got;
        }
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    /** Exactly {@code count} little-endian numbers of 4 (float) or 8 (double, narrowed) bytes. */
    float[] floats(int count, int width, String what) throws IOException {
        float[] floats = new float[Math.min(count, FIRST_PIECE)];
        byte[] piece = new byte[(int) Math.min((long) count * width, 1 << 16)];
        int size = 0;
        while (size < count) {
            int wanted = (int) Math.min((long) (count - size) * width, piece.length);
            int got = read(piece, 0, wanted);
            if (got < wanted) {
                throw fail("truncated: " + what + " should be " + (long) count * width + " bytes, only "
                        + ((long) size * width + got) + " are there");
            }
            if (size + wanted / width > floats.length) {
                floats = Arrays.copyOf(floats, Math.max(grown(size, count), size + wanted / width));
            }
            ByteBuffer numbers = ByteBuffer.wrap(piece, 0, wanted).order(ByteOrder.LITTLE_ENDIAN);
            while (numbers.hasRemaining()) {
                floats[size++] = width == 4 ? numbers.getFloat() : (float) numbers.getDouble();
            }
        }
        return floats;
    }

    private static int grown(int size, int most) {
        return (int) Math.min(most, Math.max(FIRST_PIECE, 2L * size));
    }

    /** Refuses anything after what has been read. */
    void end(String what) throws IOException {
        if (read(new byte[1], 0, 1) != 0) {
            throw fail(position - 1, "more bytes after " + what);
        }
    }

    /** Reads until {@code length} bytes are there or the end; returns the number read. */
    int read(byte[] into, int offset, int length) throws IOException {
        try {
            int got = in.readNBytes(into, offset, length);
            position += got;
            return got;
        } catch (EOFException | ZipException e) {
            throw new FormatException(
                    file, entry + "after offset " + position, "damaged or truncated compressed data", e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
