package dev.sotto.experiment;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.sotto.data.DataContext;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.FileTrouble;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** An experiment as written: a YAML tree, with {@code key.path=value} settings laid over it. */
public final class ExperimentFile {
    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // no, yes, on and off are words: a column of answers has the classes [no, yes].
            .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
            .build());

    private final String name;
    private final Path folder;
    private final ObjectNode tree;

    private ExperimentFile(String name, Path folder, ObjectNode tree) {
        this.name = name;
        this.folder = folder;
        this.tree = tree;
    }

    /**
     * Reads a file.
     *
     * @throws ConfigException if it is not there, or not YAML, with the line
     */
    public static ExperimentFile read(Path file) {
        try {
            return parse(file.toString(), folder(file), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": there is no such file");
        } catch (IOException e) {
            throw new ConfigException(FileTrouble.reading(file, e));
        }
    }

    /** The built-in digits experiment, run when no file is given. */
    public static ExperimentFile builtIn() {
        try (InputStream text = ExperimentFile.class.getResourceAsStream("digits.yaml")) {
            String yaml = new String(text.readAllBytes(), StandardCharsets.UTF_8);
            return parse("built-in digits experiment", Path.of(""), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder(Path file) {
        Path parent = file.getParent();
        return parent == null ? Path.of("") : parent;
    }

    /**
     * An experiment from YAML text.
     *
     * @param name for messages
     * @param folder what relative paths in it start from
     */
    public static ExperimentFile parse(String name, Path folder, String yaml) {
        try {
            JsonNode tree = YAML.readTree(yaml);
            if (tree == null || tree.isMissingNode() || tree.isNull()) {
                return new ExperimentFile(name, folder, JsonNodeFactory.instance.objectNode());
            }
            if (!(tree instanceof ObjectNode object)) {
                throw new ConfigException(name + ": expected keys and values at the top");
            }
            return new ExperimentFile(name, folder, object);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String line = at == null ? "" : ":" + at.getLineNr();
            throw new ConfigException(name + line + ": not valid YAML: " + problem(e.getOriginalMessage()));
        }
    }

    /** The parser's finding, without what it was doing and the excerpts, which are indented. */
    private static String problem(String text) {
        List<String> lines = text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith(" "))
                .toList();
        return lines.stream()
                .filter(line -> !line.startsWith("while "))
                .findFirst()
                .orElse(lines.isEmpty() ? "" : lines.get(0));
    }

    /** An experiment as a tree that was read or resolved before; the rest as for a text. */
    public static ExperimentFile of(String name, Path folder, ObjectNode tree) {
        return new ExperimentFile(name, folder, tree.deepCopy());
    }

    /** What messages call it. */
    public String name() {
        return name;
    }

    /** This machine's data folders, with relative paths starting from the file. */
    public DataContext context() {
        return DataContext.ofSystem().withRoot(folder);
    }

    /** What relative paths in it start from. */
    public Path folder() {
        return folder;
    }

    /** The tree, for reading. */
    public ObjectNode tree() {
        return tree;
    }

    /**
     * The experiment with settings laid over it.
     *
     * @param settings each {@code key.path=value}; the value is YAML, so {@code 3}, {@code true} and {@code [1, 2]} have types
     * @throws ConfigException if one has no {@code =}, or leads below a value that holds no keys
     */
    public ExperimentFile with(List<String> settings) {
        return with("--set", settings);
    }

    /**
     * The same for settings that were given otherwise.
     *
     * @param option what messages call their place
     */
    public ExperimentFile with(String option, List<String> settings) {
        ObjectNode changed = tree.deepCopy();
        for (String setting : settings) {
            String where = option + " " + setting;
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new ConfigException(where + ": expected key.path=value, such as rounds=5");
            }
            put(changed, setting.substring(0, equals), value(setting.substring(equals + 1)), where);
        }
        return new ExperimentFile(name, folder, changed);
    }

    private static JsonNode value(String yaml) {
        try {
            JsonNode value = YAML.readTree(yaml);
            return value == null || value.isMissingNode() ? JsonNodeFactory.instance.nullNode() : value;
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.textNode(yaml);
        }
    }

    private static void put(ObjectNode tree, String path, JsonNode value, String where) {
        String[] keys = path.split("\\.", -1);
        ObjectNode at = tree;
        for (int i = 0; i < keys.length - 1; i++) {
            JsonNode below = at.get(keys[i]);
            if (below == null || below.isNull()) {
                at = at.putObject(keys[i]);
            } else if (below instanceof ObjectNode object) {
                at = object;
            } else {
                throw new ConfigException(where + ": " + keys[i] + " is a value and holds no keys");
            }
        }
        at.set(keys[keys.length - 1], value);
    }
}
