package dev.sotto.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL server on a free loopback port that lives no longer than this process. */
final class PostgresProcess implements AutoCloseable {
    /** Ends with its standard input, however that ends. */
    private static final String SCRIPT = """
            set -e
            folder=$(mktemp -d)
            trap 'rm -rf "$folder"' EXIT
            trap 'exit 1' HUP INT TERM
            "$1/initdb" -D "$folder/data" -U sotto -A trust -E UTF8 --no-locale --no-sync >&2
            "$1/postgres" -D "$folder/data" -h 127.0.0.1 -p "$2" -k '' >&2 &
            server=$!
            cat >/dev/null
            kill -QUIT "$server"
            wait "$server" || true
            """;

    private final Process process;
    private final int port;

    /** Starts one; what it says goes to a file. */
    PostgresProcess(Path log) throws IOException, InterruptedException {
        port = Processes.freePort();
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("runuser", "-u", "postgres", "--")); // it refuses to run as root
        }
        command.addAll(List.of("sh", "-c", SCRIPT, "sh", programs().toString(), String.valueOf(port)));
        process = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            Processes.await(this::answers, 120);
        } catch (AssertionError e) {
            close();
            throw new AssertionError("PostgreSQL does not start: " + Files.readString(log), e);
        }
    }

    private static Path programs() throws IOException {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.comparing(Path::toString))
                    .orElseThrow(() -> new AssertionError("install the package postgresql"));
        }
    }

    private boolean answers() {
        try {
            DriverManager.getConnection(url()).close();
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    /** Of its one empty database. */
    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=sotto";
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit()
                .completeOnTimeout(null, 30, TimeUnit.SECONDS)
                .thenRun(process::destroyForcibly)
                .join();
    }
}
