package dev.sotto.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.privacy.NeighbouringRelation;
import java.util.Optional;

/**
 * Shares of examples that are set aside, where neighbours differ in how many examples there are. Which ones are set aside
 * follows from their number: with one fewer, others are trained on, and what protects one example protects no several.
 */
public final class SetAside {
    /** The end of a line that names what sets a share aside. */
    static final String REASON =
            "it must be 0 under add-or-remove-one: which examples are set aside follows from how many"
                    + " there are, so with one fewer others would be trained on; use relation: zero-out, or public test data";

    private SetAside() {}

    /**
     * Why data cannot be had with what it sets aside; empty if it can.
     *
     * @param relation of those who are protected
     * @param data the section, resolved
     */
    public static Optional<String> misfit(NeighbouringRelation relation, JsonNode data) {
        if (relation != NeighbouringRelation.ADD_OR_REMOVE_ONE) {
            return Optional.empty();
        }
        for (String key : new String[] {"test-fraction", "validation-fraction"}) {
            if (data.path(key).asDouble(0) > 0) {
                return Optional.of("data." + key + ": " + REASON);
            }
        }
        return Optional.empty();
    }
}
