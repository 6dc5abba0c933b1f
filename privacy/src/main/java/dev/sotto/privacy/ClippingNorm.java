package dev.sotto.privacy;

/** The largest L2 norm that one contribution keeps: finite, above 0. */
public record ClippingNorm(double value) {
    /** Checks the range; an {@link IllegalArgumentException} names the value and the range. */
    public ClippingNorm {
        Require.positive("clipping norm", value);
    }

    @Override
    public String toString() {
        return Double.toString(value);
    }
}
