package dev.sotto.owner.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.owner.ledger.LedgerLine.Kind;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which data sets there are, which share examples and so share their spending, and what the owner allows on each. Read from
 * the lines inside a transaction.
 */
final class DataSets {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Lines lines;
    private final Map<String, Set<String>> shared = new LinkedHashMap<>();

    DataSets(Lines lines) {
        this.lines = lines;
        for (LedgerLine line : lines.of(Kind.DECLARED)) {
            shared.computeIfAbsent(line.dataSet(), id -> new LinkedHashSet<>());
            for (JsonNode other : parse(line.detail()).path("inherits")) {
                shared.get(line.dataSet()).add(other.asText());
                shared.computeIfAbsent(other.asText(), id -> new LinkedHashSet<>())
                        .add(line.dataSet());
            }
        }
    }

    Set<String> ids() {
        return shared.keySet();
    }

    /** Those that a data set shares spending with, itself included. */
    Set<String> group(String dataSet) {
        if (!shared.containsKey(dataSet)) {
            throw new LedgerException("data set '" + dataSet + "' is not declared in this ledger");
        }
        Set<String> group = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(dataSet));
        while (!open.isEmpty()) {
            String id = open.pop();
            if (group.add(id)) {
                open.addAll(shared.get(id));
            }
        }
        return group;
    }

    /** Names a data set and those that it shares examples with, unless that is known. */
    void declare(String dataSet, Collection<String> inherits) {
        for (String other : inherits) {
            if (!shared.containsKey(other) && !other.equals(dataSet)) {
                throw new LedgerException("data set '" + dataSet + "' inherits from '" + other
                        + "', which is not declared in this ledger; known are " + String.join(", ", shared.keySet()));
            }
        }
        Set<String> known = shared.get(dataSet);
        if (known == null || !known.containsAll(inherits)) {
            ObjectNode detail = JSON.createObjectNode();
            inherits.forEach(detail.putArray("inherits")::add);
            lines.append(Kind.DECLARED, dataSet, LedgerLine.OWNER, 0, "", detail.toString());
        }
    }

    /** Sets what the owner allows, unless that holds already. */
    void limit(String dataSet, Optional<TotalLimit> limit) {
        if (!limit(dataSet).equals(limit)) {
            ObjectNode detail = JSON.createObjectNode();
            limit.ifPresent(own -> detail.put("epsilon", own.epsilon().value())
                    .put("delta", own.delta().value()));
            lines.append(Kind.LIMITED, dataSet, LedgerLine.OWNER, 0, "", detail.toString());
        }
    }

    /** What the owner allows on a data set; empty for no limit. */
    Optional<TotalLimit> limit(String dataSet) {
        List<LedgerLine> set = lines.of(Kind.LIMITED, Set.of(dataSet));
        if (set.isEmpty()) {
            return Optional.empty();
        }
        JsonNode detail = parse(set.get(set.size() - 1).detail());
        return detail.has("epsilon")
                ? Optional.of(TotalLimit.of(
                        detail.get("epsilon").asDouble(), detail.get("delta").asDouble()))
                : Optional.empty();
    }

    /** The order that was fixed before the first release from any of them. */
    OptionalDouble order(Set<String> group) {
        return lines.of(Kind.ORDER, group).stream()
                .limit(1)
                .mapToDouble(line -> parse(line.detail()).path("order").asDouble())
                .findFirst();
    }

    void fixOrder(String dataSet, double order) {
        String detail = JSON.createObjectNode().put("order", order).toString();
        lines.append(Kind.ORDER, dataSet, LedgerLine.OWNER, 0, "", detail);
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new LedgerException("the ledger holds a line that cannot be read: " + json, e);
        }
    }
}
