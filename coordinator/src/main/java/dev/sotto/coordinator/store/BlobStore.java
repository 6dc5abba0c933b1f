package dev.sotto.coordinator.store;

import java.io.IOException;
import java.io.InputStream;

/**
 * Packages, models and other large values, each named by the SHA-256 of its bytes, never changed. What {@code put} has
 * returned survives a crash. Safe for use by several threads and processes.
 */
public interface BlobStore {
    /**
     * Stores what a stream holds, to its end; the stream stays open.
     *
     * @param most bytes that are taken
     * @return its SHA-256
     * @throws TooLargeException if the stream holds more; nothing is stored
     * @throws IOException from the stream or the store; nothing is stored
     */
    byte[] put(InputStream in, long most) throws IOException;

    /** Stores the concatenation of these arrays and returns its SHA-256. */
    byte[] put(byte[]... parts) throws IOException;

    /** Whether a blob of that digest is here with all of its bytes, and from now on survives a crash, as if put again. */
    boolean keeps(byte[] sha256, long size) throws IOException;

    /** Whether it is there. */
    boolean has(byte[] sha256);

    /**
     * Its length in bytes.
     *
     * @throws java.nio.file.NoSuchFileException if it is not there
     */
    long size(byte[] sha256) throws IOException;

    /**
     * Its bytes from an offset on, to be closed; nothing if the offset is its size. Its deletion does not disturb a stream
     * that is open.
     *
     * @throws java.nio.file.NoSuchFileException if it is not there
     * @throws IllegalArgumentException if the offset is negative or beyond its size
     */
    InputStream open(byte[] sha256, long offset) throws IOException;

    /** Removes it; nothing happens if it is not there. */
    void delete(byte[] sha256) throws IOException;

    /** Somebody sent more than was agreed. */
    final class TooLargeException extends IOException {
        TooLargeException(long most) {
            super("more than " + most + " bytes");
        }
    }
}
