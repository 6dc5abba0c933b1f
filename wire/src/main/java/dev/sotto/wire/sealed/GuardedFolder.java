package dev.sotto.wire.sealed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A folder below one that is trusted, in which others write, rename and delete as they like. No link is followed on the way
 * from the trusted root to a file: where the file system has relative paths, each folder is opened from the one above it, so
 * that nothing can be exchanged in between. What is read is bounded, what is written appears whole. Thread-safe.
 */
public final class GuardedFolder {
    private static final String TEMPORARY = ".tmp";

    private final Path root;
    private final List<String> below;

    private GuardedFolder(Path root, List<String> below) {
        this.root = root;
        this.below = List.copyOf(below);
    }

    /** A root, which is trusted itself and may be reached by links. */
    public static GuardedFolder root(Path root) {
        return new GuardedFolder(root, List.of());
    }

    /** A folder below, which need not be there. */
    public GuardedFolder below(String... names) {
        List<String> path = new ArrayList<>(below);
        for (String name : names) {
            path.add(plain(name));
        }
        return new GuardedFolder(root, path);
    }

    private static String plain(String name) {
        if (!isPlain(name)) {
            throw new IllegalArgumentException("'" + name + "' is no name of a file");
        }
        return name;
    }

    private static boolean isPlain(String name) {
        return !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && !name.contains("/")
                && !name.contains("\\")
                && name.indexOf('\0') < 0;
    }

    /** Names on the way from the root to it. */
    public List<String> names() {
        return below;
    }

    /** Where it is, for messages. */
    public Path path() {
        Path path = root;
        for (String name : below) {
            path = path.resolve(name);
        }
        return path;
    }

    /** Where a file of it is, for messages. */
    public Path file(String name) {
        return path().resolve(plain(name));
    }

