package dev.sotto.owner;

import dev.sotto.formats.config.FileTrouble;
import dev.sotto.owner.ledger.OwnersOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Vectors too large for the database, one file each: little-endian 32-bit floats. A file is on disk, whole, before its name is
 * given out; one whose name came into no database is swept away later. Only their owner may read them.
 */
final class VectorFiles {
    private static final int PIECE = 1 << 20;
    private static final String SUFFIX = ".f32";

    private final Path folder;

    /** In that folder, which is made if it is not there. */
    VectorFiles(Path folder) {
        this.folder = folder;
        OwnersOnly.folder(folder);
    }

    /** A vector that was written. */
    record Stored(String name, byte[] sha256, long bytes) {}

    Stored write(float[] values) {
        String name = UUID.randomUUID() + SUFFIX;
        Path temporary = folder.resolve(name + ".new");
        MessageDigest digest = sha256();
        try {
            try (FileChannel file = FileChannel.open(
                    temporary,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    OwnersOnly.fileAttributes())) {
                ByteBuffer piece = ByteBuffer.allocateDirect(PIECE).order(ByteOrder.LITTLE_ENDIAN);
                for (int from = 0; from < values.length; from += PIECE / Float.BYTES) {
                    int count = Math.min(PIECE / Float.BYTES, values.length - from);
                    piece.clear();
                    piece.asFloatBuffer().put(values, from, count);
                    piece.limit(count * Float.BYTES);
                    digest.update(piece.duplicate());
                    while (piece.hasRemaining()) {
                        file.write(piece);
                    }
                }
                file.force(true);
            }
            Files.move(temporary, path(name), StandardCopyOption.ATOMIC_MOVE);
            OwnersOnly.force(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(FileTrouble.writing(temporary, e), e);
        }
        return new Stored(name, digest.digest(), (long) values.length * Float.BYTES);
    }

    float[] read(String name) {
        try (FileChannel file = FileChannel.open(path(name), StandardOpenOption.READ)) {
            float[] values = new float[Math.toIntExact(file.size() / Float.BYTES)];
            ByteBuffer piece = ByteBuffer.allocateDirect(PIECE).order(ByteOrder.LITTLE_ENDIAN);
            for (int from = 0; from < values.length; ) {
                piece.clear();
                while (piece.hasRemaining() && file.read(piece) >= 0) {
                    // Until the piece is full, or the file ends.
                }
                piece.flip();
                int count = piece.remaining() / Float.BYTES;
                if (count == 0) {
                    throw new IOException("it became shorter while it was read");
                }
                piece.asFloatBuffer().get(values, from, count);
                from += count;
            }
            return values;
        } catch (IOException e) {
            throw new UncheckedIOException(FileTrouble.reading(path(name), e), e);
        }
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    boolean has(String name) {
        return Files.isRegularFile(path(name));
    }

    void delete(String name) {
        try {
            Files.deleteIfExists(path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(path(name) + ": cannot be removed: " + e.getMessage(), e);
        }
    }

    /** Removes what a process left behind that died before its transaction. */
    void sweep(Set<String> named) {
        try (Stream<Path> files = Files.list(folder)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> !named.contains(name))
                    .forEach(this::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(FileTrouble.reading(folder, e), e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
