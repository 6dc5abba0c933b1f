package dev.sotto.node.link;

import dev.sotto.wire.Blobs;
import dev.sotto.wire.v1.Blob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Downloads, named by their digest: whole ones, and parts of those that are under way. What lies there whole has been
 * verified. One process at a time.
 */
final class BlobCache {
    private static final String PART = ".part";

    private final Path folder;
    private final long most;

    BlobCache(Path folder, long most) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.most = most;
    }

    private Path file(Blob blob) {
        return folder.resolve(Blobs.hex(blob.getSha256()));
    }

    /** The file, if it is there whole. */
    Optional<Path> find(Blob blob) throws IOException {
        Path file = file(blob);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            return Optional.of(file);
        } catch (NoSuchFileException e) {
            return Optional.empty(); // trimmed, as the longest unused until now
        }
    }

    /** A part, to go on with. */
    Part part(Blob blob) throws IOException {
        return new Part(blob, folder.resolve(Blobs.hex(blob.getSha256()) + PART));
    }

    /** Removes what was longest unused until the rest is within the limit; what was used last stays in any case. */
    void trim() throws IOException {
        record Entry(Path file, long size, FileTime used) {}
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, file -> Files.isRegularFile(file))) {
            for (Path file : files) {
                try {
                    entries.add(new Entry(file, Files.size(file), Files.getLastModifiedTime(file)));
                } catch (NoSuchFileException e) {
                    // a part that another download has put in its place meanwhile
                }
            }
        }
        entries.sort(Comparator.comparing(Entry::used).reversed());
        long kept = 0;
        boolean last = true;
        for (Entry entry : entries) {
            kept += entry.size();
            if (kept > most && !last) {
                Files.deleteIfExists(entry.file());
            }
            last = false;
        }
    }

    /** A download under way. */
    final class Part implements AutoCloseable {
        private final Blob blob;
        private final Path path;
        private final FileChannel channel;
        private final MessageDigest digest = Blobs.sha256();
        private long arrived;
        private boolean found;

        private Part(Blob blob, Path path) throws IOException {
            this.blob = blob;
            this.path = path;
            this.channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.size() > blob.getSize()) {
                channel.truncate(0);
            }
            ByteBuffer piece = ByteBuffer.allocate(1 << 16);
            while (channel.read(piece.clear(), arrived) > 0) {
                digest.update(piece.flip());
                arrived += piece.limit();
            }
            found = arrived > 0;
        }

        long arrived() {
            return arrived;
        }

        void take(ByteBuffer bytes) throws IOException {
            digest.update(bytes.duplicate());
            while (bytes.hasRemaining()) {
                arrived += channel.write(bytes, arrived);
            }
        }

        /**
         * Puts it in its place.
         *
         * @throws IOException if its bytes are not those that it is named by, and an earlier process left some of them: it
         *     begins anew
         * @throws LinkRefusedException if none of them can have been damaged here
         */
        Path whole() throws IOException {
            boolean genuine =
                    MessageDigest.isEqual(digest.digest(), blob.getSha256().toByteArray());
            if (!genuine) {
                channel.truncate(0);
                arrived = 0;
                String problem = "what was downloaded is not what it is named by, " + Blobs.hex(blob.getSha256());
                if (!found) {
                    throw new LinkRefusedException(problem, null);
                }
                found = false;
                throw new IOException(problem);
            }
            channel.force(true);
            return Files.move(path, file(blob), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
