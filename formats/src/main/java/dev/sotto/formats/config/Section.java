package dev.sotto.formats.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A group of settings. Ask for each key once, then call {@link #end}: a key that was never asked for is refused. Absent
 * keys, and keys set to null, give the default. Not thread-safe.
 */
public final class Section {
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})\\s*(ms|s|m|h|d)");

    private final String file;
    private final String path;
    private final JsonNode node;
    private final Map<String, String> elsewhere;
    private final Set<String> known = new LinkedHashSet<>();
    private final ObjectNode resolved = JsonNodeFactory.instance.objectNode();

    private Section(String file, String path, JsonNode node, Map<String, String> elsewhere) {
        this.file = file;
        this.path = path;
        this.node = node;
        this.elsewhere = elsewhere;
    }

    /**
     * The whole of a settings file.
     *
     * @param file its name, for messages
     * @throws ConfigException if the tree is not a group of keys
     */
    public static Section root(String file, JsonNode tree) {
        return root(file, tree, Map.of());
    }

    /**
     * The same for people who come from other systems.
     *
     * @param elsewhere keys as they are called there, in any section, each with the whole path of ours
     */
    public static Section root(String file, JsonNode tree, Map<String, String> elsewhere) {
        boolean empty = tree == null || tree.isNull() || tree.isMissingNode();
        Section section = new Section(file, "", empty ? JsonNodeFactory.instance.objectNode() : tree, elsewhere);
        if (!section.node.isObject()) {
            throw new ConfigException(file + ": expected keys and values at the top, found " + kind(section.node));
        }
        return section;
    }

    /** Whether the key is there with a value. */
    public boolean has(String key) {
        known.add(key);
        return node.hasNonNull(key);
    }

    /** Whether the key holds keys of its own. */
    public boolean isSection(String key) {
        return has(key) && node.get(key).isObject();
    }

    /** Whether the key holds a list. */
    public boolean isList(String key) {
        return has(key) && node.get(key).isArray();
    }

    /** The raw tree below a key, for a reader of its own. */
    public Optional<JsonNode> tree(String key) {
        if (!has(key)) {
            return Optional.empty();
        }
        resolved.set(key, node.get(key));
        return Optional.of(node.get(key));
    }

    /** All that was asked for so far with the values that hold, defaults included; groups nobody filled are left out. */
    public ObjectNode resolved() {
        ObjectNode copy = resolved.deepCopy();
        prune(copy);
        return copy;
    }

    private static void prune(ObjectNode tree) {
        tree.forEach(value -> {
            if (value instanceof ObjectNode group) {
                prune(group);
            }
        });
        tree.removeIf(value -> value.isObject() && value.isEmpty());
    }

    /** States the value that holds for a key, where reading it does not say it all. */
    public void resolve(String key, JsonNode value) {
        resolved.set(key, value);
    }

    /** The keys that are written in this section, known or not. */
    public List<String> keys() {
        List<String> keys = new ArrayList<>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    /** The group below a key; an empty one if absent. */
    public Section section(String key) {
        JsonNode below = has(key) ? node.get(key) : JsonNodeFactory.instance.objectNode();
        if (!below.isObject()) {
            throw error(key, "expected keys and values, found " + kind(below));
        }
        Section section = new Section(file, join(key), below, elsewhere);
        resolved.set(key, section.resolved);
        return section;
    }

    /** The groups of a list; each element must hold keys. */
    public List<Section> sections(String key) {
        List<Section> sections = new ArrayList<>();
        ArrayNode all = resolved.putArray(key);
        for (JsonNode element : elements(key)) {
            String name = join(key) + "[" + sections.size() + "]";
            if (!element.isObject()) {
                throw new ConfigException(file + ": " + name + ": expected keys and values, found " + kind(element));
            }
            Section section = new Section(file, name, element, elsewhere);
            all.add(section.resolved);
            sections.add(section);
        }
        return sections;
    }

    /** A list of texts; a single value counts as a list of one; empty if absent. */
    public List<String> texts(String key) {
        tree(key);
        if (has(key) && node.get(key).isValueNode()) {
            return List.of(node.get(key).asText());
        }
        List<String> texts = new ArrayList<>();
        elements(key).forEach(element -> texts.add(element.asText()));
        return texts;
    }

    /** A list of whole numbers; empty if absent. */
    public List<Integer> integers(String key) {
        tree(key);
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode element : elements(key)) {
            if (!element.canConvertToExactIntegral() || !element.canConvertToInt()) {
                throw error(key, "expected whole numbers, found " + kind(element));
            }
            numbers.add(element.intValue());
        }
        return numbers;
    }

    /** A list of numbers that satisfy the interval; empty if absent. */
    public List<Double> numbers(String key, Interval range) {
        tree(key);
        List<Double> numbers = new ArrayList<>();
        for (JsonNode element : elements(key)) {
            if (!element.isNumber() || !range.contains(element.doubleValue())) {
                throw error(
                        key,
                        "entry " + (numbers.size() + 1) + ": expected a number " + range.words() + ", found "
                                + kind(element));
            }
            numbers.add(element.doubleValue());
        }
        return numbers;
    }

    private Iterable<JsonNode> elements(String key) {
        if (!has(key)) {
            return List.of();
        }
        if (!node.get(key).isArray()) {
            throw error(key, "expected a list, found " + kind(node.get(key)));
        }
        return node.get(key);
    }

    /** A text, or the default. */
    public String text(String key, String otherwise) {
        if (has(key) && !node.get(key).isValueNode()) {
            throw error(key, "expected a text, found " + kind(node.get(key)));
        }
        String value = has(key) ? node.get(key).asText() : otherwise;
        if (value != null) {
            resolved.put(key, value);
        }
        return value;
    }

    /** A text that must be there. */
    public String text(String key) {
        if (!has(key)) {
            throw missing(key);
        }
        return text(key, "");
    }

    /** One of the given words, or the default. */
    public String choice(String key, Collection<String> valid, String otherwise) {
        String value = text(key, otherwise);
        if (value != null && !valid.contains(value)) {
            String hint = Nearest.to(value, valid)
                    .map(near -> "; did you mean '" + near + "'?")
                    .orElse("");
            throw error(key, "'" + value + "' is not one of " + String.join(", ", valid) + hint);
        }
        return value;
    }

    /** A time such as {@code 500ms}, {@code 180s}, {@code 5m}, {@code 2h} or {@code 7d}, or the default. */
    public Duration duration(String key, Duration otherwise) {
        String text = text(key, null);
        if (text == null) {
            return otherwise;
        }
        Matcher time = TIME.matcher(text.strip());
        if (!time.matches()) {
            throw error(key, "expected a time such as 30s, 5m, 2h or 7d, found '" + text + "'");
        }
        long count = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    /** true or false (quoted too), or the default. */
    public boolean flag(String key, boolean otherwise) {
        String value = text(key, Boolean.toString(otherwise));
        if (!value.equals("true") && !value.equals("false")) {
            throw error(key, "expected true or false, found '" + value + "'");
        }
        resolved.put(key, value.equals("true"));
        return value.equals("true");
    }

    /** A whole number in [least, most], or the default (which is not checked). */
    public int integer(String key, int otherwise, int least, int most) {
        int value = has(key) ? (int) whole(key, least, most) : otherwise;
        resolved.put(key, value);
        return value;
    }

    /** A whole number in [least, most], if there. */
    public Optional<Integer> integer(String key, int least, int most) {
        return has(key) ? Optional.of((int) whole(key, least, most)) : Optional.empty();
    }

    /** A 64-bit whole number, if there. */
    public Optional<Long> wide(String key) {
        return has(key) ? Optional.of(whole(key, Long.MIN_VALUE, Long.MAX_VALUE)) : Optional.empty();
    }

    private long whole(String key, long least, long most) {
        double value = real(key, "a whole number");
        String text = node.get(key).asText().trim();
        long number;
        try {
            number = text.matches("[-+]?\\d+") ? Long.parseLong(text) : Math.round(value);
        } catch (NumberFormatException e) {
            throw error(key, text + " is not between " + least + " and " + most);
        }
        if (value != Math.rint(value)) {
            throw error(key, "expected a whole number, found " + text);
        }
        if (number < least || number > most) {
            String upper = most == Integer.MAX_VALUE || most == Long.MAX_VALUE ? "" : " and at most " + most;
            throw error(key, number + " is out of range; it must be at least " + least + upper);
        }
        resolved.put(key, number);
        return number;
    }

    /** A number that satisfies the interval, or the default (which is not checked). */
    public double number(String key, double otherwise, Interval range) {
        double value = number(key, range).orElse(otherwise);
        resolved.put(key, value);
        return value;
    }

    /** A number that satisfies the interval, if there. Texts such as {@code "1e-5"} count as numbers. */
    public Optional<Double> number(String key, Interval range) {
        if (!has(key)) {
            return Optional.empty();
        }
        double value = real(key, "a number");
        if (!range.contains(value)) {
            throw error(key, node.get(key).asText() + " is out of range; it must be " + range.words());
        }
        resolved.put(key, value);
        return Optional.of(value);
    }

    private double real(String key, String expected) {
        JsonNode value = node.get(key);
        try {
            if (value.isNumber() || value.isTextual()) {
                return Double.parseDouble(value.asText().trim());
            }
        } catch (NumberFormatException e) {
            throw error(key, "expected " + expected + ", found '" + value.asText() + "'", e);
        }
        throw error(key, "expected " + expected + ", found " + kind(value));
    }

    /** Refuses keys that were never asked for. */
    public void end() {
        for (String key : keys()) {
            if (!known.contains(key)) {
                String hint = Optional.ofNullable(elsewhere.get(key))
                        .or(() -> Nearest.to(key, known))
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse("valid here: " + String.join(", ", known));
                throw error(key, "unknown key; " + hint);
            }
        }
    }

    /** What precedes a key of this section in messages, such as {@code node.yaml: data.} */
    public String place() {
        return file + ": " + join("");
    }

    /** An error at a key of this section: file, key, reason. */
    public ConfigException error(String key, String reason) {
        return new ConfigException(file + ": " + join(key) + ": " + reason);
    }

    /** An error about this section as a whole. */
    public ConfigException error(String reason) {
        return new ConfigException(file + ": " + (path.isEmpty() ? "" : path + ": ") + reason);
    }

    /** An error about this section as a whole, found out by something else. */
    public ConfigException error(Exception cause) {
        ConfigException error = error(cause.getMessage());
        error.initCause(cause);
        return error;
    }

    private ConfigException error(String key, String reason, Exception cause) {
        ConfigException error = error(key, reason);
        error.initCause(cause);
        return error;
    }

    private ConfigException missing(String key) {
        return error(key, "it is required");
    }

    private String join(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "keys and values";
            case ARRAY -> "a list";
            case BOOLEAN -> "true or false";
            case STRING -> "the text '" + value.asText() + "'";
            case NUMBER -> "the number " + value.asText();
            default -> "nothing";
        };
    }
}
