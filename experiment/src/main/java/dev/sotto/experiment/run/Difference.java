package dev.sotto.experiment.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How one experiment differs from another, in words. */
public final class Difference {
    private Difference() {}

    /** The first key that differs, with both values; empty if none does. */
    public static Optional<String> of(JsonNode then, JsonNode now) {
        return of("", plain(then), plain(now));
    }

    /** As it reads back from a file: how wide a number was in memory makes no difference. */
    private static JsonNode plain(JsonNode tree) {
        try {
            return Json.parse(tree.toString());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> of(String path, JsonNode then, JsonNode now) {
        if (then.isObject() && now.isObject()) {
            Set<String> keys = new LinkedHashSet<>(names(then));
            keys.addAll(names(now));
            return keys.stream()
                    .flatMap(key -> of(path.isEmpty() ? key : path + "." + key, then.path(key), now.path(key)).stream())
                    .findFirst();
        }
        return then.equals(now)
                ? Optional.empty()
                : Optional.of(path + " was " + words(then) + " and is " + words(now));
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        for (Iterator<String> each = node.fieldNames(); each.hasNext(); ) {
            names.add(each.next());
        }
        return names;
    }

    private static String words(JsonNode value) {
        return value.isMissingNode() ? "not set" : value.toString();
    }
}
