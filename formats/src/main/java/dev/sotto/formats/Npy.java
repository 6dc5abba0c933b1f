package dev.sotto.formats;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One array in NumPy's .npy format (NEP 1): magic, version, header length, a Python dict literal padded with spaces to
 * a multiple of 64 bytes, then the numbers.
 */
final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;
    /** NumPy leaves room for the first dimension to grow to this many digits without moving the data. */
    private static final int GROWTH_DIGITS = 21;

    private static final int LONGEST_HEADER = 1 << 16;

    private Npy() {}

    /** Writes version 1.0, little-endian float32, C order. */
    static void write(Tensor tensor, OutputStream out) throws IOException {
        out.write(header(tensor.shape()));
        Output.floats(tensor.data(), out);
    }

    private static byte[] header(List<Integer> shape) {
        String tuple = shape.stream().map(String::valueOf).collect(Collectors.joining(", "));
        String dict =
                "{'descr': '<f4', 'fortran_order': False, 'shape': (" + tuple + (shape.size() == 1 ? ",), }" : "), }");
        if (!shape.isEmpty()) {
            dict += " "
                    .repeat(Math.max(
                            0, GROWTH_DIGITS - String.valueOf(shape.get(0)).length()));
        }
        int unpadded = MAGIC.length + 4 + dict.length() + 1;
        dict += " ".repeat(Math.floorMod(-unpadded, ALIGNMENT)) + "\n";
        byte[] header = new byte[MAGIC.length + 4 + dict.length()];
        System.arraycopy(MAGIC, 0, header, 0, MAGIC.length);
        header[6] = 1;
        header[8] = (byte) dict.length();
        header[9] = (byte) (dict.length() >>> 8);
        System.arraycopy(dict.getBytes(StandardCharsets.US_ASCII), 0, header, 10, dict.length());
        return header;
    }

    /**
     * Reads versions 1 to 3 with float32 or float64 (narrowed), little-endian, C order.
     *
     * @param limit most bytes of numbers
     */
    static Tensor read(String name, Input in, long limit) throws IOException {
        byte[] magic = in.exactly(8, "the .npy magic number and version");
        for (int i = 0; i < MAGIC.length; i++) {
            if (magic[i] != MAGIC[i]) {
                throw in.fail(i, "not a .npy array: it does not begin with \\x93NUMPY");
            }
        }
        int version = magic[6] & 0xff;
        if (version < 1 || version > 3) {
            throw in.fail(6, ".npy version " + version + "; versions 1 to 3 can be read");
        }
        long length = 0;
        for (int i = 0; i < (version == 1 ? 2 : 4); i++) {
            length |= (long) in.u8("the header length") << (8 * i);
        }
        if (length > LONGEST_HEADER) {
            throw in.fail(8, "a header of " + length + " bytes; at most " + LONGEST_HEADER + " are read");
        }
        String text = new String(in.exactly(length, "the header"), StandardCharsets.UTF_8);
        NpyHeader header = NpyHeader.parse(text, in);
        if (header.fortran() && header.shape().size() > 1) {
            throw in.fail("fortran_order is True; save the array in C order (numpy.ascontiguousarray)");
        }
        long bytes = (long) header.count() * header.width();
        if (bytes > limit) {
            throw in.fail("shape " + header.shape() + " needs " + bytes + " bytes; at most " + limit + " are left");
        }
        float[] data = in.floats(header.count(), header.width(), "the array");
        in.end("the array");
        return new Tensor(name, header.shape(), data);
    }
}
