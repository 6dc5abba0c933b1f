package dev.sotto.coordinator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sotto.coordinator.identity.Lifetimes;
import dev.sotto.coordinator.store.Database;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.FileTrouble;
import dev.sotto.formats.config.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What {@code coordinator.yaml} says.
 *
 * @param id of the coordinator; never changes
 * @param instance that tells apart several processes of one coordinator
 * @param listen address that is listened on
 * @param hosts names and addresses that it is reached by, besides this machine's own; the first is the one that clients are
 *     told to dial
 * @param port that is listened on; 0 for any that is free, another one at each start
 * @param database JDBC address
 * @param limits what it takes
 * @param lifetimes of the certificates that it issues from now on
 */
public record CoordinatorSettings(
        String id,
        String instance,
        String listen,
        List<String> hosts,
        int port,
        String database,
        Limits limits,
        Lifetimes lifetimes) {
    /** The port, if nobody says. */
    public static final int PORT = 7443;

    /**
     * What a coordinator takes.
     *
     * @param sessions that are going on at the same time
     * @param packageMegabytes of a package, 2^20 bytes each
     * @param modelMegabytes of a model, and so of an update
     */
    public record Limits(int sessions, int packageMegabytes, int modelMegabytes) {
        /** Limits, if nobody says. */
        public static final Limits DEFAULT = new Limits(16, 2_048, 4_096);

        long packageBytes() {
            return (long) packageMegabytes << 20;
        }

        long modelBytes() {
            return (long) modelMegabytes << 20;
        }
    }

    static final String MAIN = "main";
    static final String EVERYWHERE = "0.0.0.0";
    static final String HERE = "127.0.0.1";
    private static final YAMLMapper YAML = new YAMLMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build());

    /** Where clients and people find it. */
    public String address() {
        String host = hosts.isEmpty() ? "localhost" : hosts.get(0);
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /**
     * Reads a home's settings.
     *
     * @throws ConfigException of one line, with file and key
     */
    static CoordinatorSettings read(Path file, Path home) {
        Section root = section(file);
        Section limits = root.section("limits");
        Section certificates = root.section("certificates");
        CoordinatorSettings settings = new CoordinatorSettings(
                root.text("id"),
                root.text("instance", MAIN),
                root.text("listen", EVERYWHERE),
                root.texts("hosts"),
                root.integer("port", PORT, 0, 65_535),
                root.text("database", Database.inHome(home)),
                new Limits(
                        limits.integer("sessions", Limits.DEFAULT.sessions(), 1, 1_000),
                        limits.integer("package-megabytes", Limits.DEFAULT.packageMegabytes(), 1, 1 << 20),
                        limits.integer("model-megabytes", Limits.DEFAULT.modelMegabytes(), 1, 1 << 20)),
                new Lifetimes(
                        lifetime(certificates, "client", Lifetimes.DEFAULT.client()),
                        lifetime(certificates, "server", Lifetimes.DEFAULT.server())));
        root.end();
        return settings;
    }

    private static Duration lifetime(Section certificates, String key, Duration otherwise) {
        Duration lifetime = certificates.duration(key, otherwise);
        if (lifetime.compareTo(Lifetimes.LEAST) < 0 || lifetime.compareTo(Lifetimes.MOST) > 0) {
            throw certificates.error(
                    key,
                    "a certificate is to be valid for " + lifetime.toSeconds() + " s; it must be "
                            + Lifetimes.LEAST.toSeconds() + "s to " + Lifetimes.MOST.toDays() + "d");
        }
        return lifetime;
    }

    static Section section(Path file) {
        try {
            JsonNode tree = YAML.readTree(Files.readString(file));
            return Section.root(file.toString(), tree);
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": there is no such file");
        } catch (JsonProcessingException e) {
            throw new ConfigException(file + ": it is not YAML: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new ConfigException(FileTrouble.reading(file, e));
        }
    }

    static String yaml(JsonNode tree) {
        try {
            return YAML.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
