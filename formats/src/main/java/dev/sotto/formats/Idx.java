package dev.sotto.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The IDX format of MNIST (LeCun, Cortes, Burges): two zero bytes, a type, the number of dimensions, each dimension as
 * a big-endian int, then the values. Unsigned bytes (type 0x08) are read, gzipped or not. Thread-safe: no state.
 */
public final class Idx {
    private static final int UNSIGNED_BYTE = 0x08;
    private static final int MOST_DIMENSIONS = 8;

    private Idx() {}

    /** An array of unsigned bytes; the array is not copied. */
    public static final class Bytes {
        private final List<Integer> dims;
        private final byte[] data;

        Bytes(List<Integer> dims, byte[] data) {
            this.dims = List.copyOf(dims);
            this.data = data;
        }

        /** Outermost first: (images, height, width), or (labels). */
        public List<Integer> dims() {
            return dims;
        }

        public byte[] data() {
            return data;
        }
    }

    /** Reads with {@link Limits#standard()}. */
    public static Bytes read(Path file) throws IOException {
        return read(file, Limits.standard());
    }

    /**
     * Reads a whole file.
     *
     * @throws FormatException if the header is wrong, or there are fewer or more bytes than it promises
     */
    public static Bytes read(Path file, Limits limits) throws IOException {
        try (Input in = Input.open(file)) {
            byte[] magic = in.exactly(4, "the IDX magic number");
            int rank = magic[3];
            if (magic[0] != 0 || magic[1] != 0 || rank < 1 || rank > MOST_DIMENSIONS) {
                throw in.fail(
                        0,
                        "not an IDX file: it begins with "
                                + HexFormat.ofDelimiter(" ").formatHex(magic) + ", not 00 00 08 and 01 to 08");
            }
            if (magic[2] != UNSIGNED_BYTE) {
                throw in.fail(
                        2,
                        "IDX values of type 0x" + Integer.toHexString(magic[2] & 0xff)
                                + "; unsigned bytes (0x8) can be read");
            }
            List<Integer> dims = new ArrayList<>();
            long count = 1;
            for (int d = 0; d < rank; d++) {
                long dim = 0;
                for (byte b : in.exactly(4, "dimension " + d)) {
                    dim = (dim << 8) | (b & 0xff);
                }
                if (dim > Integer.MAX_VALUE || count * dim > limits.bytes()) {
                    throw in.fail("dimensions " + dims + " and " + dim + ": more than " + limits.bytes() + " bytes");
                }
                dims.add((int) dim);
                count *= dim;
            }
            byte[] data = in.exactly(count, "the values " + dims);
            in.end("the values " + dims);
            return new Bytes(dims, data);
        }
    }
}
