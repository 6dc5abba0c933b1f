package dev.sotto.folders.config;

import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.FileTrouble;
import dev.sotto.formats.config.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A {@code .env}: lines of {@code NAME=value}, with comments and quotes. Nothing in it is executed or filled in. */
public final class DotEnv {
    /** What the file is called. */
    public static final String NAME = ".env";

    private static final List<String> KNOWN = List.of("EMAIL", "DATA_DIR", "CONFIG_PATH", "PORT");
    private static final Pattern LINE =
            Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(\"[^\"]*\"|'[^']*'|[^#]*?)\\s*(?:#.*)?");
    private static final int MOST_BYTES = 1 << 16;

    private final Path file;
    private final Map<String, String> values;

    private DotEnv(Path file, Map<String, String> values) {
        this.file = file;
        this.values = values;
    }

    /** The file in a folder; no values if there is none. */
    public static DotEnv in(Path folder) {
        Path file = folder.resolve(NAME);
        return Files.isRegularFile(file) ? read(file) : new DotEnv(file, Map.of());
    }

    /**
     * Reads a file.
     *
     * @throws ConfigException in one line, with the number of the line that is wrong
     */
    public static DotEnv read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new ConfigException(file + ": it has more than " + MOST_BYTES + " bytes");
            }
            Map<String, String> values = new LinkedHashMap<>();
            List<String> lines = new ArrayList<>(Files.readAllLines(file));
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i).strip();
                if (line.isEmpty() || line.startsWith("#")) {
                    continue;
                }
                Matcher matcher = LINE.matcher(line);
                if (!matcher.matches()) {
                    throw new ConfigException(file + ": line " + (i + 1) + ": expected NAME=value");
                }
                values.put(matcher.group(1), unquoted(matcher.group(2)));
            }
            return new DotEnv(file, requireKnown(file, values));
        } catch (IOException e) {
            throw new ConfigException(FileTrouble.reading(file, e));
        }
    }

    /** Others may have their own names there; one that is nearly ours is a slip. */
    private static Map<String, String> requireKnown(Path file, Map<String, String> values) {
        for (String name : values.keySet()) {
            if (!KNOWN.contains(name)) {
                Nearest.to(name, KNOWN).ifPresent(near -> {
                    throw new ConfigException(file + ": " + name + ": unknown name; did you mean '" + near + "'?");
                });
            }
        }
        return values;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && (value.startsWith("\"") || value.startsWith("'"));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** The address of the datasite. */
    public Optional<String> email() {
        return value("EMAIL");
    }

    /** The data folder; a relative path starts from the file. */
    public Optional<Path> dataDir() {
        return value("DATA_DIR").map(this::path);
    }

    /** The settings file, likewise. */
    public Optional<Path> config() {
        return value("CONFIG_PATH").map(this::path);
    }

    /** The port of the owner's page. */
    public Optional<Integer> port() {
        return value("PORT").map(text -> {
            if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > 65_535) {
                throw new ConfigException(file + ": PORT: '" + text + "' is no port; it must be 0 to 65535");
            }
            return Integer.parseInt(text);
        });
    }

    private Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name)).filter(text -> !text.isBlank());
    }

    private Path path(String text) {
        String home = System.getProperty("user.home", "");
        Path path = Path.of(text.startsWith("~/") ? home + text.substring(1) : text);
        return file.toAbsolutePath().resolveSibling(path).normalize();
    }
}
