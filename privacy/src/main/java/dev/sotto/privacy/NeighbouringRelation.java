package dev.sotto.privacy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Which two data sets count as neighbours. A guarantee is a statement about neighbours, so epsilons under different
 * relations are different quantities and never compare.
 */
public enum NeighbouringRelation {
    /** One unit more or less; the size of the data set is itself protected. */
    ADD_OR_REMOVE_ONE("add-or-remove-one"),
    /** One unit becomes any other; the size is public. Two clipped contributions can lie 2C apart. */
    REPLACE_ONE("replace-one"),
    /** One unit becomes a null unit that contributes zero; the size is public. */
    ZERO_OUT("zero-out");

    private final String label;

    NeighbouringRelation(String label) {
        this.label = label;
    }

    /** The kebab-case name that files and flags use. */
    @JsonValue
    public String label() {
        return label;
    }

    /**
     * The relation of a kebab-case name.
     *
     * @throws IllegalArgumentException naming the valid names
     */
    @JsonCreator
    public static NeighbouringRelation parse(String label) {
        return Arrays.stream(values())
                .filter(relation -> relation.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("neighbouring relation is '" + label
                        + "'; it must be one of "
                        + Arrays.stream(values())
                                .map(NeighbouringRelation::label)
                                .collect(Collectors.joining(", "))));
    }
}
