package dev.sotto.folders.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.run.WholeFile;
import dev.sotto.folders.Datasite;
import dev.sotto.folders.DatasiteSettings;
import dev.sotto.folders.Email;
import dev.sotto.folders.LaunchRules;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.Section;
import dev.sotto.owner.desk.OwnerFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A {@code datasite.yaml}: whose datasite it is, where it lies, what it offers and allows, and how it runs projects of its own.
 *
 * @param name of the file, for messages
 * @param email whose it is
 * @param dataDir the data folder
 * @param synced the tree that all datasites share; empty for {@code datasites} in the data folder
 * @param folder of applications in the synced tree
 * @param port of the owner's page
 * @param settings how the datasite runs
 * @param rules how its own projects wait
 * @param owner what it offers and allows; empty for a datasite that only aggregates
 * @param awaited where PyTorch's files will be that the owner offers; empty for other data
 */
public record DatasiteFile(
        String name,
        Email email,
        Path dataDir,
        Optional<Path> synced,
        String folder,
        Optional<Integer> port,
        DatasiteSettings settings,
        LaunchRules rules,
        Optional<OwnerFile> owner,
        Optional<Path> awaited) {
    /** What the file is called. */
    public static final String NAME = "datasite.yaml";

    private static final List<String> OWNERS = List.of("data-set", "inherits", "test-data", "mock", "policy", "limits");
    private static final List<String> FOLDERS = List.of(Datasite.APP_DATA, Datasite.API_DATA);
    private static final List<String> TREES = List.of("private", "synced");
    private static final int MIN_CLIENTS = 2;
    private static final Map<String, String> ELSEWHERE = Map.of(
            "quorum", "aggregator.min-clients",
            "deadline", "aggregator.round-timeout",
            "data_dir", "data-dir",
            "poll-interval", "poll",
            "EMAIL", "email",
            "DATA_DIR", "data-dir",
            "PORT", "port");

    /** Where it is if nobody says: in the private tree. */
    public static Path usual(Path dataDir) {
        return dataDir.resolve("private").resolve(NAME);
    }

    /**
     * Reads a file. Relative paths in it start from it.
     *
     * @throws ConfigException in one line, naming file and key, and what would be valid
     */
    public static DatasiteFile read(Path file) {
        ExperimentFile yaml = ExperimentFile.read(file);
        Section top = Section.root(yaml.name(), yaml.tree(), ELSEWHERE);
        Path root = file.toAbsolutePath().getParent();
        Email email = email(top, top.text("email"));
        Path dataDir = root.resolve(top.text("data-dir")).normalize();
        Optional<Path> synced = Optional.ofNullable(top.text("synced", null))
                .map(path -> root.resolve(path).normalize());
        String folder = top.choice("folder", FOLDERS, Datasite.APP_DATA);
        Optional<Integer> port = top.integer("port", 0, 65_535);
        DatasiteSettings settings = settings(top);
        LaunchRules rules = rules(top.section("aggregator"));
        Optional<OwnerFile> owner = owner(yaml, top);
        Optional<Path> awaited = awaited(yaml.tree().path("data"), root);
        top.end();
        return new DatasiteFile(yaml.name(), email, dataDir, synced, folder, port, settings, rules, owner, awaited);
    }

    private static Email email(Section top, String text) {
        try {
            return Email.of(text);
        } catch (ConfigException e) {
            throw top.error("email", e.getMessage());
        }
    }

    private static DatasiteSettings settings(Section top) {
        DatasiteSettings usual = DatasiteSettings.usual();
        boolean approve = top.choice("approve-by-move", TREES, "private").equals("synced");
        boolean launch = top.choice("launch-by-move", TREES, "private").equals("synced");
        try {
            return new DatasiteSettings(top.duration("poll", usual.poll()), approve, launch, OptionalLong.empty());
        } catch (IllegalArgumentException e) {
            throw e instanceof ConfigException ? e : top.error("poll", e.getMessage());
        }
    }

    private static LaunchRules rules(Section aggregator) {
        LaunchRules usual = LaunchRules.usual(MIN_CLIENTS);
        try {
            LaunchRules rules = new LaunchRules(
                    aggregator.integer("min-clients", usual.minClients(), 1, 1 << 20),
                    aggregator.duration("gather-timeout", usual.gather()),
                    aggregator.duration("round-timeout", usual.round()),
                    aggregator.integer("enough", usual.enough(), 0, 1 << 20));
            aggregator.end();
            return rules;
        } catch (IllegalArgumentException e) {
            throw e instanceof ConfigException ? e : aggregator.error(e);
        }
    }

    private static Optional<OwnerFile> owner(ExperimentFile yaml, Section top) {
        if (top.has("data")) {
            return Optional.of(OwnerFile.read(yaml.name(), top, yaml.context()));
        }
        for (String key : OWNERS) {
            if (top.has(key)) {
                throw top.error(
                        key, "it says what goes for data that is offered; add the section data, or leave it out");
            }
        }
        return Optional.empty();
    }

    private static Optional<Path> awaited(JsonNode data, Path root) {
        return data.path("source").asText().equals("pt") && data.path("path").isTextual()
                ? Optional.of(root.resolve(data.path("path").asText()))
                : Optional.empty();
    }

    /** The same where everything is drawn from a seed. */
    public DatasiteFile seeded(long seed) {
        if (owner.isPresent() && !owner.get().testData()) {
            throw new ConfigException(
                    name + ": test-data: it must be true with --insecure-test-seed, which takes all privacy away");
        }
        return new DatasiteFile(
                name, email, dataDir, synced, folder, port, settings.seeded(seed), rules, owner, awaited);
    }

    /**
     * Writes a file to begin with, in the place of any that is there: whoever calls this has looked.
     */
    public static void write(
            Path file, Email email, Path dataDir, Optional<Path> synced, String folder, Optional<Integer> port)
            throws IOException {
        Path offered = dataDir.toAbsolutePath().normalize().resolve("private").resolve("fl_client");
        StringBuilder text = new StringBuilder();
        text.append("# The datasite of ").append(email).append(". All keys: docs/folders.md\n");
        text.append("email: ").append(email).append('\n');
        text.append("data-dir: ")
                .append(quoted(dataDir.toAbsolutePath().normalize()))
                .append('\n');
        synced.ifPresent(path -> text.append("synced: ")
                .append(quoted(path.toAbsolutePath().normalize()))
                .append('\n'));
        text.append("folder: ").append(folder).append('\n');
        port.ifPresent(own -> text.append("port: ").append(own).append("  # of the page that 'run --ui' shows\n"));
        text.append("""

                # What you offer: the .pt files in this folder, such as mnist_label_0.pt. Until there are some, the
                # datasite waits. It is outside of the synced tree and never leaves this machine.
                data-set: private-data
                data: {source: pt, path: %s}

                # What you allow. Each project is asked for; nothing is trained that you have not approved.
                policy:
                  require: example
                  session-epsilon: 10
                  # total: {epsilon: 20, delta: 1e-6}

                # How projects wait that you run yourself.
                aggregator: {min-clients: 2, gather-timeout: 7d, round-timeout: 1h}
                """.formatted(quoted(offered)));
        WholeFile.write(file, text.toString());
    }

    private static String quoted(Path path) {
        return JsonNodeFactory.instance.textNode(path.toString()).toString();
    }
}
