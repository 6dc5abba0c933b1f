package dev.sotto.kernels;

/**
 * Which values are normalised together and which share a scale. An example is {@code segments} runs of consecutive values,
 * each normalised alone; a segment is {@code groups} runs of {@code run} values that share a scale and a shift.
 *
 * @param shared true if every segment uses the same {@code groups} scales (layer norm); false if each has its own (group
 *     norm)
 * @param epsilon added to the variance
 */
public record Normalisation(int segments, int groups, int run, boolean shared, float epsilon) {
    /** Values of one segment. */
    public int segment() {
        return groups * run;
    }

    /** Scales, and as many shifts. */
    public int parameters() {
        return shared ? groups : segments * groups;
    }

    /** The first scale of a segment. */
    int firstParameter(int segment) {
        return shared ? 0 : segment * groups;
    }
}
