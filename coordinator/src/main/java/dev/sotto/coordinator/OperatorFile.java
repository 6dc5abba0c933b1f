package dev.sotto.coordinator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.Section;
import java.nio.file.Path;

/**
 * What a person or script needs to ask a coordinator: {@code operator.yaml}. Secret: it holds an access token.
 *
 * @param address host and port
 * @param authority certificate of the coordinator's authority, PEM
 * @param token access token
 */
public record OperatorFile(String address, Path authority, String token) {
    /** Its name in a coordinator's home. */
    public static final String NAME = "operator.yaml";

    /**
     * Reads a file. The path of the certificate is relative to it.
     *
     * @throws ConfigException of one line, with file and key
     */
    public static OperatorFile read(Path file) {
        Section root = CoordinatorSettings.section(file);
        OperatorFile read =
                new OperatorFile(root.text("address"), file.resolveSibling(root.text("authority")), root.text("token"));
        root.end();
        return read;
    }

    static String yaml(String address, String authority, String token) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        return CoordinatorSettings.yaml(
                tree.put("address", address).put("authority", authority).put("token", token));
    }
}
