package dev.sotto.coordinator.network;

import dev.sotto.wire.FloatVectors;
import dev.sotto.wire.v1.Blob;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Gives updates a place to arrive: memory while there is some, files then. So nobody waits for memory that a slow client
 * holds, and however many clients send at once, memory is bounded.
 */
final class Landings {
    private static final Logger LOG = Logger.getLogger(Landings.class.getName());
    private static final String SUFFIX = ".landing";

    private final AtomicLong memory;
    private final Path folder;

    /**
     * Empty of what an earlier process left.
     *
     * @param memory bytes that may be in memory at once
     */
    Landings(long memory, Path folder) throws IOException {
        this.memory = new AtomicLong(memory);
        this.folder = Files.createDirectories(folder);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** A place for a vector whose size has been agreed to. */
    Landing open(Blob claimed) throws IOException {
        long size = claimed.getSize();
        int values = FloatVectors.values(size);
        if (memory.addAndGet(-size) >= 0) {
            return new InMemory(claimed, values);
        }
        memory.addAndGet(size);
        return new InFile(claimed, Files.createTempFile(folder, "update-", SUFFIX));
    }

    private final class InMemory extends Landing {
        private float[] vector;
        private boolean finite = true;

        InMemory(Blob claimed, int values) {
            super(claimed);
            this.vector = new float[values];
        }

        @Override
        void write(ByteBuffer bytes, long at) {
            int from = (int) (at / Float.BYTES);
            int to = from + FloatVectors.copy(bytes, vector, from);
            for (int i = from; i < to; i++) {
                finite &= Float.isFinite(vector[i]);
            }
        }

        @Override
        boolean finite() {
            return finite;
        }

        @Override
        float[] vector() {
            return vector;
        }

        @Override
        void release() {
            vector = new float[0];
            memory.addAndGet(claimed().getSize());
        }
    }

    private static final class InFile extends Landing {
        private final Path file;
        private final FileChannel channel;

        InFile(Blob claimed, Path file) throws IOException {
            super(claimed);
            this.file = file;
            this.channel = FileChannel.open(file, StandardOpenOption.WRITE);
        }

        @Override
        void write(ByteBuffer bytes, long at) throws IOException {
            long next = at;
            while (bytes.hasRemaining()) {
                next += channel.write(bytes, next);
            }
        }

        @Override
        boolean finite() {
            return false; // to be looked at when it is read back
        }

        @Override
        float[] vector() throws IOException {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
                return FloatVectors.read(in, claimed().getSize());
            }
        }

        @Override
        void release() {
            try {
                channel.close();
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.log(Level.WARNING, "{0} stays behind: {1}", new Object[] {file, e.getMessage()});
            }
        }
    }
}
