package dev.sotto.simulation.sweep;

import dev.sotto.formats.config.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A key that is varied.
 *
 * @param key its path in the experiment
 * @param values as YAML, in the order given; at least one, no two the same
 */
public record Axis(String key, List<String> values) {
    public Axis {
        values = List.copyOf(values);
    }

    /**
     * Reads {@code key.path=v1,v2,...}. Commas within brackets, braces and quotes belong to a value.
     *
     * @throws ConfigException in one line
     */
    public static Axis parse(String text) {
        String where = "--vary " + text + ": ";
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new ConfigException(
                    where + "expected key.path=v1,v2,..., such as privacy.client-level.noise-multiplier=0.5,1.0");
        }
        List<String> values = split(text.substring(equals + 1));
        if (values.stream().anyMatch(String::isEmpty)) {
            throw new ConfigException(where + "a value is empty; write null for none");
        }
        if (values.stream().distinct().count() < values.size()) {
            throw new ConfigException(where + "a value is given twice; --repeats K runs each K times");
        }
        return new Axis(text.substring(0, equals), values);
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        char quote = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '[' || c == '{') {
                depth++;
            } else if (c == ']' || c == '}') {
                depth--;
            } else if (c == ',' && depth == 0) {
                parts.add(text.substring(from, i).trim());
                from = i + 1;
            }
        }
        parts.add(text.substring(from).trim());
        return parts;
    }

    /** The last part of the key, which mostly says enough. */
    String lastPart() {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    /** The value as a number, if it is one. */
    static Optional<Double> number(String value) {
        try {
            return Optional.of(Double.parseDouble(value));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
