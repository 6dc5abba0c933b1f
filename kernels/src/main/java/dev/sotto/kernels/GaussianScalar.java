package dev.sotto.kernels;

import static dev.sotto.kernels.FusedMultiplyAdd.fma;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.function.IntSupplier;

/** One pair at a time. */
final class GaussianScalar implements GaussianTransform {
    /** 1.5 x 2^23: so many units of a grid, added and taken again, round up to 2^22 units to the nearest whole number. */
    static final float ROUNDER = 0x1.8p23f;

    /** An upper word that has more bits than these is enough: radii are then less than 1e-6 apart. */
    static final int SMALL_BITS = 19;

    static final int BITS_OF_1 = 0x3F800000;
    static final int BITS_OF_2_31 = 0x4F000000;

    /** The bits of a float below its exponent. */
    static final int MANTISSA = 0x7FFFFF;

    static final float MINUS_2_LN2 = (float) (-2 * Math.log(2) * 0x1p-23);

    /**
     * (2 ln(2) (m - 1) - 2 ln(m)) / h for mantissas m = 2 + h, in powers of h; minimax for the radius, which it puts off by
     * 5e-8. The last is such that it is 0 at m = 1 in floats too: where u rounds to 1 the logarithm must not be negative.
     */
    static final float L0 = 0.3862959f;

    static final float L1 = 0.25007057f;
    static final float L2 = -0.08239966f;
    static final float L3 = 0.036730602f;
    static final float L4 = 0.0042302064f;
    static final float L5 = 0.03320177f;
    static final float L6 = 0.022675341f;
    static final float L7 = 0.010798842f;

    /** From a signed 32-bit number to half a turn of radians. */
    static final float HALF_TURN = (float) (Math.PI * 0x1p-32);

    /** sin(x) / x - 1 in powers of x^2, minimax up to a quarter turn: off by 6e-9. */
    static final float S2 = -0.166666596f;

    static final float S4 = 8.33306624e-3f;
    static final float S6 = -1.98096028e-4f;
    static final float S8 = 2.60578029e-6f;

    /** cos(x) - 1, likewise: off by 5e-8. */
    static final float C2 = -0.499999323f;

    static final float C4 = 4.16639894e-2f;
    static final float C6 = -1.38559270e-3f;
    static final float C8 = 2.31943825e-5f;

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    @Override
    public void addNoise(
            byte[] words,
            IntSupplier lower,
            float[] radii,
            float[] values,
            int from,
            int to,
            float std,
            float grid,
            float scale) {
        checkRanges(words, radii, values, from, to);
        pairs(words, lower, values, from, to, 0, std, ROUNDER * grid, scale);
    }

    static void checkRanges(byte[] words, float[] radii, float[] values, int from, int to) {
        Objects.checkFromToIndex(from, to, values.length);
        int half = (to - from + 1) / 2;
        Objects.checkFromIndexSize(0, half, radii.length);
        Objects.checkFromIndexSize(0, 2 * Integer.BYTES * half, words.length);
    }

    /** The pairs from number {@code first} on. */
    static void pairs(
            byte[] words,
            IntSupplier lower,
            float[] values,
            int from,
            int to,
            int first,
            float std,
            float rounder,
            float scale) {
        int half = (to - from + 1) / 2;
        for (int i = first; i < half; i++) {
            int upper = word(words, i);
            float length = radius(upper >>> SMALL_BITS == 0 ? small(upper, lower.getAsInt()) : upper >>> 1);
            int angle = word(words, half + i);
            float radius = angle < 0 ? -length : length;
            float x = (angle << 1) * HALF_TURN;
            float y = x * x;
            float cosine = fma(fma(fma(fma(std * C8, y, std * C6), y, std * C4), y, std * C2), y, std);
            float sine = fma(fma(fma(fma(std * S8, y, std * S6), y, std * S4), y, std * S2), y, std);
            int at = from + i;
            values[at] = (fma(radius, cosine, finite(values[at])) + rounder - rounder) * scale;
            if (at + half < to) {
                values[at + half] = (fma(radius * x, sine, finite(values[at + half])) + rounder - rounder) * scale;
            }
        }
    }

    private static float finite(float value) {
        return Math.abs(value) <= Float.MAX_VALUE ? value : 0;
    }

    static void clearNotFinite(float[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            values[i] = finite(values[i]);
        }
    }

    static int word(byte[] words, int index) {
        return (int) WORDS.get(words, Integer.BYTES * index);
    }

    /** A uniform number whose upper half is no more than a float holds, in units of 2^-31. */
    static float small(int upper, int lower) {
        return upper * 0.5f + ((lower >>> 8) * 0x1p-25f + ((lower & 0xFF) + 0.5f) * 0x1p-33f);
    }

    /**
     * sqrt(-2 ln(u)) of a uniform number in units of 2^-31. A float's bits, as a whole number, are its binary logarithm but
     * for what the polynomial adds: that of the mantissa less the line through its ends.
     */
    static float radius(float uniform) {
        int bits = Float.floatToRawIntBits(uniform);
        float h = Float.intBitsToFloat(bits & MANTISSA | BITS_OF_1) - 2;
        float high = fma(fma(fma(L7, h, L6), h, L5), h, L4);
        float series = fma(fma(fma(fma(high, h, L3), h, L2), h, L1), h, L0);
        return (float) Math.sqrt(fma(bits - BITS_OF_2_31, MINUS_2_LN2, h * series));
    }

    @Override
    public void snap(float[] values, int from, float[] noise, int count, float std, float grid, float scale) {
        Objects.checkFromIndexSize(from, count, values.length);
        snapFrom(0, values, from, noise, count, std, ROUNDER * grid, scale);
    }

    static void snapFrom(
            int first, float[] values, int from, float[] noise, int count, float std, float rounder, float scale) {
        for (int i = first; i < count; i++) {
            values[from + i] = (fma(noise[i], std, finite(values[from + i])) + rounder - rounder) * scale;
        }
    }
}
