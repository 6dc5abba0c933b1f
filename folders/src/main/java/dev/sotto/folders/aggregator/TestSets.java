package dev.sotto.folders.aggregator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.DataContext;
import dev.sotto.data.DataSet;
import dev.sotto.experiment.CentralTestData;
import dev.sotto.experiment.SessionTerms;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The aggregator's own test data, loaded once for all projects that name it. Thread-safe. */
final class TestSets {
    private final DataContext context;
    private final Map<ObjectNode, DataSet> loaded = new HashMap<>();

    TestSets(DataContext context) {
        this.context = context;
    }

    /**
     * Test data that fits the terms.
     *
     * @param section of it; null for none
     */
    synchronized Optional<DataSet> of(ObjectNode section, SessionTerms terms) {
        if (section == null) {
            return Optional.empty();
        }
        // Not computeIfAbsent: loading may fail.
        DataSet known = loaded.get(section);
        if (known == null) {
            known = CentralTestData.load("test data", section, context);
            loaded.put(section, known);
        }
        terms.contract().misfit(known.test().orElseThrow()).ifPresent(reason -> {
            throw new IllegalArgumentException("test data: " + reason);
        });
        return Optional.of(known);
    }
}
