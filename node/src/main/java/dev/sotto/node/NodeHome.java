package dev.sotto.node;

import dev.sotto.formats.ShellWord;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.FileTrouble;
import dev.sotto.node.link.Joined;
import dev.sotto.node.link.NodeKeys;
import dev.sotto.owner.Owner;
import dev.sotto.wire.Address;
import dev.sotto.wire.tls.Authorities;
import dev.sotto.wire.tls.Pem;
import dev.sotto.wire.tls.TlsIdentity;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/**
 * A node's folder, which nobody but its owner may read: {@code identity/} (keys, certificates, whom it joined),
 * {@code ledger.db} and {@code releases/}, {@code cache/}.
 */
public final class NodeHome {
    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    /** Key and certificates, in one file so that they change together. */
    private static final String TLS = "tls.pem";
    /** A key that is to be certified. */
    private static final String NEXT_KEY = "next-key.pem";

    private static final String SIGNING_KEY = "signing-key.pem";
    private static final String PACKAGE_KEY = "package-key.pem";
    private static final String COORDINATOR = "coordinator.properties";

    private final Path folder;

    /** The folder of that path, which need not be there. */
    public NodeHome(Path folder) {
        this.folder = folder;
    }

    /** Where it is. */
    public Path folder() {
        return folder;
    }

    /** Whether the node has joined a coordinator. */
    public boolean joined() {
        return Files.exists(identityFile(COORDINATOR));
    }

    /** Where downloads go. */
    public Path cache() {
        return folder.resolve("cache");
    }

    private Path identityFile(String name) {
        return folder.resolve("identity").resolve(name);
    }

    /**
     * Keeps what joining gave, all of it or nothing.
     *
     * @param client id that the certificate is bound to
     */
    public void keep(String client, NodeKeys keys, Joined joined) {
        try {
            Files.createDirectories(folder.resolve("identity"), attributes("rwx------"));
            write(TLS, Pem.text(keys.tls().getPrivate()) + Pem.text(joined.chain()));
            write(SIGNING_KEY, Pem.text(keys.signing().getPrivate()));
            write(PACKAGE_KEY, Pem.text(joined.packageKey()));
            // Last: with it the node has joined.
            write(
                    COORDINATOR,
                    "address=" + joined.address() + "\ncoordinator=" + joined.coordinatorId() + "\nclient=" + client
                            + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(FileTrouble.writing(folder.resolve("identity"), e), e);
        }
    }

    private void write(String name, String text) throws IOException {
        Path file = identityFile(name);
        Path temporary = file.resolveSibling(name + ".new");
        Files.deleteIfExists(temporary);
        try (FileChannel channel = FileChannel.open(
                temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes("rw-------"))) {
            channel.write(StandardCharsets.UTF_8.encode(text));
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(file.getParent());
    }

    /** Names of files come to disk with their folder. */
    private static void sync(Path folder) throws IOException {
        if (POSIX) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private TlsIdentity tls() throws IOException {
        Path both = identityFile(TLS);
        return TlsIdentity.read(both, both);
    }

    private static FileAttribute<?>[] attributes(String permissions) {
        return POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /**
     * Who the node is, and where its coordinator.
     *
     * @param address of the coordinator
     * @param tls what it shows there
     * @param agent what the agent works with
     */
    public record Enrolled(Address address, TlsIdentity tls, NodeIdentity agent) {}

    /**
     * Reads what joining gave.
     *
     * @throws ConfigException in one line, if the node has not joined, or a file is damaged
     */
    public Enrolled enrolled() {
        if (!joined()) {
            throw new ConfigException(folder + ": this node has not joined a coordinator; run 'sotto node join TOKEN"
                    + " --home " + ShellWord.of(folder) + "' first");
        }
        try {
            Properties coordinator = new Properties();
            coordinator.load(new StringReader(Files.readString(identityFile(COORDINATOR))));
            TlsIdentity tls = tls();
            String authority = HexFormat.of()
                    .formatHex(Authorities.keyDigest(tls.chain().get(tls.chain().size() - 1)));
            NodeIdentity agent = new NodeIdentity(
                    coordinator.getProperty("client", ""),
                    coordinator.getProperty("coordinator", ""),
                    authority,
                    Pem.publicKey(identityFile(PACKAGE_KEY)),
                    Pem.privateKey(identityFile(SIGNING_KEY)));
            return new Enrolled(Address.parse(coordinator.getProperty("address", "")), tls, agent);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigException(folder.resolve("identity") + ": it cannot be used: " + e.getMessage());
        }
    }

    /** The folder for one node alone, until it is closed. */
    public final class Alone implements AutoCloseable {
        private final FileChannel lock;

        private Alone(FileChannel lock) {
            this.lock = lock;
        }

        /** Opens what the owner keeps here. */
        public Owner owner() {
            return Owner.open(folder);
        }

        /**
         * The key that is to be certified next: one that was asked for before, whatever happened then, or a fresh one. It is on
         * disk before anybody hears of it, so that a certificate which is issued for it is never lost.
         */
        public KeyPair nextKey() {
            Path file = identityFile(NEXT_KEY);
            try {
                if (Files.exists(file)) {
                    KeyPair before = new KeyPair(Pem.publicKey(file), Pem.privateKey(file));
                    if (!before.getPublic().equals(tls().certificate().getPublicKey())) {
                        return before;
                    }
                    // It was certified and is in use; only the file was left.
                }
                KeyPair fresh = NodeKeys.freshTls();
                write(NEXT_KEY, Pem.text(fresh.getPrivate()) + Pem.text(fresh.getPublic()));
                return fresh;
            } catch (IOException e) {
                throw new UncheckedIOException(file + ": " + e.getMessage(), e);
            }
        }

        /** Takes {@link #nextKey} into use, with the certificates that were issued for it, in one step. */
        public TlsIdentity renewed(KeyPair next, List<X509Certificate> chain) {
            try {
                write(TLS, Pem.text(next.getPrivate()) + Pem.text(chain));
                Files.deleteIfExists(identityFile(NEXT_KEY));
                return tls();
            } catch (IOException e) {
                throw new UncheckedIOException(FileTrouble.writing(folder.resolve("identity"), e), e);
            }
        }

        @Override
        public void close() throws IOException {
            lock.close();
        }
    }

    /**
     * Keeps other nodes out of the folder until it is closed, or the process ends.
     *
     * @throws ConfigException if another node runs here
     */
    public Alone alone() {
        try {
            Files.createDirectories(folder, attributes("rwx------"));
            FileChannel channel = FileChannel.open(
                    folder.resolve("node.lock"),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    attributes("rw-------"));
            try {
                if (channel.tryLock() != null) {
                    return new Alone(channel);
                }
            } catch (OverlappingFileLockException e) {
                // By this very process.
            }
            channel.close();
            throw new ConfigException(folder + ": another node runs with this home; stop it, or give another --home");
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": it cannot be used: " + e.getMessage(), e);
        }
    }
}
