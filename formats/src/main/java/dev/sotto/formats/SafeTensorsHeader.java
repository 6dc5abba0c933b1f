package dev.sotto.formats;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The checked header of a safetensors file: entries in the order of the JSON, which tile the data exactly. */
record SafeTensorsHeader(List<Entry> entries, Map<String, String> metadata) {
    static final int LONGEST = 16 << 20;
    private static final int MOST_DIMENSIONS = 32;

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(4)
                            .maxNumberLength(20)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** One tensor: {@code position} in the header, {@code width} 4 or 8 bytes, data in [begin, end). */
    record Entry(int position, String name, int width, List<Integer> shape, int count, long begin, long end) {}

    static SafeTensorsHeader parse(String file, byte[] json, long dataBytes, int most) throws IOException {
        if (json[0] != '{') {
            throw new FormatException(file, "offset 8", "the header must begin with '{'");
        }
        JsonNode root;
        try {
            // Decoded here: given bytes, Jackson would also guess at UTF-16 and UTF-32.
            root = JSON.readTree(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new FormatException(file, "header", "not valid UTF-8", e);
        } catch (JsonProcessingException e) {
            throw new FormatException(file, "header", "not valid JSON: " + e.getOriginalMessage(), e);
        }
        List<Entry> entries = new ArrayList<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (field.getKey().equals("__metadata__")) {
                metadata(file, field.getValue(), metadata);
            } else if (entries.size() == most) {
                throw new FormatException(file, "header", "more than " + most + " tensors");
            } else {
                entries.add(entry(file, entries.size(), field.getKey(), field.getValue()));
            }
        }
        checkTiling(file, entries, dataBytes);
        return new SafeTensorsHeader(List.copyOf(entries), Collections.unmodifiableMap(metadata));
    }

    private static void metadata(String file, JsonNode node, Map<String, String> into) throws FormatException {
        if (!node.isObject()) {
            throw new FormatException(file, "header, __metadata__", "must be an object of strings");
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!field.getValue().isTextual()) {
                throw new FormatException(file, "header, __metadata__", field.getKey() + " must be a string");
            }
            into.put(field.getKey(), field.getValue().textValue());
        }
    }

    private static Entry entry(String file, int position, String name, JsonNode node) throws FormatException {
        String place = "header, tensor " + name;
        if (!node.isObject() || node.size() != 3) {
            throw new FormatException(file, place, "must have exactly dtype, shape and data_offsets");
        }
        String dtype = node.path("dtype").asText();
        int width;
        switch (dtype) {
            case "F32" -> width = 4;
            case "F64" -> width = 8;
            default -> throw new FormatException(file, place, "dtype " + dtype + "; F32 and F64 can be read");
        }
        List<Integer> shape = new ArrayList<>();
        long count = 1;
        for (long dim : numbers(file, place, "shape", node.path("shape"), MOST_DIMENSIONS)) {
            if (dim > Integer.MAX_VALUE || count * dim > Integer.MAX_VALUE - 8) {
                throw new FormatException(file, place, "shape is larger than an array can be");
            }
            shape.add((int) dim);
            count *= dim;
        }
        List<Long> offsets = numbers(file, place, "data_offsets", node.path("data_offsets"), 2);
        if (offsets.size() != 2 || offsets.get(1) - offsets.get(0) != count * width) {
            throw new FormatException(
                    file,
                    place,
                    "data_offsets " + offsets + " do not span the " + count * width + " bytes of " + shape);
        }
        return new Entry(position, name, width, List.copyOf(shape), (int) count, offsets.get(0), offsets.get(1));
    }

    private static List<Long> numbers(String file, String place, String key, JsonNode node, int most)
            throws FormatException {
        List<Long> numbers = new ArrayList<>();
        for (JsonNode number : node) {
            if (!number.isIntegralNumber() || !number.canConvertToLong() || number.longValue() < 0) {
                throw new FormatException(file, place, key + " must hold whole numbers from 0");
            }
            numbers.add(number.longValue());
        }
        if (!node.isArray() || numbers.size() > most) {
            throw new FormatException(file, place, key + " must be a list of at most " + most + " numbers");
        }
        return numbers;
    }

    private static void checkTiling(String file, List<Entry> entries, long dataBytes) throws FormatException {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long at = 0;
        for (Entry entry : sorted) {
            if (entry.begin() != at) {
                throw new FormatException(
                        file,
                        "header, tensor " + entry.name(),
                        entry.begin() < at
                                ? "its data overlap another tensor's at data offset " + entry.begin()
                                : "a hole in the data from offset " + at + " to " + entry.begin());
            }
            at = entry.end();
        }
        if (at != dataBytes) {
            throw new FormatException(
                    file, "header", "the tensors take " + at + " bytes of data, the file has " + dataBytes);
        }
    }
}
