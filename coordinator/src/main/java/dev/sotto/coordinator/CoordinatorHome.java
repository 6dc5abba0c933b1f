package dev.sotto.coordinator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.coordinator.identity.Authority;
import dev.sotto.coordinator.identity.Identities;
import dev.sotto.coordinator.identity.Lifetimes;
import dev.sotto.coordinator.identity.PackageKey;
import dev.sotto.coordinator.identity.Role;
import dev.sotto.coordinator.identity.ServerIdentity;
import dev.sotto.coordinator.store.Database;
import dev.sotto.coordinator.store.PrivateFiles;
import dev.sotto.formats.config.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder in which a coordinator lives: made once by {@link #init}, opened by one process at a time. Everything in it is
 * its owner's alone.
 */
public final class CoordinatorHome implements AutoCloseable {
    /** Where it is, if nobody says. */
    public static final Path DEFAULT = Path.of("coordinator");

    private static final String SETTINGS = "coordinator.yaml";
    private static final String AUTHORITY = "authority";
    private static final String SERVER = "server";
    private static final String PACKAGE_KEY = "package-key";
    private static final String LOCK = "lock";
    private static final String FIRST_TOKEN = "admin";
    private static final Duration FIRST_TOKEN_VALID = Duration.ofDays(365);

    private final Path path;
    private final FileChannel lock;
    private final CoordinatorSettings settings;
    private final Database database;
    private final Authority authority;
    private ServerIdentity server;
    private final KeyPair packageKey;
    private final Identities identities;

    private CoordinatorHome(Path path, FileChannel lock, CoordinatorSettings settings, Database database)
            throws IOException {
        this.path = path;
        this.lock = lock;
        this.settings = settings;
        this.database = database;
        this.authority = Authority.open(path.resolve(AUTHORITY), settings.id(), settings.lifetimes());
        renew();
        this.packageKey = PackageKey.open(path.resolve(PACKAGE_KEY));
        this.identities =
                new Identities(database, authority, settings.id(), settings.address(), packageKey.getPublic());
    }

    /**
     * Makes a home: all of it or nothing. A folder that is there must be empty.
     *
     * @param hosts names and addresses that clients reach it by, the one to dial first; none for this machine only
     * @param databaseUrl address of a PostgreSQL database that is no coordinator's yet; empty for SQLite in the home
     * @return file with the address and an administrator's token
     * @throws ConfigException of one line, if it cannot be made
     */
    public static Path init(Path home, List<String> hosts, int port, Optional<String> databaseUrl) {
        try {
            if (Files.exists(home)) {
                requireEmpty(home);
                fill(home, home, hosts, port, databaseUrl);
            } else {
                Path absolute = home.toAbsolutePath();
                Path making = absolute.resolveSibling("." + absolute.getFileName() + "." + UUID.randomUUID() + ".new");
                fill(making, home, hosts, port, databaseUrl);
                PrivateFiles.move(making, absolute);
            }
            return home.resolve(OperatorFile.NAME);
        } catch (IOException e) {
            throw new ConfigException("coordinator home " + home + ": cannot be made: " + e.getMessage());
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new ConfigException("coordinator home " + home + ": not made: " + e.getMessage());
        }
    }

    private static void requireEmpty(Path home) throws IOException {
        if (Files.exists(home.resolve(SETTINGS))) {
            throw new IllegalStateException(
                    "there is a coordinator in it, whose keys must not be lost; choose another folder");
        }
        if (!Files.isDirectory(home)) {
            throw new IllegalStateException("it is not a folder");
        }
        try (Stream<Path> files = Files.list(home)) {
            if (files.findAny().isPresent()) {
                throw new IllegalStateException(
                        "it holds other files; choose an empty folder, or one that is not there");
            }
        }
    }

    /** Settings come last: a folder without them is no home. */
    private static void fill(Path folder, Path home, List<String> hosts, int port, Optional<String> databaseUrl)
            throws IOException {
        boolean done = false;
        try {
            String id = "c-" + UUID.randomUUID();
            CoordinatorSettings settings = new CoordinatorSettings(
                    id,
                    CoordinatorSettings.MAIN,
                    hosts.isEmpty() ? CoordinatorSettings.HERE : CoordinatorSettings.EVERYWHERE,
                    hosts,
                    port,
                    databaseUrl.orElse(Database.inHome(home)),
                    CoordinatorSettings.Limits.DEFAULT,
                    Lifetimes.DEFAULT);
            PrivateFiles.createFolder(folder);
            Authority authority = Authority.create(folder.resolve(AUTHORITY), id, Lifetimes.DEFAULT);
            authority.server(folder.resolve(SERVER), hosts);
            KeyPair packageKey = PackageKey.create(folder.resolve(PACKAGE_KEY));
            try (Database database = Database.open(databaseUrl.orElse(Database.inHome(folder)), folder)) {
                database.claim(id);
                Identities identities =
                        new Identities(database, authority, id, settings.address(), packageKey.getPublic());
                String token = identities
                        .createAccessToken(FIRST_TOKEN, Role.ADMIN, FIRST_TOKEN_VALID, "init")
                        .token();
                String certificate = Authority.certificate(Path.of(AUTHORITY)).toString();
                write(folder.resolve(OperatorFile.NAME), OperatorFile.yaml(settings.address(), certificate, token));
            }
            write(folder.resolve(SETTINGS), yaml(settings, databaseUrl));
            done = true;
        } finally {
            if (!done) {
                removeContents(folder, folder.equals(home));
            }
        }
    }

    private static void removeContents(Path folder, boolean keepFolder) throws IOException {
        if (!keepFolder) {
            PrivateFiles.delete(folder);
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                PrivateFiles.delete(file);
            }
        }
    }

    private static String yaml(CoordinatorSettings settings, Optional<String> databaseUrl) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("id", settings.id());
        tree.put("listen", settings.listen());
        settings.hosts().forEach(tree.putArray("hosts")::add);
        tree.put("port", settings.port());
        databaseUrl.ifPresent(url -> tree.put("database", url));
        return CoordinatorSettings.yaml(tree);
    }

    private static void write(Path file, String text) throws IOException {
        PrivateFiles.write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Opens a home, for this process alone.
     *
     * @throws ConfigException of one line, if there is none, it is damaged, or another process has it
     */
    public static CoordinatorHome open(Path home) {
        Path file = home.resolve(SETTINGS);
        if (!Files.exists(file)) {
            throw new ConfigException("coordinator home " + home + ": there is no " + SETTINGS
                    + " in it; 'sotto coordinator init' makes a home");
        }
        CoordinatorSettings settings = CoordinatorSettings.read(file, home);
        FileChannel lock = null;
        Database database = null;
        CoordinatorHome opened = null;
        try {
            lock = lock(home);
            database = Database.open(settings.database(), home);
            requireOwn(settings, database);
            opened = new CoordinatorHome(home, lock, settings, database);
            return opened;
        } catch (IOException | IllegalStateException e) {
            throw new ConfigException("coordinator home " + home + ": " + e.getMessage());
        } finally {
            if (opened == null) {
                close(lock, database);
            }
        }
    }

    private static FileChannel lock(Path home) throws IOException {
        FileChannel channel = PrivateFiles.lockFile(home.resolve(LOCK));
        boolean held = false;
        try {
            held = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // by this very process
        } finally {
            if (!held) {
                channel.close();
            }
        }
        if (!held) {
            throw new IllegalStateException("another process has it");
        }
        return channel;
    }

    private static void requireOwn(CoordinatorSettings settings, Database database) {
        String owner = database.coordinator().orElse("nobody");
        if (!owner.equals(settings.id())) {
            throw new IllegalStateException("database " + database.name() + " belongs to coordinator " + owner
                    + ", and this is " + settings.id());
        }
    }

    private static void close(FileChannel lock, Database database) {
        if (database != null) {
            database.close();
        }
        if (lock != null) {
            try {
                lock.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The folder. */
    public Path path() {
        return path;
    }

    /** What {@code coordinator.yaml} says. */
    public CoordinatorSettings settings() {
        return settings;
    }

    /** Who owns leases on sessions that this process runs. */
    public String owner() {
        return settings.id() + "/" + settings.instance();
    }

    /** What it remembers. */
    public Database database() {
        return database;
    }

    /** Who may come in. */
    public Identities identities() {
        return identities;
    }

    /** Certificate of the authority, PEM: what clients' certificates are checked against. */
    public Path authorityCertificate() {
        return Authority.certificate(path.resolve(AUTHORITY));
    }

    /** What it serves with. */
    public synchronized ServerIdentity server() {
        return server;
    }

    /**
     * Makes new certificates for the authority and the server where the old ones will be over before long.
     *
     * @return whether the server has another than before
     */
    synchronized boolean renew() throws IOException {
        if (authority.renew()) {
            database.audit()
                    .append(
                            "coordinator",
                            "authority certificate renewed",
                            settings.id(),
                            "valid until "
                                    + authority.certificate().getNotAfter().toInstant() + ", same key");
        }
        Path folder = path.resolve(SERVER);
        ServerIdentity now = ServerIdentity.in(folder);
        Optional<X509Certificate> before =
                Files.exists(now.chain()) ? Optional.of(now.certificate()) : Optional.empty();
        server = authority.server(folder, settings.hosts());
        X509Certificate after = server.certificate();
        boolean renewed = !before.equals(Optional.of(after));
        if (renewed) {
            database.audit()
                    .append(
                            "coordinator",
                            "server certificate renewed",
                            settings.id(),
                            "certificate " + after.getSerialNumber().toString(16) + ", valid until "
                                    + after.getNotAfter().toInstant());
        }
        return renewed;
    }

    /** What packages are signed with. */
    public KeyPair packageKey() {
        return packageKey;
    }

    /**
     * Tells joining clients and operators the address, where only the start decided on the port.
     *
     * @throws IOException if {@code operator.yaml} cannot be written
     */
    void listensAt(String address) throws IOException {
        identities.reachedAt(address);
        Path file = path.resolve(OperatorFile.NAME);
        if (Files.exists(file)) {
            OperatorFile operator = OperatorFile.read(file);
            String authority = path.relativize(operator.authority()).toString();
            write(file, OperatorFile.yaml(address, authority, operator.token()));
        }
    }

    @Override
    public void close() {
        close(lock, database);
    }
}
