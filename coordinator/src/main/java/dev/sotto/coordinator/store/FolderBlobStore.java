package dev.sotto.coordinator.store;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Blobs as files in a folder that several processes may share. A blob gets its name when all of it is on disk, so one that is
 * there is whole.
 */
final class FolderBlobStore implements BlobStore {
    private static final int BUFFER = 1 << 16;
    private static final String TEMPORARY = "incoming";
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Path folder;
    private final Path incoming;

    FolderBlobStore(Path folder) throws IOException {
        this.folder = folder;
        this.incoming = folder.resolve(TEMPORARY);
        PrivateFiles.createFolder(incoming);
        removeAbandoned();
    }

    /** What killed processes left; what another is writing at the moment is not that old. */
    private void removeAbandoned() throws IOException {
        FileTime limit = FileTime.from(Instant.now().minus(ABANDONED));
        try (Stream<Path> files = Files.list(incoming)) {
            for (Path file : files.toList()) {
                try {
                    if (Files.getLastModifiedTime(file).compareTo(limit) < 0) {
                        Files.deleteIfExists(file);
                    }
                } catch (NoSuchFileException e) {
                    // Its writer has just moved it to its place.
                }
            }
        }
    }

    private Path file(byte[] sha256) {
        String name = Sha256.hex(sha256);
        return folder.resolve(name.substring(0, 2)).resolve(name);
    }

    @Override
    public byte[] put(byte[]... parts) throws IOException {
        List<InputStream> streams = Arrays.stream(parts)
                .map(part -> (InputStream) new ByteArrayInputStream(part))
                .toList();
        return put(new SequenceInputStream(Collections.enumeration(streams)), Long.MAX_VALUE);
    }

    @Override
    public byte[] put(InputStream in, long most) throws IOException {
        Path temporary = incoming.resolve(UUID.randomUUID().toString());
        try {
            byte[] sha256 = write(in, most, temporary);
            place(temporary, file(sha256));
            return sha256;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    static byte[] write(InputStream in, long most, Path temporary) throws IOException {
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[BUFFER];
        long size = 0;
        try (FileChannel channel = PrivateFiles.create(temporary)) {
            for (int read; (read = in.read(buffer)) >= 0; ) {
                size += read;
                if (size > most) {
                    throw new TooLargeException(most);
                }
                digest.update(buffer, 0, read);
                for (ByteBuffer rest = ByteBuffer.wrap(buffer, 0, read); rest.hasRemaining(); ) {
                    channel.write(rest);
                }
            }
            channel.force(true);
        }
        return digest.digest();
    }

    private void place(Path temporary, Path file) throws IOException {
        PrivateFiles.createFolder(file.getParent());
        // Of the same length it is the same; otherwise the disk has lost some of it.
        if (Files.exists(file) && Files.size(file) == Files.size(temporary)) {
            PrivateFiles.sync(file.getParent()); // whoever put it there may not have come to that yet
        } else {
            PrivateFiles.move(temporary, file);
        }
    }

    @Override
    public boolean keeps(byte[] sha256, long size) throws IOException {
        Path file = file(sha256);
        if (!Files.isRegularFile(file) || Files.size(file) != size) {
            return false;
        }
        PrivateFiles.sync(file.getParent()); // whoever put it there may not have come to that yet
        return true;
    }

    @Override
    public boolean has(byte[] sha256) {
        return Files.isRegularFile(file(sha256));
    }

    @Override
    public long size(byte[] sha256) throws IOException {
        return Files.size(file(sha256));
    }

    @Override
    public InputStream open(byte[] sha256, long offset) throws IOException {
        FileChannel channel = FileChannel.open(file(sha256), StandardOpenOption.READ);
        try {
            if (offset < 0 || offset > channel.size()) {
                throw new IllegalArgumentException(
                        "offset is " + offset + "; it must be in [0, " + channel.size() + "]");
            }
            channel.position(offset);
            return Channels.newInputStream(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public void delete(byte[] sha256) throws IOException {
        Path file = file(sha256);
        if (Files.deleteIfExists(file)) {
            PrivateFiles.sync(file.getParent());
        }
    }
}
