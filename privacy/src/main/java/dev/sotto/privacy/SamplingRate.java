package dev.sotto.privacy;

/** The probability with which each unit takes part in a step: in (0, 1]. */
public record SamplingRate(double value) {
    /** Checks the range; an {@link IllegalArgumentException} names the value and the range. */
    public SamplingRate {
        Require.rate("sampling rate", value);
    }

    @Override
    public String toString() {
        return Double.toString(value);
    }
}
