package dev.sotto.experiment.packaging;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.formats.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** The entry {@code manifest.json}: how long each other entry is, and its SHA-256. Its bytes are what is signed. */
record Manifest(Map<String, Item> items) {
    static final String NAME = "manifest.json";
    private static final int FORMAT = 1;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    record Item(long bytes, String sha256) {
        static Item of(byte[] content) {
            return new Item(content.length, hex(Hashing.sha256().digest(content)));
        }

        static String hex(byte[] digest) {
            return HexFormat.of().formatHex(digest);
        }
    }

    /** The same items always give the same bytes. */
    byte[] bytes() {
        ObjectNode json = JSON.createObjectNode();
        json.put("format", FORMAT);
        ObjectNode entries = json.putObject("entries");
        items.forEach((name, item) ->
                entries.putObject(name).put("bytes", item.bytes()).put("sha256", item.sha256()));
        return (json.toPrettyString().replace(System.lineSeparator(), "\n") + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Reads what {@link #bytes} gives, and nothing that differs from it in a byte. */
    static Manifest parse(String file, byte[] bytes) throws FormatException {
        try {
            JsonNode json = JSON.readTree(bytes);
            if (json != null
                    && json.path("format").isInt()
                    && json.path("format").intValue() != FORMAT) {
                throw new FormatException(
                        file,
                        NAME,
                        "format " + json.path("format").intValue() + "; this version reads format " + FORMAT);
            }
            Map<String, Item> items = new LinkedHashMap<>();
            if (json != null) {
                json.path("entries")
                        .properties()
                        .forEach(entry -> items.put(
                                entry.getKey(),
                                new Item(
                                        entry.getValue().path("bytes").asLong(-1),
                                        entry.getValue().path("sha256").asText(""))));
            }
            Manifest manifest = new Manifest(items);
            if (Arrays.equals(manifest.bytes(), bytes)) {
                return manifest;
            }
        } catch (FormatException e) {
            throw e;
        } catch (IOException e) {
            // Said below: whatever it is, it is not a manifest.
        }
        throw new FormatException(file, NAME, "not a manifest in the form that is written here");
    }

    /** Refuses an entry that is not the one that was listed. */
    void require(String file, String name, long bytes, MessageDigest digest) throws FormatException {
        Item item = items.get(name);
        String found = Item.hex(digest.digest());
        if (item == null || item.bytes() != bytes || !item.sha256().equals(found)) {
            throw new FormatException(
                    file, "entry " + name, "its SHA-256 is " + found + ", which is not what the manifest lists");
        }
    }
}
