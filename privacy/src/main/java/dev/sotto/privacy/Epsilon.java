package dev.sotto.privacy;

/** The privacy loss bound of (epsilon, delta)-differential privacy: finite, 0 or above. */
public record Epsilon(double value) {
    /** Checks the range; an {@link IllegalArgumentException} names the value and the range. */
    public Epsilon {
        Require.nonNegative("epsilon", value);
    }

    @Override
    public String toString() {
        return Double.toString(value);
    }
}