    /**
     * What can be told of a file without reading it: it has changed if this has.
     *
     * @param size in bytes
     * @param changed last, in nanoseconds of an epoch
     * @param key the file system's own
     * @param kind what it is
     */
    public record Stamp(long size, long changed, String key, Kind kind) {
        static Stamp of(BasicFileAttributes attributes) {
            return new Stamp(
                    attributes.size(),
                    attributes.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS),
                    String.valueOf(attributes.fileKey()),
                    attributes.isSymbolicLink()
                            ? Kind.LINK
                            : attributes.isDirectory()
                                    ? Kind.FOLDER
                                    : attributes.isRegularFile() ? Kind.FILE : Kind.OTHER);
        }
    }

    /** What lies under a name. */
    public enum Kind {
        FILE,
        FOLDER,
        LINK,
        OTHER
    }

    private interface Use<T> {
        T with(OpenedFolder folder) throws IOException;
    }

    /** Does something in the folder; empty if it, or one above it, is not there. */
    private <T> Optional<T> in(Use<Optional<T>> use) throws IOException {
        try (OpenedFolder folder = OpenedFolder.of(root, below)) {
            return use.with(folder);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * What lies under a name; empty if nothing does.
     *
     * @throws UnfitFileException if a folder on the way is none
     */
    public Optional<Stamp> stamp(String name) throws IOException {
        plain(name);
        return in(folder -> {
            Stamp stamp = Stamp.of(folder.attributes(name));
            return Optional.of(new Stamp(stamp.size(), stamp.changed(), stamp.key() + altered(name), stamp.kind()));
        });
    }

    /** When the file system itself noted a change last, where it does: whoever writes can set the other time back. */
    private String altered(String name) {
        try {
            return " " + Files.getAttribute(file(name), "unix:ctime", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return "";
        }
    }

    /**
     * Reads a file; empty if there is none.
     *
     * @param most bytes
     * @throws UnfitFileException in one line, if it is no plain file, or larger
     */
    public Optional<byte[]> read(String name, long most) throws IOException {
        return whole(name, most, in -> {
            byte[] bytes = in.readNBytes((int) Math.min(most + 1, Integer.MAX_VALUE - 8));
            if (bytes.length > most) {
                throw grown(most);
            }
            return bytes;
        });
    }

    /** SHA-256 of a file, of which little is in memory at any time; otherwise as {@link #read}. */
    public Optional<byte[]> sha256(String name, long most) throws IOException {
        return whole(name, most, in -> {
            MessageDigest digest = Keys.sha256();
            byte[] part = new byte[1 << 16];
            long all = 0;
            for (int n; (n = in.read(part)) >= 0; ) {
                all += n;
                if (all > most) {
                    throw grown(most);
                }
                digest.update(part, 0, n);
            }
            return digest.digest();
        });
    }

    private static UnfitFileException grown(long most) {
        return new UnfitFileException("it grew while it was read; at most " + most + " bytes are read");
    }

    private interface Reading {
        byte[] from(InputStream in) throws IOException;
    }

    private Optional<byte[]> whole(String name, long most, Reading reading) throws IOException {
        plain(name);
        try (SeekableByteChannel channel =
                        BoundedOpening.SHARED.open(new FileOpening(root, below, name, most), BoundedOpening.LONGEST);
                InputStream in = Channels.newInputStream(channel)) {
            return Optional.of(reading.from(in));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * Puts a file in its place, whole, over whatever file or link is there; makes folders that are missing.
     *
     * @throws UnfitFileException if something else is in the way
     */
    public void write(String name, byte[] content) throws IOException {
        plain(name);
        make();
        String temporary = "." + name + "." + UUID.randomUUID() + TEMPORARY;
        try (OpenedFolder folder = OpenedFolder.of(root, below)) {
            try (SeekableByteChannel channel = folder.open(
                    temporary,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                if (channel instanceof FileChannel file) {
                    file.force(true);
                }
            }
            try {
                folder.move(temporary, folder, name);
            } catch (IOException e) {
                folder.delete(temporary);
                throw kindOf(folder, name).filter(kind -> kind == Kind.FOLDER).isPresent()
                        ? new UnfitFileException("a folder is in the place of a file")
                        : e;
            }
        }
    }

    /** Whether an entry's name is one under which {@link #write} puts a file of this name down first. */
    public static boolean temporary(String entry, String name) {
        return entry.startsWith("." + name + ".") && entry.endsWith(TEMPORARY);
    }

    private static Optional<Kind> kindOf(OpenedFolder folder, String name) throws IOException {
        try {
            return Optional.of(Stamp.of(folder.attributes(name)).kind());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * Makes the folder, and those above it, unless they are there.
     *
     * @throws UnfitFileException if something else is in the way
     */
    public void make() throws IOException {
        Path path = root;
        for (String name : below) {
            path = path.resolve(name);
            try {
                Files.createDirectory(path);
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    throw new UnfitFileException(path + ": something that is no folder is in the way");
                }
            }
        }
    }

    /** Something that is in the way of a folder: what lies under a name where a folder must be. */
    public record Obstacle(GuardedFolder in, String name, Kind kind) {}

    /** What keeps the folder from being reached, the first on the way; empty if nothing does, or it is just not there. */
    public Optional<Obstacle> obstacle() throws IOException {
        for (int i = 0; i < below.size(); i++) {
            GuardedFolder above = new GuardedFolder(root, below.subList(0, i));
            Optional<Stamp> stamp = above.stamp(below.get(i));
            if (stamp.isEmpty()) {
                return Optional.empty();
            }
            if (stamp.get().kind() != Kind.FOLDER) {
                return Optional.of(new Obstacle(above, below.get(i), stamp.get().kind()));
            }
        }
        return Optional.empty();
    }

    /** Names of what is in it, at most so many, without those that nothing here would be called; none if it is not there. */
    public List<String> names(int most) throws IOException {
        List<String> names = new ArrayList<>();
        in(folder -> {
            for (Path each : folder.entries()) {
                if (names.size() == most) {
                    break;
                }
                String name = each.getFileName().toString();
                if (isPlain(name)) {
                    names.add(name);
                }
            }
            return Optional.empty();
        });
        return names;
    }

    /** Text of the link under a name; empty if there is none. */
    public Optional<String> link(String name) throws IOException {
        Path file = file(name);
        return Files.isSymbolicLink(file)
                ? Optional.of(Files.readSymbolicLink(file).toString())
                : Optional.empty();
    }

    /** Removes a file or a link, but not what it leads to; nothing if it is not there. */
    public void delete(String name) throws IOException {
        plain(name);
        in(folder -> {
            folder.delete(name);
            return Optional.empty();
        });
    }

    /**
     * Renames something of it to a place in another folder of the same file system, where nothing must be.
     *
     * @return false if there is nothing of that name, or something in its place already
     */
    public boolean move(String name, GuardedFolder to, String newName) throws IOException {
        plain(name);
        plain(newName);
        to.make();
        try (OpenedFolder from = OpenedFolder.of(root, below);
                OpenedFolder into = OpenedFolder.of(to.root, to.below)) {
            if (kindOf(into, newName).isPresent()) {
                return false;
            }
            from.move(name, into, newName);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return path().toString();
    }
}
