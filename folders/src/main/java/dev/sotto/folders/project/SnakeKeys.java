package dev.sotto.folders.project;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.formats.config.ConfigException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys of an experiment's sections inside a file whose keys are written with {@code _}: {@code max_grad_norm}. */
final class SnakeKeys {
    private static final Pattern PLACE = Pattern.compile("^[a-z0-9.\\[\\]-]+(?=: )");
    private static final Pattern HINT = Pattern.compile("did you mean '[a-z0-9-]+'|valid here: [a-z0-9, -]+");

    private SnakeKeys() {}

    /** The tree with keys as experiments have them; values stay. */
    static JsonNode kebab(String file, String path, JsonNode tree) {
        JsonNode copy = tree.deepCopy();
        if (copy instanceof ObjectNode object) {
            ObjectNode renamed = object.objectNode();
            for (var entry : object.properties()) {
                String key = entry.getKey();
                String place = path + "." + key;
                if (key.indexOf('-') >= 0) {
                    throw new ConfigException(file + ": " + place + ": unknown key; did you mean '"
                            + key.replace('-', '_') + "'? Keys of this file are written with _");
                }
                renamed.set(key.replace('_', '-'), kebab(file, place, entry.getValue()));
            }
            return renamed;
        }
        if (copy instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                list.set(i, kebab(file, path + "[" + i + "]", list.get(i)));
            }
        }
        return copy;
    }

    /** A message about the renamed keys, in the words of the file. */
    static ConfigException snake(String file, IllegalArgumentException about) {
        String message = about.getMessage();
        if (!message.startsWith(file + ": ")) {
            return new ConfigException(file + ": " + message);
        }
        String rest = underscored(PLACE, message.substring(file.length() + 2));
        return new ConfigException(file + ": " + underscored(HINT, rest));
    }

    private static String underscored(Pattern where, String text) {
        Matcher matcher = where.matcher(text);
        return matcher.replaceAll(found -> Matcher.quoteReplacement(
                found.group().startsWith("valid here: ") || found.group().startsWith("did you mean ")
                        ? found.group().replaceAll("(?<=[a-z0-9])-(?=[a-z0-9])", "_")
                        : found.group().replace('-', '_')));
    }
}
