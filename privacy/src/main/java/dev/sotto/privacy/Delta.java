package dev.sotto.privacy;

/** The probability with which the bound epsilon may fail: in (0, 1), in practice well below one over the number of records. */
public record Delta(double value) {
    /** Checks the range; an {@link IllegalArgumentException} names the value and the range. */
    public Delta {
        Require.openUnit("delta", value);
    }

    @Override
    public String toString() {
        return Double.toString(value);
    }
}
