package dev.sotto.formats;

import java.nio.ByteBuffer;
import java.util.Map;

/** Number types of PyTorch's storages, each read as a float. */
enum TorchType {
    DOUBLE(8),
    FLOAT(4),
    HALF(2),
    BFLOAT16(2),
    LONG(8),
    INT(4),
    SHORT(2),
    CHAR(1),
    BYTE(1),
    BOOL(1);

    private static final Map<String, TorchType> STORAGES = Map.of(
            "DoubleStorage", DOUBLE,
            "FloatStorage", FLOAT,
            "HalfStorage", HALF,
            "BFloat16Storage", BFLOAT16,
            "LongStorage", LONG,
            "IntStorage", INT,
            "ShortStorage", SHORT,
            "CharStorage", CHAR,
            "ByteStorage", BYTE,
            "BoolStorage", BOOL);
    /** Beyond this a float skips whole numbers. */
    private static final long EXACT = 1L << 24;

    private final int width;

    TorchType(int width) {
        this.width = width;
    }

    /** The type of a storage class, such as {@code FloatStorage}; null for others. */
    static TorchType ofStorage(String name) {
        return STORAGES.get(name);
    }

    /** Bytes of a number. */
    int width() {
        return width;
    }

    /** Whether the numbers are whole. */
    boolean isWhole() {
        return switch (this) {
            case LONG, INT, SHORT, CHAR, BYTE -> true;
            case DOUBLE, FLOAT, HALF, BFLOAT16, BOOL -> false;
        };
    }

    /**
     * A number, little-endian.
     *
     * @throws ArithmeticException if it is whole and a float cannot hold it
     */
    float read(ByteBuffer from, int index) {
        int at = index * width;
        return switch (this) {
            case DOUBLE -> (float) from.getDouble(at);
            case FLOAT -> from.getFloat(at);
            case HALF -> half(from.getShort(at));
            case BFLOAT16 -> Float.intBitsToFloat(from.getShort(at) << 16);
            case LONG -> exact(from.getLong(at));
            case INT -> exact(from.getInt(at));
            case SHORT -> from.getShort(at);
            case CHAR -> from.get(at);
            case BYTE -> from.get(at) & 0xff;
            case BOOL -> from.get(at) == 0 ? 0 : 1;
        };
    }

    private static float exact(long value) {
        if (value > EXACT || value < -EXACT) {
            throw new ArithmeticException("the whole number " + value + " is more than a float can hold exactly");
        }
        return value;
    }

    /** IEEE 754 binary16. */
    static float half(short bits) {
        int sign = bits < 0 ? -1 : 1;
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        float size = exponent == 0
                ? fraction * 0x1p-24f
                : exponent == 0x1f
                        ? (fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN)
                        : Math.scalb(1 + fraction * 0x1p-10f, exponent - 15);
        return sign * size;
    }
}
