package dev.sotto.folders.mail;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.sotto.wire.FloatVectors;
import dev.sotto.wire.sealed.UnfitFileException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Contents of letters: a message, and vectors or bytes behind it. */
public final class Parts {
    /** No message before the vectors is longer. */
    public static final int MOST_MESSAGE = 1 << 20;

    private Parts() {}

    /** A message with vectors behind it. */
    public static byte[] of(MessageLite message, float[]... vectors) {
        int bytes = 0;
        for (float[] vector : vectors) {
            bytes = Math.addExact(bytes, Math.multiplyExact(Float.BYTES, vector.length));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(Math.addExact(bytes, message.getSerializedSize() + 8));
        try {
            message.writeDelimitedTo(out);
            for (float[] vector : vectors) {
                try (InputStream in = FloatVectors.stream(vector)) {
                    in.transferTo(out);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory has no such troubles
        }
        return out.toByteArray();
    }

    /** A message with bytes behind it. */
    public static byte[] of(MessageLite message, byte[] rest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(rest.length + message.getSerializedSize() + 8);
        try {
            message.writeDelimitedTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.writeBytes(rest);
        return out.toByteArray();
    }

    /**
     * A content that was read.
     *
     * @param rest behind the message
     */
    public record Read<T>(T message, byte[] rest) {
        /** All of the rest as one vector. */
        public float[] vector() throws IOException {
            return vector(0, rest.length);
        }

        /** A part of the rest as a vector. */
        public float[] vector(int from, int bytes) throws IOException {
            if (from < 0 || bytes < 0 || from > rest.length - bytes) {
                throw new UnfitFileException("it ends before its values do");
            }
            return FloatVectors.read(new ByteArrayInputStream(rest, from, bytes), bytes);
        }
    }

    /**
     * Reads a content.
     *
     * @throws UnfitFileException if it does not begin with such a message
     */
    public static <T extends MessageLite> Read<T> read(byte[] content, Parser<T> parser) throws UnfitFileException {
        try {
            ByteArrayInputStream in = new ByteArrayInputStream(content);
            T message = parser.parseDelimitedFrom(in);
            if (message != null) {
                return new Read<>(message, in.readAllBytes());
            }
        } catch (IOException e) {
            // Said below.
        }
        throw new UnfitFileException("it is signed, and it is no message of this version");
    }
}
