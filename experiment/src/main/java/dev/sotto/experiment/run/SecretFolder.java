package dev.sotto.experiment.run;

import dev.sotto.formats.config.FileTrouble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder that only its owner may read. What a method wrote is on disk when it returns. Failures to write are
 * {@link UncheckedIOException}s whose message names the file.
 */
final class SecretFolder {
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final FileAttribute<?>[] FOLDER = only("rwx------");
    private static final FileAttribute<?>[] FILE = only("rw-------");

    private final Path path;

    SecretFolder(Path path) {
        this.path = path;
    }

    private static FileAttribute<?>[] only(String permissions) {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    Path file(String name) {
        return path.resolve(name);
    }

    boolean exists() {
        return Files.isDirectory(path);
    }

    void create() {
        attempt(path, folder -> Files.createDirectory(folder, FOLDER));
    }

    /** Replaces a file as a whole: the old one, or the new one, never a part. */
    void replace(String name, ByteBuffer... bytes) {
        String temporary = name + ".new";
        attempt(file(temporary), Files::deleteIfExists);
        write(temporary, bytes);
        attempt(
                file(name),
                file -> Files.move(
                        file(temporary), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING));
        force();
    }

    /** Writes a file that is not there yet. */
    void write(String name, ByteBuffer... bytes) {
        put(name, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), true, bytes);
    }

    /** Adds to a file's end. */
    void append(String name, boolean force, ByteBuffer... bytes) {
        put(name, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND), force, bytes);
    }

    private void put(String name, Set<OpenOption> options, boolean force, ByteBuffer... bytes) {
        attempt(file(name), file -> {
            try (FileChannel channel = FileChannel.open(file, options, FILE)) {
                for (ByteBuffer part : bytes) {
                    while (part.hasRemaining()) {
                        channel.write(part);
                    }
                }
                if (force) {
                    channel.force(true);
                }
            }
        });
    }

    /** Names of files come to disk with their folder. */
    private void force() {
        if (POSIX) {
            attempt(path, folder -> {
                try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            });
        }
    }

    /** A lock that one process holds until it closes it or ends; empty if another has it. */
    Optional<FileChannel> lock(String name) {
        FileChannel[] held = new FileChannel[1];
        attempt(file(name), file -> {
            FileChannel channel =
                    FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), FILE);
            try {
                held[0] = channel.tryLock() == null ? null : channel;
            } catch (OverlappingFileLockException e) {
                held[0] = null; // by this very process
            } finally {
                if (held[0] == null) {
                    channel.close();
                }
            }
        });
        return Optional.ofNullable(held[0]);
    }

    List<String> names() {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(FileTrouble.reading(path, e), e);
        }
    }

    void delete(String name) {
        attempt(file(name), Files::deleteIfExists);
    }

    /** Removes the folder and the files in it. */
    void delete() {
        if (exists()) {
            names().forEach(this::delete);
            attempt(path, Files::delete);
        }
    }

    private interface Step {
        void on(Path file) throws IOException;
    }

    private static void attempt(Path file, Step step) {
        try {
            step.on(file);
        } catch (IOException e) {
            throw new UncheckedIOException(FileTrouble.writing(file, e), e);
        }
    }
}
