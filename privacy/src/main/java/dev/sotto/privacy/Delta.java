package dev.sotto.privacy;

/** The probability with which the bound epsilon may fail: in (0, 1), in practice well below one over the number of records. */
public record Delta(double value) {
    /** Checks the range; an {@link IllegalArgumentException} names the value and the range. */
    public Delta {
        Require.openUnit("delta", value);
    }

    /** The default for that many units: the largest power of ten below 1/n. */
    public static Delta below(int units) {
        int power = 1;
        while (Math.pow(10, -power) >= 1.0 / units) {
            power++;
        }
        return new Delta(Double.parseDouble("1e-" + power));
    }

    @Override
    public String toString() {
        return Double.toString(value);
    }
}
