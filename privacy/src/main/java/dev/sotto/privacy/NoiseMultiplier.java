package dev.sotto.privacy;

/**
 * Standard deviation of the noise over the clipping norm: finite, 0 or above; 0 is clipping alone and protects nobody. What
 * it means for epsilon depends on the neighbouring relation.
 */
public record NoiseMultiplier(double value) {
    /** Checks the range; an {@link IllegalArgumentException} names the value and the range. */
    public NoiseMultiplier {
        Require.nonNegative("noise multiplier", value);
    }

    @Override
    public String toString() {
        return Double.toString(value);
    }
}
