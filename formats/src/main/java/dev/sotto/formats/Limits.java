package dev.sotto.formats;

/**
 * How much a parser may take from a stranger's file.
 *
 * @param bytes most bytes of decoded content (after decompression), at least 1
 * @param tensors most tensors in a file, at least 1
 */
public record Limits(long bytes, int tensors) {
    public Limits {
        if (bytes < 1 || tensors < 1) {
            throw new IllegalArgumentException("limits must be at least 1, not " + bytes + " bytes, " + tensors);
        }
    }

    /** 2 GiB and 10,000 tensors. */
    public static Limits standard() {
        return new Limits(1L << 31, 10_000);
    }
}
