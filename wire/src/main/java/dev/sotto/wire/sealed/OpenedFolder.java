package dev.sotto.wire.sealed;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;

/** A folder that is open, and not just named, where the file system can do that. */
final class OpenedFolder implements AutoCloseable {
    private final Path path;
    private final DirectoryStream<Path> stream;

    private OpenedFolder(Path path, DirectoryStream<Path> stream) {
        this.path = path;
        this.stream = stream;
    }

    @SuppressWarnings("StreamResourceLeak") // closed with what it is put into
    static OpenedFolder of(Path root, List<String> below) throws IOException {
        OpenedFolder at = new OpenedFolder(root, Files.newDirectoryStream(root));
        for (String name : below) {
            try (OpenedFolder above = at) {
                at = above.enter(name);
            }
        }
        return at;
    }

    @SuppressWarnings("StreamResourceLeak") // likewise
    private OpenedFolder enter(String name) throws IOException {
        Path next = path.resolve(name);
        if (GuardedFolder.Stamp.of(attributes(name)).kind() != GuardedFolder.Kind.FOLDER) {
            throw new UnfitFileException(next + ": it is no folder, and links are not followed");
        }
        return new OpenedFolder(
                next,
                stream instanceof SecureDirectoryStream<Path> secure
                        ? secure.newDirectoryStream(Path.of(name), LinkOption.NOFOLLOW_LINKS)
                        : Files.newDirectoryStream(next));
    }

    BasicFileAttributes attributes(String name) throws IOException {
        return stream instanceof SecureDirectoryStream<Path> secure
                ? secure.getFileAttributeView(Path.of(name), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .readAttributes()
                : Files.readAttributes(path.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    SeekableByteChannel open(String name, Set<? extends java.nio.file.OpenOption> options) throws IOException {
        return stream instanceof SecureDirectoryStream<Path> secure
                ? secure.newByteChannel(Path.of(name), options)
                : Files.newByteChannel(path.resolve(name), options);
    }

    void move(String name, OpenedFolder into, String newName) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> from
                && into.stream instanceof SecureDirectoryStream<Path> to) {
            from.move(Path.of(name), to, Path.of(newName));
        } else {
            Files.move(
                    path.resolve(name),
                    into.path.resolve(newName),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    void delete(String name) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            secure.deleteFile(Path.of(name));
        } else {
            Files.delete(path.resolve(name));
        }
    }

    Iterable<Path> entries() {
        return stream;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
