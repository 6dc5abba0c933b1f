package dev.sotto.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.formats.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The settings of SyftBox's own client, of which two are of use here. The rest is passed over, and nothing is written to it.
 *
 * @param email whose client it is
 * @param dataDir its data folder
 */
record SyftBoxFile(Optional<String> email, Optional<Path> dataDir) {
    private static final int MOST_BYTES = 1 << 20;

    static boolean is(Path file) {
        return file.toString().endsWith(".json");
    }

    static SyftBoxFile read(Path file) {
        if (!Files.isRegularFile(file)) {
            return new SyftBoxFile(Optional.empty(), Optional.empty());
        }
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new ConfigException(file + ": it has more than " + MOST_BYTES + " bytes");
            }
            JsonNode tree = new ObjectMapper().readTree(Files.readString(file));
            return new SyftBoxFile(text(tree, "email"), text(tree, "data_dir").map(Path::of));
        } catch (IOException e) {
            throw new ConfigException(file + ": it cannot be read as JSON: "
                    + e.getMessage().lines().findFirst().orElse(""));
        }
    }

    private static Optional<String> text(JsonNode tree, String key) {
        return Optional.of(tree.path(key)).filter(JsonNode::isTextual).map(JsonNode::asText);
    }
}
