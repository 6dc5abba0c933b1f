package dev.sotto.owner.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.owner.Owner;
import dev.sotto.owner.request.RequestWords.Line;
import dev.sotto.owner.request.RequestWords.Part;
import dev.sotto.owner.request.RequestWords.Row;
import dev.sotto.owner.request.RequestWords.Sentence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What differs between two requests: in the words that an owner reads, and in the packages' terms key by key, so that nothing
 * can hide behind words.
 *
 * @param words rows whose values differ, by the part and label they stand under
 * @param terms keys of the signed terms and of the data contract whose values differ
 * @param initial whether training begins with other parameters
 */
public record RequestDiff(List<Change> words, List<Change> terms, boolean initial) {
    /**
     * One difference.
     *
     * @param where a part and a label, or a key's path
     * @param first what the first request says; empty if nothing
     * @param second what the second one says; empty if nothing
     */
    public record Change(String where, Optional<String> first, Optional<String> second) {
        public Change {
            where = RequestWords.printable(where);
            first = first.map(RequestWords::printable);
            second = second.map(RequestWords::printable);
        }
    }

    public RequestDiff {
        words = List.copyOf(words);
        terms = List.copyOf(terms);
    }

    /** From the first to the second. */
    public static RequestDiff of(Owner owner, Request first, Request second) {
        return of(Asked.of(owner, first), Asked.of(owner, second));
    }

    /** The same of what was worked out. */
    public static RequestDiff of(Asked first, Asked second) {
        return new RequestDiff(
                changes(rows(RequestWords.of(first)), rows(RequestWords.of(second))),
                changes(keys(first), keys(second)),
                !Arrays.equals(first.offered().seed(), second.offered().seed()));
    }

    /** Whether both ask the same. */
    public boolean nothing() {
        return words.isEmpty() && terms.isEmpty() && !initial;
    }

    private static List<Change> changes(Map<String, String> first, Map<String, String> second) {
        Set<String> all = new LinkedHashSet<>(first.keySet());
        all.addAll(second.keySet());
        List<Change> changes = new ArrayList<>();
        for (String where : all) {
            Optional<String> before = Optional.ofNullable(first.get(where));
            Optional<String> after = Optional.ofNullable(second.get(where));
            if (!before.equals(after)) {
                changes.add(new Change(where, before, after));
            }
        }
        return changes;
    }

    private static Map<String, String> rows(RequestWords words) {
        Map<String, String> rows = new LinkedHashMap<>();
        for (Part part : words.parts()) {
            int sentences = 0;
            for (Line line : part.lines()) {
                if (line instanceof Row row) {
                    // A label may stand in a part twice, once for each level of protection.
                    String where = part.title() + ": " + row.label();
                    rows.put(rows.containsKey(where) ? where + ", as a whole" : where, row.value());
                } else if (line instanceof Sentence sentence) {
                    rows.put(part.title() + ", sentence " + ++sentences, sentence.text());
                }
            }
        }
        return rows;
    }

    private static Map<String, String> keys(Asked asked) {
        Map<String, String> keys = new LinkedHashMap<>();
        flatten("", asked.offered().terms(), keys);
        flatten("contract", asked.offered().contract().json(), keys);
        keys.put("signed by", asked.signer());
        keys.put("clients", String.valueOf(asked.agreed().clients()));
        return keys;
    }

    private static void flatten(String path, JsonNode node, Map<String, String> into) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> flatten(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), into));
        } else if (node.isArray() && node.size() > 0 && node.get(0).isContainerNode()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(path + "[" + i + "]", node.get(i), into);
            }
        } else {
            into.put(path, node.isTextual() ? node.asText() : node.toString());
        }
    }
}
