package dev.sotto.privacy;

/** Standard deviation of the noise over the clipping norm: finite, above 0. What it means for epsilon depends on the neighbouring relation. */
public record NoiseMultiplier(double value) {
    /** Checks the range; an {@link IllegalArgumentException} names the value and the range. */
    public NoiseMultiplier {
        Require.positive("noise multiplier", value);
    }

    @Override
    public String toString() {
        return Double.toString(value);
    }
}
