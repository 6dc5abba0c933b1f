package dev.sotto.formats;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The binary version of CIFAR-10 (Krizhevsky): records of a label byte and 3072 pixel bytes, the red plane first, then
 * green, then blue, each 32 rows of 32. Gzipped or not. Thread-safe: no state.
 */
public final class Cifar {
    private static final int PIXELS = 3 * 32 * 32;
    private static final int RECORD = 1 + PIXELS;

    private Cifar() {}

    /** Labels and pixels of the same records, pixels as (record, channel, y, x); the arrays are not copied. */
    public static final class Records {
        private final byte[] labels;
        private final byte[] pixels;

        Records(byte[] labels, byte[] pixels) {
            this.labels = labels;
            this.pixels = pixels;
        }

        public int size() {
            return labels.length;
        }

        public byte[] labels() {
            return labels;
        }

        public byte[] pixels() {
            return pixels;
        }
    }

    /** Reads with {@link Limits#standard()} and 10 classes. */
    public static Records read(Path file) throws IOException {
        return read(file, 10, Limits.standard());
    }

    /**
     * Reads a whole file.
     *
     * @param classes labels must be below this
     * @throws FormatException if the size is not a whole number of records, or a label is outside the classes
     */
    public static Records read(Path file, int classes, Limits limits) throws IOException {
        byte[] all;
        try (Input in = Input.open(file)) {
            all = in.upTo(Math.min(limits.bytes(), Integer.MAX_VALUE - 8));
            in.end("the " + limits.bytes() + " that are read at most");
            if (all.length == 0 || all.length % RECORD != 0) {
                throw in.fail(all.length + " bytes are not a whole number of CIFAR records of " + RECORD
                        + " (a label and 3x32x32 pixels)");
            }
            byte[] labels = new byte[all.length / RECORD];
            byte[] pixels = new byte[labels.length * PIXELS];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = all[i * RECORD];
                if ((labels[i] & 0xff) >= classes) {
                    throw in.fail(
                            (long) i * RECORD,
                            "label " + (labels[i] & 0xff) + " of record " + i + " is outside the " + classes
                                    + " classes (0 to " + (classes - 1) + ")");
                }
                System.arraycopy(all, i * RECORD + 1, pixels, i * PIXELS, PIXELS);
            }
            return new Records(labels, pixels);
        }
    }
}
