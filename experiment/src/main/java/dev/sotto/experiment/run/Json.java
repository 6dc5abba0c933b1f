package dev.sotto.experiment.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** JSON as a run writes it: what is absent or not finite is null, never NaN or Infinity. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ObjectWriter PRETTY = MAPPER.writer(new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n")));

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static JsonNode parse(String text) throws JsonProcessingException {
        return MAPPER.readTree(text);
    }

    /** On one line. */
    static String line(JsonNode node) {
        return node.toString();
    }

    /** Indented, with a newline at its end. */
    static String pretty(JsonNode node) {
        try {
            return PRETTY.writeValueAsString(node) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value, unless it is NaN or infinite. */
    static OptionalDouble finite(double value) {
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    /** The value, unless it is absent, NaN or infinite. */
    static OptionalDouble finite(OptionalDouble value) {
        return value.isPresent() ? finite(value.getAsDouble()) : value;
    }

    static void put(ObjectNode node, String key, OptionalDouble value) {
        if (value.isPresent() && Double.isFinite(value.getAsDouble())) {
            node.put(key, value.getAsDouble());
        } else {
            node.putNull(key);
        }
    }

    static void put(ObjectNode node, String key, OptionalInt value) {
        if (value.isPresent()) {
            node.put(key, value.getAsInt());
        } else {
            node.putNull(key);
        }
    }

    static void put(ObjectNode node, String key, OptionalLong value) {
        if (value.isPresent()) {
            node.put(key, value.getAsLong());
        } else {
            node.putNull(key);
        }
    }

    static void put(ObjectNode node, String key, Optional<String> value) {
        node.put(key, value.orElse(null));
    }

    static void put(ObjectNode node, String key, Map<String, Double> values) {
        ObjectNode child = node.putObject(key);
        values.forEach((name, value) -> put(child, name, finite(value)));
    }

    static OptionalDouble number(JsonNode node, String key) {
        JsonNode value = node.path(key);
        return value.isNumber() ? OptionalDouble.of(value.asDouble()) : OptionalDouble.empty();
    }

    static OptionalInt integer(JsonNode node, String key) {
        JsonNode value = node.path(key);
        return value.isInt() ? OptionalInt.of(value.asInt()) : OptionalInt.empty();
    }

    static OptionalLong whole(JsonNode node, String key) {
        JsonNode value = node.path(key);
        return value.isIntegralNumber() ? OptionalLong.of(value.asLong()) : OptionalLong.empty();
    }

    static Optional<String> text(JsonNode node, String key) {
        JsonNode value = node.path(key);
        return value.isTextual() ? Optional.of(value.asText()) : Optional.empty();
    }

    /** The numbers by name; a null is NaN. */
    static Map<String, Double> numbers(JsonNode node, String key) {
        Map<String, Double> values = new LinkedHashMap<>();
        node.path(key)
                .properties()
                .forEach(field -> values.put(
                        field.getKey(),
                        field.getValue().isNumber() ? field.getValue().asDouble() : Double.NaN));
        return values;
    }
}
