package dev.sotto.privacy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * What is clipped: each example's gradient, or the gradient of the whole batch at once. One example moves a clipped batch
 * gradient by up to twice the clipping norm, so the second needs twice the noise for the same guarantee.
 */
public enum ClipPer {
    EXAMPLE("example"),
    BATCH("batch");

    private final String label;

    ClipPer(String label) {
        this.label = label;
    }

    /** The word that files and flags use. */
    @JsonValue
    public String label() {
        return label;
    }

    /** The value of a label, "example" or "batch". */
    @JsonCreator
    public static ClipPer parse(String label) {
        for (ClipPer value : values()) {
            if (value.label.equals(label)) {
                return value;
            }
        }
        throw new IllegalArgumentException("clip-per is '" + label + "'; it must be example or batch");
    }
}
