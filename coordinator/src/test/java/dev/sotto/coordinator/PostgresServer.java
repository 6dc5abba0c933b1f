package dev.sotto.coordinator;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A real PostgreSQL server on a free loopback port, in a temporary folder. It ends, and its folder goes, when it is closed or
 * this process ends, however that ends. As root it runs as the user {@code postgres}, since it refuses to run as root.
 */
public final class PostgresServer implements AutoCloseable {
    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
    private static final String USER = "sotto";
    private static final int SECONDS = 120;
    private static PostgresServer shared;

    /** The server lives until its standard input ends. */
    private static final String SCRIPT = """
            set -e
            folder=$(mktemp -d)
            trap 'rm -rf "$folder"' EXIT
            trap 'exit 1' HUP INT TERM
            "$1/initdb" -D "$folder/data" -U sotto -A trust -E UTF8 --no-locale --no-sync >"$folder/log" 2>&1 || {
                cat "$folder/log" >&2
                exit 1
            }
            "$1/postgres" -D "$folder/data" -h 127.0.0.1 -p "$2" -k '' -c max_connections=100 >&2 &
            server=$!
            cat >/dev/null
            kill -QUIT "$server" # at once: nobody wants its data
            wait "$server" || true
            """;

    private final Process process;
    private final int port;
    private final AtomicInteger databases = new AtomicInteger();

    private PostgresServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** One for all tests of this process. */
    public static synchronized PostgresServer shared() {
        if (shared == null || !shared.process.isAlive()) {
            shared = start();
        }
        return shared;
    }

    /** One of its own. */
    public static PostgresServer start() {
        try {
            int port = freePort();
            List<String> command = new ArrayList<>();
            if (System.getProperty("user.name").equals("root")) {
                command.addAll(List.of("runuser", "-u", "postgres", "--"));
            }
            command.addAll(List.of("sh", "-c", SCRIPT, "sh", programs().toString(), Integer.toString(port)));
            Path log = Files.createTempFile("postgres", ".log");
            log.toFile().deleteOnExit();
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            PostgresServer server = new PostgresServer(builder.start(), port);
            server.await(log);
            return server;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("PostgreSQL does not start: " + e.getMessage(), e);
        }
    }

    private static Path programs() throws IOException {
        try (Stream<Path> versions = Files.exists(INSTALLED) ? Files.list(INSTALLED) : Stream.<Path>empty()) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.comparing(bin ->
                            Integer.parseInt(bin.getParent().getFileName().toString())))
                    .orElseThrow(() -> new IllegalStateException(
                            "there is no PostgreSQL in " + INSTALLED + "; install the package postgresql"));
        }
    }

    /** Not one of those that systems give to whoever asks for any: it might be given away again before the server has it. */
    static int freePort() throws IOException {
        for (; ; ) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // Another one.
            }
        }
    }

    private void await(Path log) throws InterruptedException, IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (true) {
            try {
                DriverManager.getConnection(url("postgres")).close();
                return;
            } catch (SQLException e) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    close();
                    throw new IOException(Files.readString(log, StandardCharsets.UTF_8), e);
                }
                Thread.sleep(100);
            }
        }
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=" + USER;
    }

    /** Address of a new database with nothing in it. */
    public String database() {
        String name = "test" + databases.incrementAndGet();
        try (Connection connection = DriverManager.getConnection(url("postgres"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return url(name);
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
